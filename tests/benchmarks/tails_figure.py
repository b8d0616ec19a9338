"""The figure of the study of tails: survival functions, and the density at the edge in Q2."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullFormatter, PercentFormatter
from numpy.typing import NDArray

from analysis.figures.style import REFERENCE, REFERENCE_FILL, SAMPLE, THIRD, axis_label

Array = NDArray[np.float64]

TICKS: dict[str, dict[float, str]] = {
    "pT": {20: "20", 50: "50", 100: "100"},
    "1 - y": {1.4e-4: r"$1.4\times10^{-4}$", 8e-5: r"$8\times10^{-5}$", 5e-5: r"$5\times10^{-5}$"},
}
"""Where an axis of one decade is labelled."""
LEAST = 5
"""Events of truth below which a ratio says nothing."""


def draw(
    truth: dict[str, list[int]],
    grids: dict[str, Array],
    cells: list[dict[str, Any]],
    n_truth: int,
    n_made: int,
) -> Figure:
    """Return the figure: a column for each tail and one for the edge, ratios below.

    Parameters
    ----------
    truth
        Counts of truth beyond each value of a grid; at ``edge`` those between the values.
    cells
        One per training, with the same counts of its generator as ``curves`` and with ``maxima``.
    n_truth, n_made
        Events of truth, and of each generator.
    """
    figure = Figure(figsize=(13.5, 5.6), layout="constrained")
    axes = figure.subplots(2, 4, sharex="col", height_ratios=(2.2, 1))
    for (upper, lower), name in zip(axes.T, ("Q2", "pT", "1 - y", "edge"), strict=True):
        known = np.array(truth[name], dtype=np.float64)
        curves = [np.array(cell["curves"][name]) / n_made for cell in cells]
        share, error = known / n_truth, np.sqrt(known) / n_truth
        if name == "edge":
            place = grids[name][:-1] + np.diff(grids[name]) / 2
        else:
            place = 1 - grids[name] if name == "1 - y" else grids[name]
        upper.fill_between(place, share - error, share + error, color=REFERENCE_FILL)
        upper.plot(place, share, color=REFERENCE, lw=1.6, label="truth (Poisson band)")
        for number, curve in enumerate(curves):
            label = f"{len(cells)} generators" if not number else None
            upper.plot(place, curve, color=SAMPLE, lw=0.8, alpha=0.7, label=label)
        told = known >= LEAST
        place, share, off = place[told], share[told], 1 / np.sqrt(known[told])
        lower.fill_between(place, 1 - off, 1 + off, color=REFERENCE_FILL)
        for curve in curves:
            lower.plot(place, curve[told] / share, color=SAMPLE, lw=0.8, alpha=0.7)
        lower.axhline(1, color=REFERENCE, lw=1)
        if name == "edge":
            _finish_edge(upper, lower, grids[name], share)
        else:
            maxima = [cell["maxima"][name] for cell in cells]
            ends = 1 - np.array(maxima) if name == "1 - y" else np.array(maxima)
            _finish_tail(upper, lower, name, ends, n_truth)
    axes[0, 0].set_ylabel("share of events beyond")
    axes[1, 0].set_ylabel("generated / truth")
    axes[0, 0].legend(loc="lower left", fontsize=9.5)
    return figure


def _finish_tail(upper: Axes, lower: Axes, name: str, ends: Array, n_truth: int) -> None:
    upper.set(xscale="log", yscale="log", ylim=(0.5 / n_truth, 2e-2))
    lower.set(ylim=(0, 2.4))
    upper.plot(
        ends,
        np.full(len(ends), 0.93),
        "|",
        transform=upper.get_xaxis_transform(),
        color=THIRD,
        ms=11,
        mew=1.4,
        label="training samples' ends",
    )
    if name == "1 - y":
        lower.invert_xaxis()
        lower.set_xlabel("$y$ (the tail of $1 - y$)")
    else:
        lower.set_xlabel(axis_label(name))
    if name in TICKS:
        lower.set_xticks(list(TICKS[name]), list(TICKS[name].values()))
        lower.xaxis.set_minor_formatter(NullFormatter())


def _finish_edge(upper: Axes, lower: Axes, grid: Array, share: Array) -> None:
    upper.set(ylim=(0.8 * share.min(), 1.15 * share.max()), ylabel="events per bin [%]")
    upper.yaxis.set_major_formatter(PercentFormatter(1, 3, symbol=None))
    lower.set(ylim=(0.9, 1.1), xlim=(grid[0] - 0.008, grid[-1]), xlabel=axis_label("Q2"))
    for ax in (upper, lower):
        ax.axvline(grid[0], color=THIRD, lw=1)
        ax.axvline(1.01 * grid[0], color=THIRD, lw=1, ls="--")
    upper.set_title("the edge, and 1 % above it (dashed)")
