"""Scaling: one monotone map per feature between physics and a number of order one.

Every scaling is a strictly increasing function that ends at the feature's kinematic limits, so
whatever number a network gives, the feature it stands for lies inside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import ConfigError, did_you_mean
from fatgan.representations.tails import quantile_table

Array = NDArray[np.float64]

Limits = tuple[float, float]
"""Kinematic limits (lower, upper) of a feature; infinite where there is none."""


class Scaling(Protocol):
    """A fitted map of one feature."""

    name: ClassVar[str]

    def forward(self, column: Array, drift: Any = None) -> Array:
        """Return z for a feature's values; ``drift`` is that of the beams, where it matters."""

    def inverse(self, z: Any, xp: Any = np, drift: Any = None) -> Any:
        """Return the feature for any finite z."""

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for a manifest."""

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> Scaling:
        """Rebuild from :meth:`to_dict`."""


def moments(column: Array, weights: Array | None = None) -> tuple[float, float]:
    """Return mean and standard deviation of values, shape (n,); 1 in place of a deviation of 0.

    ``weights`` say how often each counts; ``None``, like weights that are all equal: once.
    """
    if weights is None or np.all(weights == weights[0]):
        return float(column.mean()), float(column.std()) or 1.0
    mean = float(np.average(column, weights=weights))
    return mean, float(np.sqrt(np.average((column - mean) ** 2, weights=weights))) or 1.0


class StandardScaling:
    """z = (feature - mean) / standard deviation; the inverse is clipped to the limits."""

    name: ClassVar[str] = "standard"

    def __init__(self, mean: float, deviation: float, limits: Limits) -> None:
        self.mean, self.deviation, self.limits = mean, deviation, limits

    @classmethod
    def fit(cls, column: Array, limits: Limits, weights: Array | None = None) -> StandardScaling:
        """Fit to the training rows, shape (n,); a constant column is only shifted."""
        return cls(*moments(column, weights), limits)

    def forward(self, column: Array, drift: Any = None) -> Array:
        """Return z for a feature's values, any shape."""
        return (column - self.mean) / self.deviation

    def inverse(self, z: Any, xp: Any = np, drift: Any = None) -> Any:
        """Return the feature for any finite z."""
        return xp.clip(self.mean + self.deviation * z, *_finite(self.limits))

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for a manifest."""
        return {"mean": self.mean, "deviation": self.deviation, "limits": _finite(self.limits)}

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> StandardScaling:
        """Rebuild from :meth:`to_dict`."""
        return cls(entries["mean"], entries["deviation"], tuple(entries["limits"]))


class QuantileScaling:
    """z is normal for the training rows: the marginal is right by construction.

    The inverse is a table of the feature on a uniform grid of z, so that it is an index and a
    linear interpolation: the same in NumPy and in the graph, quick, and differentiable. Beyond
    the outermost training values the table continues to the kinematic limits (``tails``).
    """

    name: ClassVar[str] = "quantile"
    REACH: ClassVar[float] = 8.0
    STEPS_PER_UNIT: ClassVar[int] = 256

    def __init__(self, table: Array) -> None:
        self.table = np.asarray(table, dtype=np.float64)
        self._grid = np.linspace(-self.REACH, self.REACH, len(self.table))

    @classmethod
    def grid(cls) -> Array:
        """Return the numbers z of a table."""
        return np.linspace(-cls.REACH, cls.REACH, int(2 * cls.REACH * cls.STEPS_PER_UNIT) + 1)

    @classmethod
    def place(cls, z: Any, length: int, xp: Any = np) -> tuple[Any, Any]:
        """Return the entry below each z in a table of this length, and the share of the way on."""
        # clip before the cast: a huge z must not overflow the integer
        position = (xp.clip(z, -cls.REACH, cls.REACH) + cls.REACH) * cls.STEPS_PER_UNIT
        below = xp.clip(xp.floor(position), 0, length - 2)
        return below.astype(np.int32) if xp is np else xp.cast(below, "int32"), position - below

    @classmethod
    def fit(cls, column: Array, limits: Limits, weights: Array | None = None) -> QuantileScaling:
        """Fit to the training rows, shape (n,)."""
        return cls(quantile_table(column, cls.grid(), limits, weights))

    def forward(self, column: Array, drift: Any = None) -> Array:
        """Return z for a feature's values; values outside the table give the ends, +-8."""
        if self.table[0] == self.table[-1]:  # a constant column
            return np.zeros_like(column)
        return np.interp(column, self.table, self._grid)

    def inverse(self, z: Any, xp: Any = np, drift: Any = None) -> Any:
        """Return the feature for any finite z."""
        table = self.table if xp is np else xp.convert_to_tensor(self.table, dtype=z.dtype)
        index, part = self.place(z, len(self.table), xp)
        low, high = xp.take(table, index), xp.take(table, index + 1)
        return low + part * (high - low)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for a manifest."""
        return {"table": self.table.tolist()}

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> QuantileScaling:
        """Rebuild from :meth:`to_dict`."""
        return cls(np.array(entries["table"]))


SCALINGS: dict[str, type[StandardScaling] | type[QuantileScaling]] = {
    item.name: item for item in (StandardScaling, QuantileScaling)
}


def scaling_named(name: str) -> type[StandardScaling] | type[QuantileScaling]:
    """Return a scaling's class by name."""
    if name not in SCALINGS:
        raise ConfigError(f"representation.scaling '{name}'; {did_you_mean(name, SCALINGS)}")
    return SCALINGS[name]


def _finite(limits: Limits) -> Limits:
    # JSON has no infinity, and clip in the graph wants numbers that float32 holds
    return max(limits[0], -1e30), min(limits[1], 1e30)
