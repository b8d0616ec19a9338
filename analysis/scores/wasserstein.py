"""W1/sigma: how far the events of one column must be moved."""

from __future__ import annotations

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from analysis.scores.cumulative import CumulativeScore
from analysis.scores.score import Column

Array = NDArray[np.float64]


class Wasserstein(CumulativeScore):
    """The first Wasserstein distance in units of the reference's standard deviation.

    For observables with steep spectra both are taken of the logarithm. Between samples of one
    truth it falls as sqrt(1/n + 1/m). A constant reference has no spread: that of both columns
    together takes its place.
    """

    name: ClassVar[str] = "W1/sigma"

    def unit(self, cells: Column) -> float:
        """Return the standard deviation of the reference, or of both if it has none."""
        both = cells.reference + cells.sample
        alone = np.count_nonzero(cells.reference.count) == 1
        return both.sigma if alone else cells.reference.sigma

    def of_gap(self, gap: Array, widths: Array) -> Array:
        """Return the areas between the cumulative distributions."""
        return np.abs(gap) @ widths
