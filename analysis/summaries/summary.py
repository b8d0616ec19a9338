"""The summary of a sample: all that scores of binned data need, in one pass over its events."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from functools import reduce
from operator import add

import numpy as np
from numpy.typing import NDArray

from analysis.summaries.content import Content
from analysis.summaries.grid import Grid
from fatgan.events import EventTable, Fiducial
from fatgan.events.bounds import violations

Array = NDArray[np.float64]

ORDERS = (1, 2, 3, 4, 5, 6)
EDGE = 0.01
"""The population near the Q2 edge is that within 1 % above it."""


@dataclass(frozen=True)
class Harmonics:
    """Sums over events of w, w^2, and of z = exp(i n phi), n = 1 to 6: w z, w^2 z, w^2 z^2."""

    w: float
    w2: float
    z: NDArray[np.complex128]
    w2_z: NDArray[np.complex128]
    w2_z2: NDArray[np.complex128]

    def __add__(self, other: Harmonics) -> Harmonics:
        return Harmonics(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @classmethod
    def of(cls, table: EventTable) -> Harmonics:
        """Sum over the events of a table."""
        w = np.ones(len(table)) if table.weights is None else table.weights
        first = np.exp(1j * table["phi"])
        z, sums = np.ones_like(first), []
        for _ in ORDERS:
            z = z * first
            sums.append((z @ w, z @ w**2, z**2 @ w**2))
        return cls(float(w.sum()), float(w @ w), *np.array(sums).T)

    @property
    def means(self) -> NDArray[np.complex128]:
        """The mean of exp(i n phi), one per order."""
        return self.z / self.w

    def covariances(self) -> Array:
        """Return those of real and imaginary part of one event's share, shape (orders, 2, 2).

        Divided by w^2 they are the covariances of the means.
        """
        c = self.means
        # second moments of z - c about zero, weighted with w^2
        plain = self.w2 - 2 * (np.conj(c) * self.w2_z).real + abs(c) ** 2 * self.w2  # |z - c|^2
        square = self.w2_z2 - 2 * c * self.w2_z + c**2 * self.w2  # (z - c)^2
        real, imaginary = (plain + square.real) / 2, (plain - square.real) / 2
        mixed = square.imag / 2
        rows = np.stack([np.stack([real, mixed]), np.stack([mixed, imaginary])])
        return np.moveaxis(rows, -1, 0)


@dataclass(frozen=True)
class Summary:
    """Sums over a sample.

    ``outside`` counts events (without weights) by bound; ``near_edge`` holds the numbers, sums
    of weights and of their squares of the events within 1 % above the Q2 edge.
    """

    spectra: dict[str, Content]
    plane: Content
    harmonics: Harmonics
    outside: dict[str, int]
    near_edge: Array
    events: int

    def __add__(self, other: Summary) -> Summary:
        return Summary(
            {name: content + other.spectra[name] for name, content in self.spectra.items()},
            self.plane + other.plane,
            self.harmonics + other.harmonics,
            {name: count + other.outside[name] for name, count in self.outside.items()},
            self.near_edge + other.near_edge,
            self.events + other.events,
        )


def summarise(chunks: Iterable[EventTable], grid: Grid, fiducial: Fiducial) -> Summary:
    """Return the summary of all events of a stream of tables."""
    return reduce(add, (_summary(table, grid, fiducial) for table in chunks if len(table)))


def _summary(table: EventTable, grid: Grid, fiducial: Fiducial) -> Summary:
    spectra = {
        name: Content.of(cells.values(table), table.weights, cells.edges)
        for name, cells in grid.spectra.items()
    }
    cells, number = grid.plane_cells(table)
    plane = Content.of(cells.astype(float), table.weights, np.arange(1.0, number))
    w = np.ones(len(table)) if table.weights is None else table.weights
    Q2 = table["Q2"]
    edge = w[(Q2 >= fiducial.Q2_min) & (Q2 < (1 + EDGE) * fiducial.Q2_min)]
    return Summary(
        spectra,
        plane,
        Harmonics.of(table),
        _outside(table, fiducial),
        np.array([len(edge), edge.sum(), edge @ edge]),
        len(table),
    )


def _outside(table: EventTable, fiducial: Fiducial) -> dict[str, int]:
    counts = {f"outside {bound}": count for bound, count in violations(table).items()}
    for observable, edge in (("Q2", fiducial.Q2_min), ("W2", fiducial.W2_min)):
        counts[f"below {observable} edge"] = int(np.count_nonzero(~(table[observable] >= edge)))
    if fiducial.cut is not None:
        counts["outside declared cut"] = int(np.count_nonzero(~fiducial.passes_cut(table)))
    return counts
