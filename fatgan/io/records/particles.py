"""A block of events as flat arrays of particles: what every record format is read into."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

OTHER, FINAL, BEAM = 0, 1, 4
"""Roles of particles, whatever status codes their format has."""


@dataclass(frozen=True)
class Particles:
    """N particles in n events.

    A format may leave out what nobody asks for: needed are the beams, and of the final state
    the leptons.

    Parameters
    ----------
    counts
        Particles of each event, int64 (n,); their sum is N.
    pdg
        Particle ids of the Particle Data Group, int32 (N,).
    role
        :data:`BEAM`, :data:`FINAL` or :data:`OTHER`, int8 (N,).
    momenta
        px, py, pz, E in GeV, float64 (4, N).
    weight
        Weight of each event, (n,); None in formats without.
    scattered
        Which particle of its event the scattered lepton is, counted from 0, int64 (n,); -1 where
        the format or its links do not say it; None in formats that never do.
    further
        Further columns by name, each (n,): conditions that fatgan wrote.
    """

    counts: NDArray[np.int64]
    pdg: NDArray[np.int32]
    role: NDArray[np.int8]
    momenta: NDArray[np.float64]
    weight: NDArray[np.float64] | None = None
    scattered: NDArray[np.int64] | None = None
    further: Mapping[str, NDArray[np.float64]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.counts)

    @cached_property
    def starts(self) -> NDArray[np.int64]:
        """Where each event's particles begin in the flat arrays, (n,)."""
        return np.cumsum(self.counts) - self.counts

    @cached_property
    def event(self) -> NDArray[np.intp]:
        """Event of each particle, counted from 0 in the block, (N,)."""
        return np.repeat(np.arange(len(self.counts)), self.counts)

    def first(self, n: int) -> Particles:
        """Return the first n events."""
        end = int(self.counts[:n].sum())
        return Particles(
            self.counts[:n],
            self.pdg[:end],
            self.role[:end],
            self.momenta[:, :end],
            None if self.weight is None else self.weight[:n],
            None if self.scattered is None else self.scattered[:n],
            {name: values[:n] for name, values in self.further.items()},
        )
