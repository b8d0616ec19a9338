"""How far predictions are from a measurement, and from one another: chi2 with all errors."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize, stats

from analysis.measurements.hera import Measurement
from analysis.measurements.reduced import Prediction
from fatgan.errors import DataError

Array = NDArray[np.float64]

FACTORS = (0.2, 5.0)
"""Where the factor is looked for that fits best."""


@dataclass(frozen=True)
class Agreement:
    """chi2, its degrees of freedom, and by what the prediction was multiplied."""

    chi2: float
    ndf: int
    factor: float = 1.0

    @property
    def p_value(self) -> float:
        """The chance of a chi2 at least as large."""
        return float(stats.chi2.sf(self.chi2, self.ndf))

    @property
    def reduced(self) -> float:
        """chi2/ndf."""
        return self.chi2 / self.ndf

    def __str__(self) -> str:
        return f"{self.chi2:.0f} / {self.ndf} = {self.reduced:.2f}"


def to_data(data: Measurement, prediction: Prediction) -> Agreement:
    """Return the chi2 of a prediction, as it is, with its errors and the measured ones.

    Correlated errors are relative ones, and are taken of the prediction, as HERA's own chi2 takes
    them (arXiv:1506.06042, eq. 22): taken of the data they would favour what is too low.

    Raises
    ------
    DataError
        No point is left.
    """
    some = enough(prediction.usable)
    data, prediction = data.select(some), prediction.select(some)
    return _to_data(data, prediction)


def shape_to_data(data: Measurement, prediction: Prediction) -> Agreement:
    """Return the chi2 of a prediction that is multiplied by the factor that fits best.

    Raises
    ------
    DataError
        No more than one point is left.
    """
    some = enough(prediction.usable, 2)
    data, prediction = data.select(some), prediction.select(some)
    free = replace(prediction, normalisation=0.0)

    def multiplied(factor: float) -> Agreement:
        scaled = replace(free, sigma_r=factor * free.sigma_r, error=factor * free.error)
        return _to_data(data, scaled)

    found = optimize.minimize_scalar(
        lambda factor: multiplied(factor).chi2, bounds=FACTORS, method="bounded"
    )
    return Agreement(multiplied(found.x).chi2, len(data) - 1, float(found.x))


def between(one: Prediction, other: Prediction) -> Agreement:
    """Return the chi2 of the difference of two samples' predictions at the same points.

    Raises
    ------
    DataError
        No point is left.
    """
    some = enough(one.usable & other.usable)
    one, other = one.select(some), other.select(some)
    return _chi2(one.sigma_r - other.sigma_r, one.covariance + other.covariance)


def _to_data(data: Measurement, prediction: Prediction) -> Agreement:
    relative = data.correlated / data.sigma_r[:, None]
    correlated = relative * prediction.sigma_r[:, None]
    total = np.diag(data.uncorrelated**2) + correlated @ correlated.T + prediction.covariance
    return _chi2(data.sigma_r - prediction.sigma_r, total)


def _chi2(difference: Array, covariance: Array) -> Agreement:
    root = linalg.cholesky(covariance, lower=True)
    pulls = linalg.solve_triangular(root, difference, lower=True)
    return Agreement(float(pulls @ pulls), len(difference))


def enough(rows: NDArray[np.bool_], least: int = 1) -> NDArray[np.bool_]:
    """Return which points are usable, shape (n,), where they are at least so many.

    Raises
    ------
    DataError
        There are fewer.
    """
    if np.count_nonzero(rows) < least:
        raise DataError(
            f"{np.count_nonzero(rows)} of {len(rows)} measured points have enough events above the "
            "samples' edge in Q2: simulate or generate more, or from a lower Q2 on"
        )
    return rows
