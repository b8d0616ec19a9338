"""Blocks of particles from formats of text, event by event."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fatgan.io.records.particles import Particles

Line = tuple[int, int, Sequence[float]]
"""Id, role, and px, py, pz, E in GeV of a particle."""


class Builder:
    """Collects events and gives them as one block."""

    def __init__(self) -> None:
        self._counts: list[int] = []
        self._pdg: list[int] = []
        self._role: list[int] = []
        self._momenta: list[Sequence[float]] = []
        self._weight: list[float] = []
        self._further: list[Sequence[float]] = []

    def __len__(self) -> int:
        return len(self._counts)

    def add(
        self, particles: Sequence[Line], weight: float | None = None, further: Sequence[float] = ()
    ) -> None:
        """Append an event; a weight and further columns have all of a file's events, or none."""
        self._counts.append(len(particles))
        for pdg, role, momentum in particles:
            self._pdg.append(pdg)
            self._role.append(role)
            self._momenta.append(momentum)
        if weight is not None:
            self._weight.append(weight)
        self._further.append(further)

    def take(self, names: Sequence[str] = ()) -> Particles:
        """Return what has been collected, with these names of the further columns; begin anew."""
        momenta = np.array(self._momenta, np.float64).reshape(-1, 4).T
        further = np.array(self._further, np.float64).reshape(len(self), -1)
        block = Particles(
            np.array(self._counts, np.int64),
            np.array(self._pdg, np.int32),
            np.array(self._role, np.int8),
            np.ascontiguousarray(momenta),
            np.array(self._weight, np.float64) if self._weight else None,
            further={name: further[:, i] for i, name in enumerate(names)},
        )
        self.__init__()  # type: ignore[misc]
        return block
