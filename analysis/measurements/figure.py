"""The figure: measured and predicted reduced cross-sections against x, with ratios to the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, MaxNLocator, MultipleLocator, NullFormatter
from numpy.typing import NDArray

from analysis.figures.style import GRID, REFERENCE, REFERENCE_FILL, SAMPLE, THIRD, short_label
from analysis.measurements.hera import Measurement
from analysis.measurements.reduced import Prediction

Array = NDArray[np.float64]

COLUMNS, ROWS = 4, 3
COLOURS = (THIRD, SAMPLE, "#009e73", "#cc79a7", "#e69f00")
"""Of Okabe and Ito, one per sample."""
MARKERS = ("s", "^", "D", "v", "P")
LEAST = 4
"""Points of a Q2 for which it has a panel of its own."""
RATIO = 0.42
"""How far the ratios' axis reaches to either side of 1."""
APART = 1.03
"""The factor in x by which samples stand apart, so that their errors are seen."""


def draw(data: Measurement, predictions: Sequence[Prediction]) -> Figure:
    """Return panels of sigma_r against x at several Q2, with the ratio to the data below each.

    Parameters
    ----------
    data
        The points.
    predictions
        One to five, at these points; those of which a bin is not usable are left out.
    """
    chosen = _panels(data, predictions)
    columns = min(COLUMNS, len(chosen))
    rows = -(-len(chosen) // columns)
    height = 0.95 + 2.75 * rows
    figure = Figure(figsize=(3.55 * columns, height))
    places = figure.add_gridspec(
        rows,
        columns,
        left=0.052 * 4 / columns,
        right=0.992,
        top=1 - 0.55 / height,
        bottom=0.5 / height,
        wspace=0.2,
        hspace=0.24,
    )
    for number, Q2 in enumerate(chosen):
        top, below = _axes(figure, places[number])
        _draw_panel(top, below, data, predictions, Q2)
        if number % columns == 0:
            top.set_ylabel(r"$\sigma_r$")
            below.set_ylabel("ratio", fontsize=10.5)
            figure.align_ylabels((top, below))
        if number + columns >= len(chosen):
            below.set_xlabel("$x$")
    handles, labels = top.get_legend_handles_labels()
    figure.legend(handles, labels, loc="upper center", ncols=len(labels), borderaxespad=0.3)
    return figure


def _panels(data: Measurement, predictions: Sequence[Prediction]) -> list[float]:
    """Return the Q2 to be shown, spread evenly over those with points enough."""
    usable = np.logical_and.reduce([p.usable for p in predictions])
    known, numbers = np.unique(data.Q2[usable], return_counts=True)
    known = known[numbers >= min(LEAST, numbers.max())]
    wanted = np.linspace(0, len(known) - 1, min(COLUMNS * ROWS, len(known)))
    return [float(known[round(place)]) for place in wanted]


def _axes(figure: Figure, place: Any) -> tuple[Any, Any]:
    parts = place.subgridspec(2, 1, height_ratios=(2, 1), hspace=0.06)
    top = figure.add_subplot(parts[0])
    below = figure.add_subplot(parts[1], sharex=top)
    top.tick_params(labelbottom=False)
    return top, below


def _draw_panel(
    top: Any, below: Any, data: Measurement, predictions: Sequence[Prediction], Q2: float
) -> None:
    points = np.flatnonzero(data.Q2 == Q2)
    points = points[np.argsort(data.x[points])]
    x, measured, error = data.x[points], data.sigma_r[points], data.error[points]
    top.errorbar(
        x, measured, error, fmt="o", color=REFERENCE, ms=3.6, lw=1, label="H1 and ZEUS", zorder=3
    )
    below.fill_between(
        x, 1 - error / measured, 1 + error / measured, color=REFERENCE_FILL, linewidth=0
    )
    below.plot(x, np.ones_like(x), color=REFERENCE, lw=0.8)
    for number, prediction in enumerate(predictions):
        style = {"color": COLOURS[number], "marker": MARKERS[number], "ms": 3.2, "lw": 1}
        usable = prediction.usable[points]
        value, own = prediction.sigma_r[points][usable], prediction.error[points][usable]
        apart = APART ** (number - (len(predictions) - 1) / 2)
        top.errorbar(x[usable] * apart, value, own, label=short_label(prediction.label), **style)
        ratio = value / measured[usable]
        _draw_ratio(below, x[usable] * apart, ratio, own / measured[usable], style)
    top.set_xscale("log")
    top.set_xlim(x.min() / 1.5, min(x.max() * 1.5, 1.0))
    top.xaxis.set_major_locator(LogLocator(numticks=5))
    top.xaxis.set_minor_formatter(NullFormatter())
    top.set_ylim(0, 1.22 * float(np.max(measured + error)))
    top.yaxis.set_major_locator(MaxNLocator(5, prune="lower"))
    top.text(0.95, 0.9, f"$Q^2 = {Q2:g}$ GeV$^2$", ha="right", va="top", transform=top.transAxes)
    below.set_ylim(1 - RATIO, 1 + RATIO)
    below.yaxis.set_major_locator(MultipleLocator(0.2))
    below.grid(axis="y", linewidth=0.4, color=GRID)


def _draw_ratio(ax: Any, x: Array, ratio: Array, error: Array, style: dict[str, Any]) -> None:
    """Draw ratios; what is off the axis is an arrow at its end."""
    inside = np.abs(ratio - 1) <= RATIO
    ax.errorbar(x[inside], ratio[inside], error[inside], **(style | {"lw": 0.8, "ls": "none"}))
    for above in (True, False):
        off = ~inside & ((ratio > 1) == above)
        end = 1 + (0.93 if above else -0.93) * RATIO
        ax.plot(
            x[off],
            np.full(int(off.sum()), end),
            "^" if above else "v",
            color=style["color"],
            ms=4,
            mfc="none",
        )
