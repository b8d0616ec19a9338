"""The distribution of the classifier weight of both samples, with its tails."""

from __future__ import annotations

from typing import Any

import mplhep
import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from analysis.classification import CLASSIFIERS
from analysis.comparison import Comparison
from analysis.figures.axes import Axis, log_ticks
from analysis.figures.histograms import Counts, fill, ratio
from analysis.figures.spectra import handles
from analysis.figures.style import GRID, REFERENCE, REFERENCE_FILL, SAMPLE, THIRD, short_label

Array = NDArray[np.float64]

BINS = 60
NARROWEST = 1.5
"""The axis reaches from at most 1/1.5 to at least 1.5: weights that are all 1 have no range."""
RATIO_EVENTS = 4
"""Bins of the ratio hold so many events of either sample."""
HIGHEST_RATIO = 1e3


def draw_classifier_weights(comparison: Comparison) -> Figure:
    """Return the spectra of (1 - D)/D for both samples, one column per classifier.

    D is the probability, out of fold, that an event is the sample's. Between samples of one
    truth both spectra agree. The ratio sample/reference at a weight is the inverse of that
    weight if the classifier's probabilities are right.

    Source: R. Das et al., arXiv:2305.16774.
    """
    figure = Figure(figsize=(11.0, 5.6))
    grid = figure.add_gridspec(
        2,
        len(CLASSIFIERS),
        left=0.07,
        right=0.985,
        top=0.875,
        bottom=0.1,
        hspace=0.07,
        wspace=0.2,
        height_ratios=(2.2, 1),
    )
    for index, name in enumerate(CLASSIFIERS):
        found = comparison.classified(name)
        sides = found.reference, found.sample
        axis = _axis(np.concatenate([side.ratio for side in sides]))
        counts = [fill([side.ratio], side.weights, (axis,)) for side in sides]
        top = figure.add_subplot(grid[0, index])
        below = figure.add_subplot(grid[1, index], sharex=top)
        _draw_spectra(top, axis, *counts)
        _draw_ratio(below, axis, *counts)
        axis.apply(below, "x")
        top.tick_params(labelbottom=False)
        top.set_title(f"{name}, {len(found.sample.chosen):,} events of each sample")
        figure.align_ylabels((top, below))
    line = Line2D([], [], color=THIRD, linestyle="--", linewidth=1.2)
    labels = [*map(short_label, comparison.labels), "1/w, a calibrated classifier"]
    figure.legend([*handles(), line], labels, loc="upper center", ncols=3)
    return figure


def _axis(weights: Array) -> Axis:
    low, high = min(weights.min(), 1 / NARROWEST), max(weights.max(), NARROWEST)
    edges = np.geomspace(0.999 * low, 1.001 * high, BINS + 1)
    return Axis("weight", "log", edges, label="classifier weight $w=(1-D)/D$")


def _draw_spectra(ax: Any, axis: Axis, reference: Counts, sample: Counts) -> None:
    step = np.log(axis.edges[1] / axis.edges[0])
    a, b = (counts.shares / step for counts in (reference, sample))
    for values, style in (
        (a, {"histtype": "fill", "color": REFERENCE_FILL}),
        (a, {"histtype": "step", "color": REFERENCE, "linewidth": 0.9}),
        (b, {"histtype": "step", "color": SAMPLE, "linewidth": 1.3}),
    ):
        mplhep.histplot(values, axis.edges, ax=ax, yerr=False, edges=False, flow="none", **style)
    filled = np.concatenate([a, b])
    filled = filled[filled > 0]
    ax.axvline(1, color=GRID, linewidth=0.8, zorder=0.5)
    ax.set_yscale("log")
    ax.set_ylim(filled.min() / 2, filled.max() * 3)
    log_ticks(ax, "y")
    ax.set_ylabel(r"$\frac{1}{N}\,\frac{dN}{d\,\ln w}$", fontsize=14)


def _draw_ratio(ax: Any, axis: Axis, reference: Counts, sample: Counts) -> None:
    """Draw sample/reference where both have events, on a logarithmic axis."""
    middle = axis.middles(axis.edges)
    both = (reference.entries >= RATIO_EVENTS) & (sample.entries >= RATIO_EVENTS)
    values = np.where(both, ratio(reference, sample), np.nan)
    relative = np.full_like(values, np.nan)
    relative[both] = np.sqrt(1 / reference.entries[both] + 1 / sample.entries[both])
    ax.axhline(1, color=REFERENCE, linewidth=0.8)
    ax.plot(middle, 1 / middle, color=THIRD, linestyle="--", linewidth=1.2)
    ax.hlines(values, axis.edges[:-1], axis.edges[1:], color=SAMPLE, linewidth=1.3)
    # of a logarithm the error is the relative one, on either side
    up, down = values * np.exp(relative), values * np.exp(-relative)
    ax.vlines(middle, down, up, color=SAMPLE, linewidth=0.9)
    ends = np.concatenate([up[both], 1 / down[both], [NARROWEST]])
    reach = min(1.2 * float(ends.max()), HIGHEST_RATIO)
    Axis("ratio", "log", np.array([1 / reach, reach]), label="ratio").apply(ax, "y")
    ax.grid(axis="y", linewidth=0.4, color=GRID)
