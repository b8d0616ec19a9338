"""W1/sigma: how far the events of one column must be moved."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.stats import wasserstein_distance

from analysis.scores.resampling import ResampledScore

Array = NDArray[np.float64]


class Wasserstein(ResampledScore):
    """The first Wasserstein distance in units of the reference's standard deviation.

    For observables with steep spectra both are taken of the logarithm. Between samples of one
    truth it falls as sqrt(1/n + 1/m). A constant reference has no spread: the spread of both
    columns together takes its place.
    """

    name: ClassVar[str] = "W1/sigma"

    def distance(self, a: Array, b: Array) -> float:
        """Return W1/sigma."""
        distance = wasserstein_distance(np.sort(a), np.sort(b))  # sorted first: twice as fast
        return float(distance) / self.unit(a, b) if distance > 0 else 0.0

    def unit(self, a: Array, b: Array) -> float:
        """Return the standard deviation of the reference, or of both if it has none."""
        return float(a.std() or np.concatenate([a, b]).std())

    def of_gap(self, gap: Array, widths: Array) -> Array:
        """Return the areas between the cumulative distributions."""
        return np.abs(gap) @ widths
