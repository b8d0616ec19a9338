"""Quantile cells: regions that hold equal shares of the truth, and how far a sample is from that.

After A. Butter et al., arXiv:2008.06545.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from fatgan import EventTable

Array = NDArray[np.float64]

LINE = 50
"""Cells of one observable."""
OBSERVABLES = ("Q2", "x", "y", "W2", "pT", "E", "theta", "pz")
PLANE = (3, 7, 14, 32, 70)
"""Cells along each of x and Q2: from 9 to 4,900 of them."""
TAIL = 1e-3
TAILS = ("Q2", "pT")


class Cells:
    """Cells of one or two observables; those of the second are quantiles within each slab."""

    def __init__(self, truth: EventTable, names: tuple[str, ...], along: int) -> None:
        self.names, self.along = names, along
        self.size = along ** len(names)
        self._edges = [_quantiles(truth[names[0]], along)]
        if len(names) == 2:
            slab = np.searchsorted(self._edges[0], truth[names[0]], "right")
            second = truth[names[1]]
            self._edges += [_quantiles(second[slab == i], along) for i in range(along)]

    def counts(self, table: EventTable) -> NDArray[np.int64]:
        """Return the number of events in each cell, shape (size,)."""
        first = np.searchsorted(self._edges[0], table[self.names[0]], "right")
        if len(self.names) == 1:
            return np.bincount(first, minlength=self.along)
        second = table[self.names[1]]
        parts = []
        for i, edges in enumerate(self._edges[1:]):
            inside = np.searchsorted(edges, second[first == i], "right")
            parts.append(np.bincount(inside, minlength=self.along))
        return np.concatenate(parts)

    def deviation(self, table: EventTable) -> float:
        """Return the mean squared relative deviation of the cells' shares from 1 / size.

        That of n events of the truth is (size - 1) / n in the mean.
        """
        shares = self.counts(table) / len(table)
        return float(np.mean((shares * self.size - 1) ** 2))


def _quantiles(column: Array, parts: int) -> Array:
    return np.quantile(column, np.arange(1, parts) / parts)


class Measured(NamedTuple):
    """What is known of a sample: deviations by cells, rates by tails relative to truth's."""

    cells: dict[str, float]
    tails: dict[str, float]


class Measure:
    """All cells and tails of a truth."""

    def __init__(self, truth: EventTable) -> None:
        self._cells = {name: Cells(truth, (name,), LINE) for name in OBSERVABLES}
        for along in PLANE:
            self._cells[plane(along)] = Cells(truth, ("x", "Q2"), along)
        self._tails = {name: float(np.quantile(truth[name], 1 - TAIL)) for name in TAILS}

    def __call__(self, table: EventTable) -> Measured:
        """Measure a sample."""
        return Measured(
            {name: cells.deviation(table) for name, cells in self._cells.items()},
            {name: float(np.mean(table[name] > at)) / TAIL for name, at in self._tails.items()},
        )


def plane(along: int) -> str:
    """Return the name of the cells in x and Q2."""
    return f"x-Q2, {along} x {along}"


def size(name: str) -> int:
    """Return the number of cells of this name."""
    return {plane(along): along**2 for along in PLANE}.get(name, LINE)
