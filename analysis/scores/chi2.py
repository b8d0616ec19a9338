"""chi2/ndf of one column in bins of equal population."""

from __future__ import annotations

import math
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from analysis.scores.columns import paired
from analysis.scores.score import ColumnScore, Context, Measurement
from fatgan.events import EventTable

Array = NDArray[np.float64]
Counts = NDArray[np.integer]

BINS = 50
EVENTS_PER_BIN = 10
"""Fewer bins are made when the smaller sample has fewer events than this in each."""


class Chi2(ColumnScore):
    """Two-sample chi2 per degree of freedom in 50 bins of equal reference population.

    The outer bins are open, so no event is left out; values that repeat get bins of their own.
    The floor does not depend on the sizes: it is 1 +- sqrt(2/ndf). The error is the closed form
    of a noncentral chi2. Observables with steep spectra are binned in ln, which for such bins
    changes nothing.
    """

    name: ClassVar[str] = "chi2/ndf"
    repeats: ClassVar[int] = 200

    def distance(self, a: Array, b: Array) -> float:
        """Return chi2/ndf."""
        return chi2_per_ndf(*self._counts(a, b))[0]

    def error(self, a: Array, b: Array, value: float, rng: np.random.Generator) -> float:
        """Return the closed form of its error."""
        return chi2_per_ndf(*self._counts(a, b))[1]

    def floors(
        self, values: list[Measurement], pool: EventTable, context: Context
    ) -> list[tuple[float, float]]:
        """Return mean and spread between histograms drawn from the pool's."""
        rng = np.random.default_rng([context.seed, 1])
        result = []
        for value, observable in zip(values, self.observables, strict=True):
            column, _ = paired(observable, pool, pool)
            bins = bin_number(value.n_reference, value.n_sample, BINS)
            counts, _ = counts_between(equal_population_edges(column, bins), column, column)
            result.append(drawn_floor(counts, value, self.repeats, rng))
        return result

    @staticmethod
    def _counts(a: Array, b: Array) -> tuple[Counts, Counts]:
        return counts_between(equal_population_edges(a, bin_number(len(a), len(b), BINS)), a, b)


def bin_number(n: int, m: int, most: int) -> int:
    """Return how many bins two samples can fill, at least 2."""
    return max(2, min(most, min(n, m) // EVENTS_PER_BIN))


def equal_population_edges(column: Array, bins: int) -> Array:
    """Return the inner edges, at most shape (bins - 1,) plus one per repeated value.

    A bin holds its left edge and not its right one.
    """
    edges = np.quantile(column, np.linspace(0, 1, bins + 1)[1:-1])
    repeated = edges[1:][np.diff(edges) == 0]
    if column.min() == column.max():
        repeated = edges
    return np.unique(np.concatenate([edges, np.nextafter(repeated, np.inf)]))


def counts_between(edges: Array, a: Array, b: Array) -> tuple[Counts, Counts]:
    """Return both histograms with open outer bins, shape (edges + 1,)."""
    r, s = (
        np.bincount(np.searchsorted(edges, column, side="right"), minlength=len(edges) + 1)
        for column in (a, b)
    )
    return r, s


def chi2_per_ndf(r: Counts, s: Counts) -> tuple[float, float]:
    """Return the two-sample chi2 per degree of freedom of two histograms, and its error.

    With n and m events, chi2 = sum (sqrt(m/n) r - sqrt(n/m) s)^2 / (r + s) over the bins that
    hold events, and ndf is one less than their number. A single bin tells nothing: 0 +- 0.
    The error is that of a noncentral chi2, sqrt(2 (ndf + 2 lambda))/ndf, lambda = chi2 - ndf
    where that is positive.

    Source: N. Gagunashvili, arXiv:physics/0605123, for histograms without weights.
    """
    filled = r + s > 0
    r, s = r[filled], s[filled]
    ndf = len(r) - 1
    if ndf < 1:
        return 0.0, 0.0
    ratio = math.sqrt(s.sum() / r.sum())
    chi2 = float(np.sum((ratio * r - s / ratio) ** 2 / (r + s)))
    error = math.sqrt(2 * (ndf + 2 * max(chi2 - ndf, 0.0)))
    return chi2 / ndf, error / ndf


def drawn_floor(
    counts: Counts, value: Measurement, repeats: int, rng: np.random.Generator
) -> tuple[float, float]:
    """Return mean and spread of chi2/ndf between histograms of the value's sizes drawn from one."""
    shares = counts / counts.sum()
    r, s = (rng.multinomial(n, shares, size=repeats) for n in (value.n_reference, value.n_sample))
    found = [chi2_per_ndf(*both)[0] for both in zip(r, s, strict=True)]
    return float(np.mean(found)), float(np.std(found, ddof=1))
