"""Scores of the gap between the cumulative distributions of two columns."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from analysis.laws import Drawn, Law
from analysis.scores.score import Column, ColumnScore

if TYPE_CHECKING:
    from analysis.comparison import Comparison

Array = NDArray[np.float64]


class CumulativeScore(ColumnScore):
    """A distance between two cumulative distributions, known at the end of each cell.

    Its law is that of 200 permutations of all events between the samples. The same
    fluctuations, added to the gap that was found, give the error; near the floor it is 1.2 to
    1.5 times too large, because the gap holds such fluctuations
    already.
    """

    name: ClassVar[str]

    @abstractmethod
    def of_gap(self, gap: Array, widths: Array) -> Array:
        """Return the distance for each row of differences of the cumulative shares.

        ``gap`` has shape (draws, cells), after each cell; ``widths`` has shape (cells,), from
        the mean of its events to that of the next cell's.
        """

    def unit(self, cells: Column) -> float:
        """Return what distances are divided by."""
        return 1.0

    def of_column(self, comparison: Comparison, name: str) -> tuple[float, float, Law]:
        """Return the distance, its error and its law."""
        return self.of_cells(Column.of(comparison, name), comparison.permuted_gaps(name))

    def of_cells(self, cells: Column, noise: Array) -> tuple[float, float, Law]:
        """Return the distance, its error and its law from gaps by chance, (draws, cells)."""
        widths = _widths(cells)
        gap = np.cumsum(cells.sample.shares - cells.reference.shares)
        unit = self.unit(cells) or 1.0  # two constants have no distance
        value = float(self.of_gap(gap[None], widths)[0]) / unit
        error = float(self.of_gap(gap + noise, widths).std(ddof=1)) / unit if value > 0 else 0.0
        return value, error, Drawn(self.of_gap(noise, widths) / unit)


def _widths(cells: Column) -> Array:
    """Return the steps between the means of the cells, 0 after the last.

    At its end, the last cell of a long tail would weigh too much.
    """
    count = cells.reference.count + cells.sample.count
    filled = np.flatnonzero(count)
    means = (cells.reference.x + cells.sample.x)[filled] / count[filled]
    widths = np.zeros(len(count))
    widths[filled[:-1]] = np.diff(means)
    return widths
