"""Axes over the whole range: which scale an observable gets, its bins and its ticks."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from matplotlib.ticker import FixedLocator, FuncFormatter, LogLocator, NullFormatter, NullLocator
from numpy.typing import NDArray

from analysis.comparison import Comparison
from analysis.figures.style import axis_label
from fatgan.events import OBSERVABLES

Array = NDArray[np.float64]

ALSO_LOG = ("y",)
"""Drawn on a logarithmic axis though scores take it as it is: half of all y are below 0.04."""
PEAKED = 15
"""From this ratio of the whole range to half the central 90 % on, a linear axis hides the bulk."""
FEW_DECADES, MANY_DECADES = 1.5, 4.0
"""A logarithmic axis of few decades has plain numbers on it; one of many has no minor ticks."""
FINEST_TICKS = 2000
_BETWEEN = [float(digit) for digit in range(2, 10)]
_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


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
    label: str = ""

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

    def apply(self, axes: Any, side: str, *, small: bool = False) -> None:
        """Set scale, limits and label of the ``"x"`` or ``"y"`` side of matplotlib axes.

        On a ``small`` side there are fewer ticks.
        """
        set_scale = getattr(axes, f"set_{side}scale")
        if self.scale == "asinh":
            set_scale("function", functions=(self.forward, self.backward))
        else:
            set_scale(self.scale)
        getattr(axes, f"set_{side}lim")(self.edges[0], self.edges[-1])
        getattr(axes, f"set_{side}label")(self.label)
        if self.scale == "log":
            log_ticks(axes, side, small=small)
        elif self.scale == "asinh":
            _plain_ticks(axes, side, self.ticks(3, 0.22) if small else self.ticks())

    def ticks(self, enough: int = 5, gap: float = 0.11) -> Array:
        """Return round values at least ``gap`` of the axis apart, the roundest first."""
        low, high = self.edges[0], self.edges[-1]
        start, stop = self.forward(np.array([low, high]))
        power = float(np.floor(np.log10(high - low)))
        chosen = np.empty(0)
        for digit in (5.0, 2.0, 1.0) * 6:
            step = digit * 10.0**power
            power -= digit == 1.0
            if high - low > FINEST_TICKS * step:
                break  # there is no room for more
            for multiple in np.arange(np.ceil(low / step), np.floor(high / step) + 1):
                value = round(multiple * step, 10) + 0.0  # no negative zero
                if not low <= value <= high:
                    continue  # rounded past the end
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


def log_ticks(axes: Any, side: str, *, small: bool = False) -> None:
    """Put ticks on a logarithmic side: decades, or round numbers where there are few decades.

    Their labels are plain text, which takes a tenth of the time of a formula. On a ``small``
    side there are fewer ticks.
    """
    low, high = getattr(axes, f"get_{side}lim")()
    if high < 10**FEW_DECADES * low:
        axis = Axis("", "log", np.array([low, high]))
        _plain_ticks(axes, side, axis.ticks(3, 0.22) if small else axis.ticks())
        return
    ticks = getattr(axes, f"{side}axis")
    ticks.set_major_locator(LogLocator(numticks=4 if small else 8))
    ticks.set_major_formatter(FuncFormatter(_power))
    minor = high < 10**MANY_DECADES * low and not small
    ticks.set_minor_locator(LogLocator(subs=_BETWEEN) if minor else NullLocator())
    ticks.set_minor_formatter(NullFormatter())


def _plain_ticks(axes: Any, side: str, values: Array) -> None:
    ticks = getattr(axes, f"{side}axis")
    ticks.set_major_locator(FixedLocator(values.tolist()))
    ticks.set_major_formatter(FuncFormatter(_plain))
    ticks.set_minor_locator(NullLocator())


def _plain(value: float, _: object) -> str:
    return f"{value:g}".replace("-", "−")


def _power(value: float, _: object) -> str:
    power = round(np.log10(value))
    return ("1", "10")[power] if power in (0, 1) else "10" + str(power).translate(_SUPERSCRIPTS)


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
    return axis._replace(edges=axis.backward(steps), label=axis_label(name))


def shared_axis(name: str, comparison: Comparison, bins: int, *, adaptive: bool = False) -> Axis:
    """Return an axis over the rows of both sides of a comparison; see :func:`whole_axis`."""
    reference, sample = comparison.reference.rows, comparison.sample.rows
    return whole_axis(name, reference[name], sample[name], bins, adaptive=adaptive)


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
