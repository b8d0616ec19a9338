"""What a simulated sample is made of: blocks of events, and what its provenance says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from fatgan.errors import ConfigError
from fatgan.events.collision import Collision
from fatgan.events.table import EventTable
from fatgan.simulation.pythia import Block, BlockResult, pythia_version
from fatgan.simulation.settings import Cuts, Level, default_level, settings

BLOCK = 50_000
"""Events of one Pythia: large against its start-up (0.25 s), small against a sample."""

_SEEDS = 899_999_999
"""Pythia takes seeds from 1 to this."""


@dataclass(frozen=True)
class Sample:
    """A sample to be simulated; see :func:`fatgan.simulation.simulate` for the fields.

    Raises
    ------
    ConfigError
        A number out of range, or an unknown level or cuts.
    """

    n: int
    collision: Collision
    q2_min: float
    seed: int
    level: Level | None = None
    cuts: Cuts = "none"
    w2_min: float = 0.0

    def __post_init__(self) -> None:
        if self.n < 1 or self.seed < 0:
            raise ConfigError(
                f"n = {self.n} and seed = {self.seed}: n must be at least 1, seed at least 0"
            )
        if not 0 <= self.w2_min < self.collision.s:
            raise ConfigError(
                f"w2_min = {self.w2_min:g} GeV^2 is out of range: {self.collision.label} reaches "
                f"W2 up to {self.collision.s:.6g} GeV^2"
            )
        level = self.level or default_level(self.collision, self.w2_min)
        object.__setattr__(self, "level", level)
        self.settings()

    def settings(self) -> list[str]:
        """Return what Pythia is told."""
        return settings(self.collision, self.q2_min, self.level, self.cuts)

    def blocks(self) -> list[Block]:
        """Return the blocks of the sample, in order; each has its own seed."""
        return [
            Block(
                min(BLOCK, self.n - start),
                block_seed(self.seed, index),
                tuple(self.settings()),
                self.level == "hadron",
                self.collision.lepton_pdg,
                self.collision.beams,
                self.w2_min,
            )
            for index, start in enumerate(range(0, self.n, BLOCK))
        ]

    def request(self) -> dict[str, Any]:
        """Return what decides on the events, as plain values: the provenance but for results."""
        return {
            "generator": "Pythia",
            "version": pythia_version(),
            "process": "neutral-current DIS",
            "level": self.level,
            "cuts": self.cuts,
            "settings": self.settings(),
            "seed": self.seed,
            "block": BLOCK,
            "q2_min": self.q2_min,
            "w2_min": self.w2_min,
        }

    def table(self, results: Sequence[BlockResult]) -> EventTable:
        """Return the events of the blocks' results, in the collision's frame."""
        sigma, error = _mean_cross_section(results)
        provenance = {
            **self.request(),
            "events": self.n,
            "cross_section_pb": sigma,
            "cross_section_error_pb": error,
            "failed_and_redone": sum(result.failures for result in results),
            "below_w2_min": sum(result.below for result in results),
        }
        px, py, pz = np.concatenate([result.momenta for result in results]).T
        turned = self.collision.with_frame("proton")
        table = EventTable(px, py, pz, turned, provenance=provenance)
        return table.with_frame(self.collision.frame)


def block_seed(seed: int, index: int) -> int:
    """Return Pythia's seed for a block: no two blocks of one sample share it."""
    start = int(np.random.SeedSequence(seed).generate_state(1, np.uint64)[0])
    return 1 + (start + index) % _SEEDS


def _mean_cross_section(results: Sequence[BlockResult]) -> tuple[float, float]:
    """Return the blocks' mean cross-section and its error in pb."""
    counts = [len(result.momenta) for result in results]
    share = np.array(counts) / sum(counts)
    values = np.array([result.cross_section for result in results])
    errors = share * np.array([result.cross_section_error for result in results])
    return float(share @ values), math.hypot(*errors)
