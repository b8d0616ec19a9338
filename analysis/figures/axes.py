"""Axes over the whole range: which scale an observable gets, its bins and its ticks."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator
from numpy.typing import NDArray

from analysis.figures.style import axis_label
from fatgan.events import OBSERVABLES

Array = NDArray[np.float64]

ALSO_LOG = ("y",)
"""Drawn on a logarithmic axis though scores take it as it is: half of all y are below 0.04."""
PEAKED = 15
"""From this ratio of the whole range to half the central 90 % on, a linear axis hides the bulk."""


class Axis(NamedTuple):
    """Bins of one observable on its scale.

    ``linear``, ``log``, or ``asinh``: linear within ``width`` of ``centre`` and logarithmic
    far from it, for a narrow bulk with long tails.
    """

    name: str
    scale: str
    edges: Array
    centre: float = 0.0
    width: float = 1.0

    def forward(self, values: Array) -> Array:
        """Return positions along the axis."""
        if self.scale == "asinh":
            return np.arcsinh((np.asarray(values) - self.centre) / self.width)
        return np.log(values) if self.scale == "log" else np.array(values)

    def backward(self, positions: Array) -> Array:
        """Return the values at positions along the axis."""
        if self.scale == "asinh":
            return self.centre + self.width * np.sinh(positions)
        return np.exp(positions) if self.scale == "log" else np.array(positions)

    def middles(self, edges: Array) -> Array:
        """Return the values that stand in the middle of bins as they are drawn."""
        positions = self.forward(edges)
        return self.backward((positions[1:] + positions[:-1]) / 2)

    def apply(self, axes: Any, side: str) -> None:
        """Set scale, limits and label of the ``"x"`` or ``"y"`` side of matplotlib axes."""
        set_scale, ticks = getattr(axes, f"set_{side}scale"), getattr(axes, f"{side}axis")
        if self.scale == "asinh":
            set_scale("function", functions=(self.forward, self.backward))
            ticks.set_major_locator(FixedLocator(self.ticks().tolist()))
            ticks.set_major_formatter(FuncFormatter(_plain))
            ticks.set_minor_locator(NullLocator())
        else:
            set_scale(self.scale)
        getattr(axes, f"set_{side}lim")(self.edges[0], self.edges[-1])
        getattr(axes, f"set_{side}label")(axis_label(self.name))

    def ticks(self, enough: int = 5, gap: float = 0.11) -> Array:
        """Return round values at least ``gap`` of the axis apart, the roundest first."""
        low, high = self.edges[0], self.edges[-1]
        start, stop = self.forward(np.array([low, high]))
        power = float(np.floor(np.log10(high - low)))
        chosen = np.empty(0)
        for digit in (5.0, 2.0, 1.0) * 6:
            step = digit * 10.0**power
            power -= digit == 1.0
            for multiple in np.arange(np.ceil(low / step), np.floor(high / step) + 1):
                value = round(multiple * step, 10) + 0.0  # no negative zero
                distance = np.abs(self.forward(chosen) - self.forward(np.array(value)))
                if (distance > gap * (stop - start)).all():
                    chosen = np.append(chosen, value)
            if len(chosen) >= enough:
                break
        return np.sort(chosen)

    def outside(self, column: Array) -> tuple[int, int]:
        """Return how many values lie below and above; what has no value counts below."""
        above = int(np.count_nonzero(column > self.edges[-1]))
        inside = np.count_nonzero((column >= self.edges[0]) & (column <= self.edges[-1]))
        return len(column) - int(inside) - above, above


def _plain(value: float, _: int) -> str:
    return f"{value:g}".replace("-", "−")


def whole_axis(
    name: str, reference: Array, sample: Array, bins: int, *, adaptive: bool = False
) -> Axis:
    """Return an axis over the whole range of both columns, shapes (n,) and (m,).

    A sample that reaches farther than half the reference's width beyond it is cut there: one
    wild event must not squeeze the figure. The figure then says how many are outside.
    With ``adaptive``, half of the bins of a linear axis follow the reference's population.
    """
    log = OBSERVABLES[name].log or name in ALSO_LOG
    a, b = (column[np.isfinite(column)] for column in (reference, sample))
    if log:
        a, b = a[a > 0], b[b > 0]
    a = a if len(a) else np.ones(1)
    b = b if len(b) else a
    axis = _scaled(name, log, a)
    steps = np.linspace(*_limits(axis.forward(a), axis.forward(b)), bins + 1)
    if adaptive and axis.scale == "linear":
        steps = _half_adaptive(a, steps)
    return axis._replace(edges=axis.backward(steps))


def _scaled(name: str, log: bool, a: Array) -> Axis:
    if log:
        return Axis(name, "log", np.empty(0))
    low, middle, high = np.quantile(a, [0.05, 0.5, 0.95])
    half = (high - low) / 2
    if half == 0 or a.max() - a.min() < PEAKED * half:
        return Axis(name, "linear", np.empty(0))
    centre = 0.0 if abs(middle) < half / 10 else float(middle)
    return Axis(name, "asinh", np.empty(0), centre, float(half / 2))


def _limits(a: Array, b: Array) -> tuple[float, float]:
    low, high = float(a.min()), float(a.max())
    reach = (high - low) / 2 or max(abs(low), 1.0) / 2
    low, high = max(min(low, b.min()), low - reach), min(max(high, b.max()), high + reach)
    if high - low < 1e-9 * max(abs(low), abs(high), 1e-9):
        low, high = low - reach, high + reach
    rounding = 1e-9 * (high - low)  # of the way to the axis and back
    return low - rounding, high + rounding


def _half_adaptive(a: Array, uniform: Array) -> Array:
    """Return edges between which part of the range and share of events add up to the same."""
    quantiles = np.quantile(a, np.linspace(0, 1, 20 * len(uniform)))
    grid = np.union1d(uniform, quantiles)
    width = (grid - grid[0]) / (grid[-1] - grid[0])
    share = np.searchsorted(np.sort(a), grid, side="right") / len(a)
    return np.unique(np.interp(np.linspace(0, 1, len(uniform)), (width + share) / 2, grid))
