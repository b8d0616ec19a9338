"""Shares of a sample in cells, and how far a generated sample's shares are from them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray


class Distance(NamedTuple):
    """A divergence and its standard error; 0 on average between samples of one truth."""

    value: float
    error: float


@dataclass(frozen=True)
class Counts:
    """Rows that count alike, by their number in each cell: shape (cells,).

    The distance is the chi2 of the contingency table of both samples, less its mean.
    """

    counts: NDArray[np.int64]

    def distance(self, generated: NDArray[np.int64]) -> Distance:
        """Return how far generated counts are, shape (cells,)."""
        a, b, n, m = self.counts, generated, int(self.counts.sum()), int(generated.sum())
        filled = (a + b) > 0
        ndf = int(np.count_nonzero(filled)) - 1
        p, q = a[filled] / n, b[filled] / m
        chi2 = n * m * float(np.sum((p - q) ** 2 / (n * p + m * q)))
        excess = chi2 - ndf * (n + m) / (n + m - 1)
        return _distance(excess, ndf, (n + m) / (n * m))


@dataclass(frozen=True)
class WeightedShares:
    r"""Weighted rows, of which only the covariance of the shares p differs from that of counts.

    With C the covariance of p - q, which the squares of the weights give, the distance is

        sum (p - q)^2 / r - tr M,  M_ij = C_ij / sqrt(r_i r_j),  r = (n t + m q) / (n + m),

    where n is the number of rows of weight 1 whose sum has the same relative error, and t the
    shares of the weights' sizes: with p in their place, r could be negative. A sum of squares of
    this kind has mean tr M and variance 2 tr M^2, as has a chi2 of (tr M)^2 / tr M^2 degrees of
    freedom in units of tr M^2 / tr M (F. E. Satterthwaite, Biometrics Bull. 2 (1946) 110). Rows of
    one weight give the distance of their counts, but for products of two errors.

    Attributes
    ----------
    shares, sizes
        Of the weights and of their sizes, shape (cells,); each sums to 1.
    squares
        Sums of the squared weights over the square of their sum, shape (cells,).
    """

    shares: NDArray[np.float64]
    sizes: NDArray[np.float64]
    squares: NDArray[np.float64]

    @classmethod
    def of(cls, cells: NDArray[np.intp], count: int, weights: NDArray[np.float64]) -> Self:
        """Return those of rows in cells of these numbers, of ``count`` cells; shapes (n,)."""
        p, t, s = (np.bincount(cells, w, count) for w in (weights, np.abs(weights), weights**2))
        return cls(p / p.sum(), t / t.sum(), s / p.sum() ** 2)

    def distance(self, generated: NDArray[np.int64]) -> Distance:
        """Return how far generated counts are, shape (cells,)."""
        n, m = 1 / float(self.squares.sum()), int(generated.sum())
        filled = (self.sizes > 0) | (generated > 0)
        p, t, s, b = (x[filled] for x in (self.shares, self.sizes, self.squares, generated))
        q = b / m
        root = np.sqrt((n * t + m * q) / (n + m))
        covariance: NDArray[Any] = np.diag(s + q / m) - np.outer(s, p) - np.outer(p, s)
        covariance += np.outer(p, p) / n - np.outer(q, q) / m
        spread = covariance / np.outer(root, root)
        mean, half_variance = float(np.trace(spread)), float(np.sum(spread**2))
        unit = half_variance / mean
        excess = (float(np.sum(((p - q) / root) ** 2)) - mean) / unit
        return _distance(excess, mean / unit, unit)


def _distance(excess: float, ndf: float, unit: float) -> Distance:
    """Return a chi2's excess over its mean, and the error of a noncentral one, in some unit."""
    return Distance(unit * excess, unit * math.sqrt(2 * ndf + 4 * max(excess, 0.0)))
