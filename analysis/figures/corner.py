"""All pairs of the main observables at once: contours below the diagonal, spectra on it."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import mplhep
import numpy as np
from matplotlib.figure import Figure

from analysis.comparison import Comparison
from analysis.figures.axes import Axis, shared_axis
from analysis.figures.contours import contour_lines, draw_contours, percentages
from analysis.figures.histograms import Counts, count
from analysis.figures.histograms2d import Pair
from analysis.figures.style import REFERENCE, REFERENCE_FILL, SAMPLE, sample_label

OBSERVED = ("Q2", "x", "y", "pT", "phi", "E")
FRACTIONS = (0.99, 0.9, 0.5)
BINS = 40
SMOOTHING = 1.2


def draw_corner(comparison: Comparison) -> Figure:
    """Return the corner plot: contours at fixed fractions of either sample, spectra above.

    The spectra are shares of events per bin as it is drawn, so on a logarithmic axis per step of
    the logarithm.
    """
    figure = Figure(figsize=(13.0, 13.0))
    number = len(OBSERVED)
    grid = figure.add_gridspec(
        number, number, left=0.06, right=0.985, top=0.985, bottom=0.055, wspace=0.13, hspace=0.1
    )
    tables = comparison.reference.rows, comparison.sample.rows
    axes = [shared_axis(name, comparison, BINS) for name in OBSERVED]
    for index, axis in enumerate(axes):
        ax = figure.add_subplot(grid[index, index])
        _draw_shares(ax, axis, *(count(table, axis) for table in tables))
        _label_outer(ax, left=False, bottom=index == number - 1)
    for across, up in combinations(range(number), 2):
        ax = figure.add_subplot(grid[up, across])
        x, y = axes[across], axes[up]
        pair = Pair(x, y, *(count(table, x, y) for table in tables))
        draw_contours(ax, pair, FRACTIONS, SMOOTHING)
        x.apply(ax, "x", small=True)
        y.apply(ax, "y", small=True)
        _label_outer(ax, left=across == 0, bottom=up == number - 1)
    figure.legend(
        contour_lines(),
        [sample_label(s, 46) for s in (comparison.reference, comparison.sample)],
        loc="upper right",
        bbox_to_anchor=(0.98, 0.97),
        title=f"{comparison.reference.collision}\n"
        f"contours hold {percentages(FRACTIONS)} of the events",
        fontsize=13,
        title_fontsize=12,
    )
    return figure


def _draw_shares(ax: Any, axis: Axis, reference: Counts, sample: Counts) -> None:
    for counts, style in (
        (reference, {"histtype": "fill", "color": REFERENCE_FILL}),
        (reference, {"histtype": "step", "color": REFERENCE, "linewidth": 0.9}),
        (sample, {"histtype": "step", "color": SAMPLE, "linewidth": 1.3, "linestyle": "--"}),
    ):
        mplhep.histplot(
            counts.shares, axis.edges, ax=ax, yerr=False, edges=False, flow="none", **style
        )
    axis.apply(ax, "x", small=True)
    shares = np.concatenate([reference.shares, sample.shares])
    ax.set_ylim(1.15 * min(shares.min(), 0.0), 1.15 * max(shares.max(), 1e-9))
    ax.set_yticks([])


def _label_outer(ax: Any, *, left: bool, bottom: bool) -> None:
    ax.tick_params(labelleft=left, labelbottom=bottom)
    if not left:
        ax.set_ylabel("")
    if not bottom:
        ax.set_xlabel("")
