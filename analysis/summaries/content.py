"""What cells hold: numbers of events and sums of weights, which add over chunks of a stream."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

HYPERGEOMETRIC = 10**9
"""Events of both sides together from which on NumPy's hypergeometric numbers end."""
FEW = 20_000
"""Up to as many events labels are permuted one by one, which is quicker."""


@dataclass(frozen=True)
class Content:
    """Sums per cell over the events in it, each of shape (cells,).

    ``count`` of 1, ``w`` of the weights, ``w2`` of their squares, ``x`` of the values without
    weights (so that x/count is where the cell's events are). ``moments`` holds the sums of
    w, w x and w x^2 over all cells.
    """

    count: Array
    w: Array
    w2: Array
    x: Array
    moments: Array

    def __add__(self, other: Content) -> Content:
        return Content(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    @classmethod
    def of(cls, values: Array, weights: Array | None, edges: Array) -> Content:
        """Sort values, shape (n,), into cells that hold their lower edge, the outer ones open.

        ``edges`` are the inner edges, shape (cells - 1,), increasing.
        """
        if weights is None:
            ordered = np.sort(values)
            count = _between(ordered, edges)
            x = _sums(ordered, count)
            moments = np.array([len(ordered), ordered.sum(), ordered @ ordered])
            return cls(count, count, count, x, moments)
        order = np.argsort(values)
        ordered, w = values[order], weights[order]
        count = _between(ordered, edges)
        moments = np.array([w.sum(), w @ ordered, w @ ordered**2])
        sum_w, sum_w2, x = (_sums(column, count) for column in (w, w**2, ordered))
        return cls(count, sum_w, sum_w2, x, moments)

    def joined(self, starts: NDArray[np.intp]) -> Content:
        """Return wider cells, each beginning with one of the cells ``starts``, the first 0."""
        count, w, w2, x = (
            np.add.reduceat(sums, starts) for sums in (self.count, self.w, self.w2, self.x)
        )
        return Content(count, w, w2, x, self.moments)

    @property
    def weighted(self) -> bool:
        """Whether the events have weights other than 1."""
        return not (np.array_equal(self.w, self.count) and np.array_equal(self.w2, self.count))

    @property
    def shares(self) -> Array:
        """The weight in each cell over that in all, shape (cells,)."""
        return self.w / self.w.sum()

    @property
    def variances(self) -> Array:
        """Poisson variances of the shares, shape (cells,)."""
        return self.w2 / self.w.sum() ** 2

    @property
    def sigma(self) -> float:
        """The standard deviation of all values."""
        total, first, second = self.moments
        return float(np.sqrt(max(second / total - (first / total) ** 2, 0.0)))

    @property
    def effective(self) -> float:
        """The number of events that would count once and vary as much: (sum w)^2/sum w^2."""
        return float(self.w.sum() ** 2 / self.w2.sum())


def permuted_shares(
    a: Content, b: Content, draws: int, rng: np.random.Generator
) -> tuple[Array, Array]:
    """Return shares of two samples of one truth, each of shape (draws, cells).

    Events that count once are permuted between the samples, which is exact for any truth: the
    counts of one side are hypergeometric. Weighted shares deviate normally from those of both
    together by the roots of their own variances, with a sum of zero.
    """
    together = a.count + b.count
    if not (a.weighted or b.weighted) and together.sum() < HYPERGEOMETRIC:
        n, m = int(a.count.sum()), int(b.count.sum())
        counts = together.astype(np.int64)
        drawn = _permuted_counts(counts, n, draws, rng)
        return drawn / n, (counts - drawn) / m
    truth = np.average([a.shares, b.shares], axis=0, weights=[a.effective, b.effective])
    deviations = [rng.normal(size=(draws, len(truth))) * np.sqrt(c.variances) for c in (a, b)]
    first, second = (truth + d - truth * d.sum(axis=1, keepdims=True) for d in deviations)
    return first, second


def _permuted_counts(
    counts: NDArray[np.int64], n: int, draws: int, rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return how many of n events, drawn from all those in cells, are in each, (draws, cells)."""
    total = int(counts.sum())
    if total > FEW:
        return rng.multivariate_hypergeometric(counts, n, size=draws, method="marginals")
    chosen = np.zeros((draws, total), dtype=np.int16)
    chosen[:, :n] = 1
    rng.permuted(chosen, axis=1, out=chosen)
    ends = np.cumsum(counts)
    held = np.cumsum(chosen, axis=1, dtype=np.int32)[:, np.maximum(ends - 1, 0)]
    return np.diff(np.where(ends > 0, held, 0), axis=1, prepend=0)


def _between(ordered: Array, edges: Array) -> Array:
    cuts = np.searchsorted(ordered, edges, side="left")
    return np.diff(cuts, prepend=0, append=len(ordered)).astype(float)


def _sums(ordered: Array, count: Array) -> Array:
    """Return the sums over the cells of a column in the order of the cells."""
    starts = np.cumsum(count).astype(np.intp) - count.astype(np.intp)
    filled = count > 0
    sums = np.zeros(len(count))
    if filled.any():
        sums[filled] = np.add.reduceat(ordered, starts[filled])
    return sums
