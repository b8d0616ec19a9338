"""Laws of a score where nothing is to be found: its floor, and how rarely chance goes farther.

Every score states the law that its value obeys between two samples of one truth. The law's
mean and spread are the score's floor; the chance of a value at least as far out is its p-value.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

EMPIRICAL = 10
"""From so many draws beyond a value on, their share is the p-value; farther out a fit is."""


class Law(ABC):
    """The distribution of a score between samples of one truth.

    ``draws`` is the number of pairs of samples that stand behind it, 0 for a closed form.
    """

    draws: int = 0

    @property
    @abstractmethod
    def mean(self) -> float:
        """The floor."""

    @property
    @abstractmethod
    def spread(self) -> float:
        """The standard deviation from one pair of samples to the next."""

    @abstractmethod
    def p_value(self, value: float) -> float:
        """Return the chance of a value at least as far from the floor, 0 to 1."""


class Drawn(Law):
    """The law of values drawn under the hypothesis of one truth, shape (draws,).

    The p-value is (1 + draws at or above)/(1 + draws) where at least ten draws are there. For
    smaller ones a Pearson III curve with the draws' mean, variance and skewness (0 if negative) is
    integrated, as is usual with permutation tests: J. Josse et al., Comput. Stat. Data Anal. 53
    (2008) 82.
    """

    def __init__(self, draws: Array) -> None:
        self._draws = np.asarray(draws, dtype=float)
        self.draws = len(self._draws)

    @property
    def mean(self) -> float:
        """Mean of the draws."""
        return float(self._draws.mean())

    @property
    def spread(self) -> float:
        """Their standard deviation."""
        return float(self._draws.std(ddof=1)) if self.draws > 1 else 0.0

    def p_value(self, value: float) -> float:
        """Return the chance of such a value or a larger one."""
        from scipy import stats

        rounding = 1e-12 * max(abs(value), abs(self.mean))
        above = int(np.count_nonzero(self._draws >= value - rounding))
        empirical = (1 + above) / (1 + self.draws)
        if above >= EMPIRICAL or self.spread <= rounding:
            return empirical if above else 0.0
        # a curve of negative skewness ends, and would say that larger values cannot be
        skew = max(float(stats.skew(self._draws)), 0.0)
        tail = float(stats.pearson3.sf((value - self.mean) / self.spread, skew))
        return min(tail, (1 + EMPIRICAL) / (1 + self.draws))


class Closed(Law):
    """A law with a closed form: a frozen distribution of :mod:`scipy.stats`, upper tail."""

    def __init__(self, distribution: Any) -> None:
        self._distribution = distribution

    @property
    def mean(self) -> float:
        """Mean of the distribution."""
        return float(self._distribution.mean())

    @property
    def spread(self) -> float:
        """Its standard deviation."""
        return float(self._distribution.std())

    def p_value(self, value: float) -> float:
        """Return the chance of such a value or a larger one."""
        return float(self._distribution.sf(value))


class Stated(Law):
    """A law whose floor and spread are given as numbers."""

    def __init__(self, mean: float, spread: float) -> None:
        self._mean, self._spread = mean, spread

    @property
    def mean(self) -> float:
        """The floor."""
        return self._mean

    @property
    def spread(self) -> float:
        """The standard deviation."""
        return self._spread


class Normal(Stated):
    """A normal law, far out on both sides."""

    def p_value(self, value: float) -> float:
        """Return the chance of a value as far from the mean, on either side."""
        from scipy import stats

        if self._spread == 0:
            return float(value == self._mean)
        return float(2 * stats.norm.sf(abs(value - self._mean) / self._spread))


class Given(Stated):
    """A law worked out by the score itself: floor, spread and the p-value of its value."""

    def __init__(self, mean: float, spread: float, p_value: float) -> None:
        super().__init__(mean, spread)
        self._p = min(max(p_value, 0.0), 1.0)

    def p_value(self, value: float) -> float:
        """Return what the score worked out."""
        return self._p


def two_sided(distribution: Any, count: float) -> float:
    """Return the p-value of a count by a frozen discrete distribution, on either side.

    Half of the chance of the count itself is taken (mid-p), so that p-values of truth are uniform
    but for their steps: H. Lancaster, J. Am. Stat. Assoc. 56 (1961) 223.
    """
    itself = float(distribution.pmf(count)) / 2
    below, above = float(distribution.cdf(count)), float(distribution.sf(count - 1))
    return min(1.0, 2 * max(min(below, above) - itself, 0.0))


def combined(p_values: list[float]) -> float:
    """Return one p-value of several (Bonferroni: right for any correlation between them)."""
    return min(1.0, len(p_values) * min(p_values)) if p_values else 1.0


def significance(p_value: float) -> float:
    """Return the one-sided sigmas of a p-value; infinite for 0.

    >>> round(significance(0.00135), 2)
    3.0
    """
    from scipy import stats

    return float(stats.norm.isf(p_value)) if p_value > 0 else math.inf
