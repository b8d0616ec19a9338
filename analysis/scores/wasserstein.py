"""W1/sigma: how far the events of one column must be moved."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.stats import wasserstein_distance

from analysis.scores.resampling import bootstrap_error
from analysis.scores.score import ColumnScore

Array = NDArray[np.float64]


class Wasserstein(ColumnScore):
    """The first Wasserstein distance in units of the reference's standard deviation.

    For observables with steep spectra both are taken of the logarithm. Between samples of one
    truth it falls as sqrt(1/n + 1/m). The error is the bootstrap's. A constant reference has
    no spread: the spread of both columns together takes its place.
    """

    name: ClassVar[str] = "W1/sigma"
    size_power: ClassVar[float] = 0.5

    def distance(self, a: Array, b: Array) -> float:
        """Return W1/sigma."""
        distance = wasserstein_distance(np.sort(a), np.sort(b))  # sorted first: twice as fast
        return float(distance / _spread(a, b)) if distance > 0 else 0.0

    def error(self, a: Array, b: Array, value: float, rng: np.random.Generator) -> float:
        """Return the bootstrap error."""
        if value == 0:
            return 0.0
        error = bootstrap_error(a, b, rng, lambda gap, widths: np.abs(gap) @ widths)
        return error / _spread(a, b)


def _spread(a: Array, b: Array) -> float:
    return float(a.std() or np.concatenate([a, b]).std())
