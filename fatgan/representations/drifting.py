r"""Quantile scaling whose table follows the beams.

Between beam settings the marginal distribution of a feature drifts slowly: at each probability its
quantile is a polynomial of low degree in one number of the region, the *drift*
(:meth:`fatgan.representations.region.Region.drift`). Fitted to the settings of the training, the
marginals are right there by construction, and nearly so between and somewhat beyond them, so that
a network is left with what connects the features.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.polynomial import polynomial
from numpy.typing import NDArray

from fatgan.representations.scaling import Limits, QuantileScaling
from fatgan.representations.tails import quantile_table

Array = NDArray[np.float64]
Rows = NDArray[np.intp]

SETTINGS = 16
"""Settings told apart; of more, neighbours are joined."""
_DEGREE = 3
_NODES = 129
"""Values of the drift at which tables are made; between them they are interpolated."""
_BEYOND = 0.5
"""How far the tables go beyond the trained range of the drift, in units of that range; from there
on they stay as they are."""


class DriftingQuantiles:
    """z is normal for the training rows of each setting.

    Parameters
    ----------
    coefficients
        Of the quantiles at the grid of :class:`QuantileScaling`, shape (degree + 1, m), in powers
        of the drift's position, which is 0 at ``low`` and 1 at ``high``.
    low, high
        The range of the drift in the training.
    """

    name: ClassVar[str] = "drifting quantile"

    def __init__(self, coefficients: Array, low: float, high: float) -> None:
        self.coefficients = np.asarray(coefficients, dtype=np.float64)
        self.low, self.high = low, high
        position = np.linspace(-_BEYOND, 1 + _BEYOND, _NODES)
        tables = polynomial.polyval(position, self.coefficients, tensor=True).T
        # polynomials may cross where two quantiles are close; averages of tables that rise do rise
        self._tables = np.maximum.accumulate(tables, axis=1)

    @classmethod
    def fit(
        cls,
        column: Array,
        settings: Sequence[tuple[Rows, Limits]],
        drift: Array,
        weights: Array | None,
    ) -> DriftingQuantiles:
        """Fit to training rows.

        Parameters
        ----------
        column
            The feature's values, shape (n,).
        settings
            Row numbers of each setting (:func:`settings_of`), two settings at least, and the
            kinematic limits of the feature there.
        drift
            Of each row's beams, shape (n,).
        weights
            How often each row counts, above zero, shape (n,); ``None``: once.
        """
        low, high = float(drift.min()), float(drift.max())
        grid, tables, places, sizes = QuantileScaling.grid(), [], [], []
        for rows, limits in settings:
            counts = None if weights is None else weights[rows]
            tables.append(quantile_table(column[rows], grid, limits, counts))
            places.append((np.average(drift[rows], weights=counts) - low) / (high - low))
            sizes.append(np.sqrt(len(rows)))
        # half of the settings' freedom is left to average their noise out
        degree = min(_DEGREE, max(1, (len(tables) - 1) // 2))
        fitted = polynomial.polyfit(places, np.array(tables), degree, w=sizes)
        return cls(fitted.astype(np.float64), low, high)

    def forward(self, column: Array, drift: Any = None) -> Array:
        """Return z for values, shape (n,), at their drifts; outside the table its ends, +-8."""
        node, share = self._node(np.broadcast_to(drift, column.shape), np)
        last = self._tables.shape[1] - 1
        below, above = np.zeros(column.shape, dtype=np.int64), np.full(column.shape, last)
        while np.any(above - below > 1):
            middle = (below + above) // 2
            left = self._value(node, share, middle) <= column
            below, above = np.where(left, middle, below), np.where(left, above, middle)
        low, high = self._value(node, share, below), self._value(node, share, below + 1)
        rise = np.where(high > low, high - low, 1.0)
        position = below + np.clip((column - low) / rise, 0.0, 1.0)
        return position / QuantileScaling.STEPS_PER_UNIT - QuantileScaling.REACH

    def inverse(self, z: Any, xp: Any = np, drift: Any = None) -> Any:
        """Return the feature for any finite z, also in the graph."""
        node, share = self._node(drift, xp)
        below, part = QuantileScaling.place(z, self._tables.shape[1], xp)
        low = self._value(node, share, below, xp, z)
        return low + part * (self._value(node, share, below + 1, xp, z) - low)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for a manifest."""
        return {
            "name": self.name,
            "coefficients": self.coefficients.tolist(),
            "low": self.low,
            "high": self.high,
        }

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> DriftingQuantiles:
        """Rebuild from :meth:`to_dict`."""
        return cls(np.array(entries["coefficients"]), entries["low"], entries["high"])

    def _node(self, drift: Any, xp: Any) -> tuple[Any, Any]:
        """Return the table below a drift, and the share of the way to the next one."""
        position = (drift - self.low) / (self.high - self.low)
        scaled = (xp.clip(position, -_BEYOND, 1 + _BEYOND) + _BEYOND) / (1 + 2 * _BEYOND)
        place = scaled * (_NODES - 1)
        node = xp.clip(xp.floor(place), 0, _NODES - 2)
        index = np.asarray(node).astype(np.int64) if xp is np else xp.cast(node, "int32")
        return index, place - node

    def _value(self, node: Any, share: Any, index: Any, xp: Any = np, like: Any = None) -> Any:
        width = self._tables.shape[1]
        flat = self._tables.ravel()
        table = flat if xp is np else xp.convert_to_tensor(flat, dtype=like.dtype)
        low, high = (xp.take(table, (node + step) * width + index) for step in (0, 1))
        return low + share * (high - low)


def settings_of(drift: Array) -> list[Rows]:
    """Return the row numbers of each setting, of at most ``SETTINGS`` neighbours."""
    order = np.argsort(drift, kind="stable")
    starts = np.flatnonzero(np.diff(drift[order])) + 1
    if len(starts) >= SETTINGS:
        # as even as may be, without a setting in two parts
        even = np.linspace(0, len(drift), SETTINGS + 1)[1:-1]
        starts = np.unique(starts[np.clip(np.searchsorted(starts, even), 0, len(starts) - 1)])
    return np.split(order, starts)
