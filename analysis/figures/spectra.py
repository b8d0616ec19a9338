"""Spectra of single observables over their whole range, each with a ratio panel."""

from __future__ import annotations

from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import LogLocator, MaxNLocator
from numpy.typing import NDArray

from analysis.figures.axes import Axis, whole_axis
from analysis.figures.style import REFERENCE, REFERENCE_FILL, SAMPLE, density_label
from analysis.scores.score import SPECTRA
from fatgan.events import EventTable

Array = NDArray[np.float64]

BINS = 60
RATIO_EVENTS = 100
"""Neighbouring bins are joined in the ratio panel until the reference has this many events."""
RATIO_RANGES = (0.2, 0.5, 1.0)


def draw_spectrum(
    name: str, reference: EventTable, sample: EventTable, labels: tuple[str, str]
) -> Figure:
    """Return one observable's normalised spectrum with the ratio sample/reference below."""
    figure = Figure(figsize=(5.6, 4.8))
    place = figure.add_gridspec(left=0.16, right=0.97, top=0.92, bottom=0.12)[0]
    _draw_panels(figure, place, name, reference, sample)
    figure.legend(
        **_legend(reference, sample, labels),
        loc="upper center",
        ncols=2,
        fontsize=9.5,
        columnspacing=1,
    )
    return figure


def draw_overview(reference: EventTable, sample: EventTable, labels: tuple[str, str]) -> Figure:
    """Return all eleven spectra on one page, with the legend in the twelfth place."""
    figure = Figure(figsize=(15.5, 13.0))
    places = figure.add_gridspec(
        3, 4, left=0.055, right=0.99, top=0.985, bottom=0.045, wspace=0.34, hspace=0.2
    )
    for index, name in enumerate(SPECTRA):
        _draw_panels(figure, places[index], name, reference, sample)
    corner = figure.add_subplot(places[-1], frame_on=False, xticks=[], yticks=[])
    corner.legend(
        **_legend(reference, sample, labels, width=24),
        loc="center",
        title=f"{reference.collision}\n",
        fontsize=13,
        title_fontsize=12,
    )
    return figure


def _legend(
    reference: EventTable, sample: EventTable, labels: tuple[str, str], width: int = 70
) -> dict[str, Any]:
    """Return handles and labels; a label wider than ``width`` letters goes over several lines."""
    tables = zip(labels, (reference, sample), strict=True)
    return {
        "handles": [
            Patch(facecolor=REFERENCE_FILL, edgecolor=REFERENCE),
            Line2D([], [], color=SAMPLE, linewidth=1.3),
        ],
        "labels": [fill(f"{text} ({len(table):,} events)", width) for text, table in tables],
    }


def _draw_panels(
    figure: Figure, place: SubplotSpec, name: str, reference: EventTable, sample: EventTable
) -> None:
    a, b = reference[name], sample[name]
    axis = whole_axis(name, a, b, BINS, adaptive=True)
    r, s = (np.histogram(column, axis.edges)[0] for column in (a, b))
    rows = place.subgridspec(2, 1, height_ratios=(3, 1.25), hspace=0.06)
    top = figure.add_subplot(rows[0])
    below = figure.add_subplot(rows[1], sharex=top)
    _draw_spectra(top, axis, r / len(a), s / len(b))
    _draw_ratio(below, axis, r, s, len(b) / len(a))
    top.set_ylabel(density_label(name), fontsize=14)
    axis.apply(below, "x")
    top.tick_params(labelbottom=False)
    top.set_xlabel("")
    _note_outside(top, axis, b)
    figure.align_ylabels((top, below))


def _draw_spectra(ax: Any, axis: Axis, r: Array, s: Array) -> None:
    density_r, density_s = (share / np.diff(axis.edges) for share in (r, s))
    filled = np.concatenate([density_r, density_s])
    filled = filled[filled > 0]
    lowest, highest = (filled.min(), filled.max()) if len(filled) else (0.1, 1.0)
    steep = highest > 20 * lowest
    style = {"edges": axis.edges, "baseline": lowest / 3 if steep else 0.0}
    ax.stairs(density_r, fill=True, color=REFERENCE_FILL, **style)
    ax.stairs(density_r, color=REFERENCE, linewidth=0.9, **style)
    ax.stairs(density_s, color=SAMPLE, linewidth=1.3, **style)
    if steep:
        ax.set_yscale("log")
        ax.yaxis.set_major_locator(LogLocator(numticks=8))
        ax.set_ylim(lowest / 3, highest * 5)
    else:
        ax.set_ylim(0, highest * 1.35)
        ax.yaxis.set_major_locator(MaxNLocator(5, prune="lower"))


def _draw_ratio(ax: Any, axis: Axis, r: Array, s: Array, scale: float) -> None:
    """Draw s/r with its own statistical errors, and the reference's as a band around 1."""
    starts = joined_bins(r, RATIO_EVENTS)
    r, s = np.add.reduceat(r, starts), np.add.reduceat(s, starts)
    edges = np.append(axis.edges[starts], axis.edges[-1])
    band = 1 / np.sqrt(np.maximum(r, 1))
    ratio = s / np.maximum(r, 1) / scale
    error = np.sqrt(np.maximum(s, 1)) / np.maximum(r, 1) / scale
    reach = _ratio_range(ratio, np.hypot(error, band))
    ax.stairs(1 + band, edges, baseline=1 - band, fill=True, color=REFERENCE_FILL)
    ax.axhline(1, color=REFERENCE, linewidth=0.8)
    shown = np.clip(ratio, 1 - reach, 1 + reach)
    ax.hlines(shown, edges[:-1], edges[1:], color=SAMPLE, linewidth=1.3)
    middle = axis.middles(edges)
    ax.vlines(middle, ratio - error, ratio + error, color=SAMPLE, linewidth=0.9)
    for off, marker in ((ratio > 1 + reach, "^"), (ratio < 1 - reach, "v")):
        ax.plot(middle[off], shown[off], marker, color=SAMPLE, markersize=6, clip_on=False)
    ax.set_ylim(1 - reach, 1 + reach)
    ax.set_ylabel("ratio")
    ax.grid(axis="y", linewidth=0.4, color="#bbbbbb")


def joined_bins(counts: Array, least: int) -> NDArray[np.intp]:
    """Return the first bins of groups that hold at least ``least`` counts each."""
    starts, held = [0], 0
    for index, count in enumerate(counts):
        if held >= least:
            starts.append(index)
            held = 0
        held += int(count)
    if held < least and len(starts) > 1:
        starts.pop()
    return np.array(starts)


def _ratio_range(ratio: Array, error: Array) -> float:
    """Return the smallest range that holds nearly all that is not mere statistics."""
    excess = np.maximum(np.abs(ratio - 1) - 2 * error, 0)
    needed = np.quantile(excess, 0.95)
    return next((reach for reach in RATIO_RANGES if needed <= reach), RATIO_RANGES[-1])


def _note_outside(ax: Any, axis: Axis, sample: Array) -> None:
    below, above = axis.outside(sample)
    for count, text, x, side in ((below, "← {:,}", 0.02, "left"), (above, "{:,} →", 0.98, "right")):
        if count:
            ax.text(
                x, 0.03, text.format(count), color=SAMPLE, ha=side, transform=ax.transAxes, zorder=5
            )
