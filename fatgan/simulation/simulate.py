"""Simulate a sample in blocks that any number of processes may share."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

import numpy as np

from fatgan.errors import ConfigError
from fatgan.events.collision import Collision
from fatgan.events.table import EventTable
from fatgan.simulation.pythia import Block, BlockResult, pythia_version, run_block
from fatgan.simulation.settings import Level, default_level, settings

BLOCK = 50_000
"""Events of one Pythia: large against its start-up (0.25 s), small against a sample."""

_SEEDS = 899_999_999
"""Pythia takes seeds from 1 to this."""

Progress = Callable[[int], None]


def simulate(
    n: int,
    collision: Collision,
    q2_min: float,
    seed: int,
    *,
    workers: int | None = None,
    level: Level | None = None,
    progress: Progress | None = None,
) -> EventTable:
    """Return scattered electrons of neutral-current DIS from Pythia 8 (needs ``fatgan[pythia]``).

    The events depend on ``seed`` alone, not on the number of workers; fewer events are the first
    of more. With several workers a script must call this under ``if __name__ == "__main__":``.

    Parameters
    ----------
    n
        Number of events.
    collision
        Beams; the events are returned in its frame.
    q2_min
        Lower edge in Q2, GeV^2.
    seed
        Any integer from 0.
    workers
        Processes; default: the number of cores.
    level
        ``"process"`` stops at the hard process, ``"hadron"`` runs the full chain. Default:
        process at colliders, hadron on a proton at rest; see the notes.
    progress
        Called with the number of events done since its last call.

    Raises
    ------
    ConfigError
        A number out of range, or beams that Pythia refuses.
    MissingExtraError
        Pythia is not installed.

    Notes
    -----
    What the level means for the scattered electron (Pythia 8.317.2; largest Kolmogorov-Smirnov
    distance over pz, pT, E', Q2, x, y, W2):

    * Colliders: process and hadron level of the *same* 60,000 events differ by 0.0011 at
      27.5x920 (Q2 > 4) and 0.0008 at 5x41 (Q2 > 1), because showers move 0.6 % and 0.2 % of the
      electrons; independent samples of 100,000 agree at 27.5x920 (p from 0.15 to 1.0). Hence the
      default, which is about 10 times faster.
    * 11 GeV on a proton at rest: 0.042 (p = 4e-78). Hadronisation fails at low W, which removes
      4.5 % of the events and leaves W2 > 1.65, while the process level goes on below the
      inelastic threshold and, in a few rows of 100,000, beyond x = 1. Hence the full chain.

    Failed events are generated anew and counted in the provenance.
    """
    if n < 1 or seed < 0:
        raise ConfigError(f"n = {n} and seed = {seed}: n must be at least 1, seed at least 0")
    level = level or default_level(collision)
    lines = tuple(settings(collision, q2_min, level))
    hadronised, lepton = level == "hadron", collision.lepton_pdg
    blocks = [
        Block(min(BLOCK, n - start), block_seed(seed, index), lines, hadronised, lepton)
        for index, start in enumerate(range(0, n, BLOCK))
    ]
    workers = min(workers or os.cpu_count() or 1, len(blocks))
    results = (
        _in_processes(blocks, workers, progress)
        if workers > 1
        else [run_block(block, progress) for block in blocks]
    )
    sigma, error = _cross_section(results, blocks)
    provenance = {
        "generator": "Pythia",
        "version": pythia_version(),
        "process": "neutral-current DIS",
        "level": level,
        "settings": list(lines),
        "seed": seed,
        "block": BLOCK,
        "q2_min": q2_min,
        "cross_section_pb": sigma,
        "cross_section_error_pb": error,
        "failed_and_redone": sum(result.failures for result in results),
    }
    px, py, pz = np.concatenate([result.momenta for result in results]).T
    table = EventTable(px, py, pz, collision.with_frame("proton"), provenance=provenance)
    return table.with_frame(collision.frame)


def block_seed(seed: int, index: int) -> int:
    """Return Pythia's seed for a block: no two blocks of one sample share it."""
    start = int(np.random.SeedSequence(seed).generate_state(1, np.uint64)[0])
    return 1 + (start + index) % _SEEDS


def _in_processes(
    blocks: Sequence[Block], workers: int, progress: Progress | None
) -> list[BlockResult]:
    # "spawn": a forked child would inherit the threads of TensorFlow in an unknown state.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context) as pool:
        futures = {pool.submit(run_block, block): block.n for block in blocks}
        try:
            for future in as_completed(futures):
                future.result()
                if progress is not None:
                    progress(futures[future])
        except BrokenProcessPool:
            raise ConfigError(
                "a worker process of the simulation died at its start: call simulate under "
                'if __name__ == "__main__": in a script, or with workers=1'
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)
        return [future.result() for future in futures]


def _cross_section(results: Sequence[BlockResult], blocks: Sequence[Block]) -> tuple[float, float]:
    """Return the blocks' mean cross-section and its error in pb."""
    share = np.array([block.n for block in blocks]) / sum(block.n for block in blocks)
    values = np.array([result.cross_section for result in results])
    errors = np.array([result.cross_section_error for result in results])
    return float(share @ values), float(np.sqrt(np.sum((share * errors) ** 2)))
