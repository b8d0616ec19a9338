"""A smooth reduced cross-section through measured points, for its shape within bins."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analysis.measurements.hera import Measurement

Array = NDArray[np.float64]

DEGREE = 3
"""Of the polynomial in ln x and ln Q2."""
LEAST_Q2 = 1.0
"""GeV^2: below, sigma_r turns over on its way to photoproduction."""


class SmoothReference:
    """ln sigma_r as a polynomial in ln x and ln Q2, fitted to measured points by least squares.

    Two terms more let it fall to 0 at x = 1, as ln(1 - x), and bend at high y as the longitudinal
    structure function makes it, as y^2 / Y+. It serves for ratios of sigma_r over a bin alone.

    Parameters
    ----------
    data
        It is fitted to the points from :data:`LEAST_Q2` on, and holds there.
    """

    def __init__(self, data: Measurement) -> None:
        data = data.select(data.Q2 >= LEAST_Q2)
        self._largest = data.collision.beams.two_kP
        self._middle = float(np.log(data.x).mean()), float(np.log(data.Q2).mean())
        relative = data.uncorrelated / data.sigma_r
        terms = self._terms(data.x, data.Q2) / relative[:, None]
        self._coefficients = np.linalg.lstsq(terms, np.log(data.sigma_r) / relative, 1e-12)[0]

    def __call__(self, x: Array, Q2: Array) -> Array:
        """Return sigma_r; arrays of one shape, Q2 in GeV^2."""
        return np.exp(self._terms(x, Q2) @ self._coefficients)

    def _terms(self, x: Array, Q2: Array) -> Array:
        u, v = np.log(x) - self._middle[0], np.log(Q2) - self._middle[1]
        y = np.minimum(Q2 / (x * self._largest), 1.0)
        powers = [u**i * v**j for i in range(DEGREE + 1) for j in range(DEGREE + 1 - i)]
        rest = np.log1p(-np.minimum(x, 1 - 1e-6)), y**2 / (1 + (1 - y) ** 2)
        return np.stack([*powers, *rest], axis=-1)
