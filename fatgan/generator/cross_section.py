"""The total cross-section at any conditions, interpolated between the training samples'."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fatgan.errors import DataError

Array = NDArray[np.float64]

LEAST_ERROR = 1e-4
"""Smallest relative error of a point: below, the regression is a matter of rounding."""

LENGTHS = (0.1, 100.0)
"""Bounds on the lengths over which ln sigma changes, in standard deviations of the points."""

AMPLITUDE = (1e-3, 1e4)
"""Bounds on the variance of ln sigma."""


class CrossSections:
    """Total cross-sections of samples, and what they say in between.

    ln sigma is a Gaussian process over the conditions, with the points' own errors as its noise:
    a Matern-5/2 kernel, which supposes two derivatives and no more, with a length for each column.
    Without cuts besides Q2 and W2 the beams enter sigma through s alone, so that s is the
    condition to give where fixed targets and colliders meet: each sample in the inside of such a
    design then follows from the others within 2 %, but within 6 % from Ee and Ep.

    Parameters
    ----------
    points
        Scaled conditions, shape (m, c); c may be 0.
    sigma, error
        Cross-sections and their errors in pb, shape (m,).

    Raises
    ------
    DataError
        No point, shapes that do not fit, or numbers that are no cross-sections.

    Notes
    -----
    C. E. Rasmussen and C. K. I. Williams, Gaussian Processes for Machine Learning (MIT Press,
    2006), ch. 2, 4 and 5.

    Examples
    --------
    >>> import numpy as np
    >>> points = np.linspace(-1, 1, 5)[:, None]
    >>> known = CrossSections(points, 100 * np.exp(points[:, 0]), np.full(5, 0.1))
    >>> sigma, error = known.sigma([[0.25], [3.0]])  # the first is 128.4 pb
    >>> bool(abs(sigma[0] - 128.4) < 1), bool(error[1] > 10 * error[0])
    (True, True)
    """

    def __init__(self, points: ArrayLike, sigma: ArrayLike, error: ArrayLike) -> None:
        self._points = np.array(points, np.float64)
        self._sigma = np.array(sigma, np.float64)
        self._error = np.array(error, np.float64)
        m = len(self._sigma)
        if self._points.ndim != 2 or not m == len(self._points) == len(self._error) > 0:
            raise DataError(
                f"cross-sections: conditions of shape {self._points.shape}, {m} values and "
                f"{len(self._error)} errors do not fit together"
            )
        good = np.isfinite(self._points).all(axis=1) & np.isfinite(self._sigma + self._error)
        good &= (self._sigma > 0) & (self._error >= 0)
        if not good.all():
            raise DataError(
                f"cross-sections: {np.count_nonzero(~good)} of {m} are not above 0, or not finite"
            )

    def sigma(self, conditions: ArrayLike) -> tuple[Array, Array]:
        """Return the cross-sections and their errors in pb, shape (k,) each.

        Errors grow with the distance from the points. Conditions that differ in a column in which
        the points do not, as with a single point, have an infinite error.

        Parameters
        ----------
        conditions
            Scaled as the points, shape (k, c).

        Raises
        ------
        DataError
            Another number of columns.
        """
        asked = np.asarray(conditions, np.float64)
        if asked.ndim != 2 or asked.shape[1] != self._points.shape[1]:
            raise DataError(
                f"cross-sections: conditions of shape {asked.shape}, where the points have "
                f"{self._points.shape[1]} columns"
            )
        ln_sigma, error = self._between(asked) if self._varies.any() else self._mean(len(asked))
        fixed = ~self._varies
        # scaled conditions have passed through float32
        apart = ~np.isclose(asked[:, fixed], self._points[0, fixed], 1e-5, 1e-5).all(axis=1)
        sigma = np.exp(ln_sigma)
        return sigma, np.where(apart, np.inf, sigma * error)

    def to_dict(self) -> dict[str, Any]:
        """Return the points as plain values for a manifest."""
        return {
            "points": self._points.tolist(),
            "columns": self._points.shape[1],
            "sigma_pb": self._sigma.tolist(),
            "error_pb": self._error.tolist(),
        }

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> CrossSections:
        """Rebuild from a manifest."""
        shape = (len(entries["sigma_pb"]), entries["columns"])
        points = np.reshape(np.array(entries["points"], np.float64), shape)
        return cls(points, entries["sigma_pb"], entries["error_pb"])

    @cached_property
    def _varies(self) -> NDArray[np.bool_]:
        return ~np.isclose(self._points, self._points[0], 1e-5, 1e-5).all(axis=0)

    @property
    def _relative(self) -> Array:
        return np.maximum(self._error / self._sigma, LEAST_ERROR)

    def _mean(self, k: int) -> tuple[Array, Array]:
        """Return ln sigma and its error where all points are at one place."""
        weights = self._relative**-2
        value = np.average(np.log(self._sigma), weights=weights)
        return np.full(k, value), np.full(k, weights.sum() ** -0.5)

    def _between(self, asked: Array) -> tuple[Array, Array]:
        centre, value, process = self._fitted
        ln_sigma, error = process.predict(self._scaled(asked, centre), return_std=True)
        return ln_sigma + value, error

    def _scaled(self, conditions: Array, centre: Array) -> Array:
        spread = self._points[:, self._varies].std(axis=0)
        return (conditions[:, self._varies] - centre) / spread

    @cached_property
    def _fitted(self) -> tuple[Array, float, Any]:
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.gaussian_process import GaussianProcessRegressor
        from sklearn.gaussian_process.kernels import ConstantKernel, Matern

        centre = self._points[:, self._varies].mean(axis=0)
        places = self._scaled(self._points, centre)
        ln_sigma = np.log(self._sigma)
        start = np.full(places.shape[1], 3.0)
        kernel = ConstantKernel(10.0, AMPLITUDE) * Matern(start, LENGTHS, nu=2.5)
        process = GaussianProcessRegressor(kernel, alpha=self._relative**2)
        with warnings.catch_warnings():
            # a length at its bound: sigma does not depend on this column
            warnings.simplefilter("ignore", ConvergenceWarning)
            process.fit(places, ln_sigma - ln_sigma.mean())
        return centre, float(ln_sigma.mean()), process
