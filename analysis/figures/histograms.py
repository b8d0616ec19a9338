"""Histograms of weighted events, with statistical errors from the sums of squared weights."""

from __future__ import annotations

from typing import NamedTuple

import hist
import numpy as np
from numpy.typing import NDArray

from analysis.figures.axes import Axis
from fatgan.events import EventTable

Array = NDArray[np.float64]


class Counts(NamedTuple):
    """Sums over the events of each cell, of w and of w^2, and of w over all events.

    ``w`` and ``w2`` have one dimension per axis; events outside the axes are in ``total`` only.
    """

    w: Array
    w2: Array
    total: float

    @property
    def shares(self) -> Array:
        """The cells' weight over that of all events."""
        return self.w / self.total

    @property
    def variances(self) -> Array:
        """Poisson variances of the shares, at least those of one event of the mean weight."""
        weight = float(self.w2.sum() / self.w.sum()) if self.w.sum() > 0 else 1.0
        return np.maximum(self.w2, weight**2) / self.total**2

    @property
    def entries(self) -> Array:
        """Events without weights that have the same relative error; 0 for weights up to 0."""
        filled = self.w > 0
        return np.divide(self.w**2, self.w2, out=np.zeros_like(self.w), where=filled)

    def joined(self, starts: NDArray[np.intp]) -> Counts:
        """Return wider cells of one axis, each beginning with one of the cells ``starts``."""
        return Counts(np.add.reduceat(self.w, starts), np.add.reduceat(self.w2, starts), self.total)


def count(table: EventTable, *axes: Axis) -> Counts:
    """Return how the events of a table lie in the bins of one or more axes."""
    return fill([table[axis.name] for axis in axes], table.weights, axes)


def fill(columns: list[Array], weights: Array | None, axes: tuple[Axis, ...]) -> Counts:
    """Return how values, one column of shape (n,) per axis, lie in the bins."""
    bins = [hist.axis.Variable(axis.edges) for axis in axes]
    histogram = hist.Hist(*bins, storage=hist.storage.Weight())
    histogram.fill(*columns, weight=weights)
    total = len(columns[0]) if weights is None else weights.sum()
    return Counts(histogram.values(), histogram.variances(), float(total))


def joined_bins(counts: Counts, least: float) -> NDArray[np.intp]:
    """Return the first bins of groups that hold at least ``least`` effective events each."""
    starts, w, w2 = [0], 0.0, 0.0
    for index, (more, more2) in enumerate(zip(counts.w, counts.w2, strict=True)):
        if _holds(w, w2, least):
            starts.append(index)
            w = w2 = 0.0
        w, w2 = w + more, w2 + more2
    if not _holds(w, w2, least) and len(starts) > 1:
        starts.pop()
    return np.array(starts)


def _holds(w: float, w2: float, least: float) -> bool:
    return w > 0 and w**2 >= least * w2


def ratio(reference: Counts, sample: Counts) -> Array:
    """Return sample over reference in shares of events; NaN without a reference."""
    a, b = reference.shares, sample.shares
    return np.divide(b, a, out=np.full_like(b, np.nan), where=a > 0)


def pull(reference: Counts, sample: Counts) -> Array:
    """Return the difference of the shares in its statistical errors; NaN without events."""
    error = np.sqrt(reference.w2 / reference.total**2 + sample.w2 / sample.total**2)
    difference = sample.shares - reference.shares
    return np.divide(difference, error, out=np.full_like(error, np.nan), where=error > 0)
