"""Spectra of single observables over their whole range, with ratio and pull below."""

from __future__ import annotations

from typing import Any

import mplhep
import numpy as np
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from analysis.comparison import Comparison
from analysis.figures.axes import Axis, log_ticks, shared_axis
from analysis.figures.histograms import count
from analysis.figures.ratios import Joined, draw_pull, draw_ratio
from analysis.figures.style import (
    REFERENCE,
    REFERENCE_FILL,
    SAMPLE,
    density_label,
    sample_label,
)
from analysis.summaries import SPECTRA

Array = NDArray[np.float64]

BINS = 60
STEEP = 20
"""From this ratio of the highest to the lowest density on, the density axis is logarithmic."""
LINE, WRAPPED = 64, 56
"""Letters above a spectrum: of two labels beside each other, and in a line of one."""


def draw_spectrum(name: str, comparison: Comparison) -> Figure:
    """Return one observable's normalised spectrum with ratio sample/reference and pull below."""
    texts = [sample_label(s, WRAPPED) for s in (comparison.reference, comparison.sample)]
    beside = len("".join(texts)) <= LINE and "\n" not in "".join(texts)
    lines = 1 if beside else sum(text.count("\n") + 1 for text in texts)
    height = 5.5 + 0.19 * lines
    figure = Figure(figsize=(5.6, height))
    top = 1 - (0.14 + 0.19 * lines) / height
    place = figure.add_gridspec(left=0.165, right=0.97, top=top, bottom=0.58 / height)[0]
    _draw_panels(figure, place, name, comparison, pulls=True)
    figure.legend(
        handles(),
        texts,
        loc="upper center",
        ncols=1 + beside,
        fontsize=9.5,
        borderaxespad=0.2,
        columnspacing=1,
    )
    return figure


def draw_overview(comparison: Comparison) -> Figure:
    """Return all eleven spectra on one page, with the legend in the twelfth place."""
    figure = Figure(figsize=(15.5, 13.0))
    places = figure.add_gridspec(
        3, 4, left=0.055, right=0.99, top=0.985, bottom=0.045, wspace=0.34, hspace=0.2
    )
    for index, name in enumerate(SPECTRA):
        _draw_panels(figure, places[index], name, comparison, pulls=False)
    corner = figure.add_subplot(places[-1], frame_on=False, xticks=[], yticks=[])
    corner.legend(
        handles(),
        [sample_label(s, 24) for s in (comparison.reference, comparison.sample)],
        loc="center",
        title=f"{comparison.reference.collision}\n",
        fontsize=13,
        title_fontsize=12,
    )
    return figure


def handles() -> list[Any]:
    """Return what stands for reference and sample in legends."""
    return [
        Patch(facecolor=REFERENCE_FILL, edgecolor=REFERENCE),
        Line2D([], [], color=SAMPLE, linewidth=1.3),
    ]


def _draw_panels(
    figure: Figure, place: SubplotSpec, name: str, comparison: Comparison, *, pulls: bool
) -> None:
    tables = comparison.reference.rows, comparison.sample.rows
    axis = shared_axis(name, comparison, BINS, adaptive=True)
    reference, sample = (count(table, axis) for table in tables)
    heights = (3, 1.25, 1) if pulls else (3, 1.25)
    rows = place.subgridspec(len(heights), 1, height_ratios=heights, hspace=0.07)
    top = figure.add_subplot(rows[0])
    below = [figure.add_subplot(rows[i], sharex=top) for i in range(1, len(heights))]
    draw_densities(top, axis, reference.shares, sample.shares)
    bins = Joined.of(axis, reference, sample)
    for ax, draw in zip(below, (draw_ratio, draw_pull), strict=False):
        draw(ax, bins)
    top.set_ylabel(density_label(name), fontsize=14)
    axis.apply(below[-1], "x")
    for ax in (top, *below[:-1]):
        ax.tick_params(labelbottom=False)
    _note_outside(top, axis, tables[1][name])
    figure.align_ylabels((top, *below))


def draw_densities(ax: Any, axis: Axis, reference: Array, sample: Array) -> None:
    """Draw shares of events, shape (bins,), as densities; steep ones on a logarithmic axis."""
    densities = [share / np.diff(axis.edges) for share in (reference, sample)]
    for values, style in (
        (densities[0], {"histtype": "fill", "color": REFERENCE_FILL}),
        (densities[0], {"histtype": "step", "color": REFERENCE, "linewidth": 0.9}),
        (densities[1], {"histtype": "step", "color": SAMPLE, "linewidth": 1.3}),
    ):
        mplhep.histplot(values, axis.edges, ax=ax, yerr=False, edges=False, flow="none", **style)
    everything = np.concatenate(densities)
    filled = everything[everything > 0]
    lowest, highest = (filled.min(), filled.max()) if len(filled) else (0.1, 1.0)
    if highest > STEEP * lowest:
        ax.set_yscale("log")
        ax.set_ylim(lowest / 3, highest * 5)
        log_ticks(ax, "y")
    else:
        ax.set_ylim(1.35 * min(everything.min(), 0.0), highest * 1.35)
        ax.yaxis.set_major_locator(MaxNLocator(5, prune="lower"))


def _note_outside(ax: Any, axis: Axis, sample: Array) -> None:
    below, above = axis.outside(sample)
    for number, text, x, side in (
        (below, "← {:,}", 0.02, "left"),
        (above, "{:,} →", 0.98, "right"),
    ):
        if number:
            ax.text(
                x,
                0.03,
                text.format(number),
                color=SAMPLE,
                ha=side,
                transform=ax.transAxes,
                zorder=5,
            )
