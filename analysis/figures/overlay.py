"""Spectra of several samples on one page, with their ratios to the first below each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.gridspec import SubplotSpec
from numpy.typing import NDArray

from analysis.figures.axes import Axis, log_ticks, whole_axis
from analysis.figures.histograms import Counts, count, joined_bins, ratio
from analysis.figures.style import (
    GRID,
    REFERENCE,
    REFERENCE_FILL,
    SAMPLE,
    THIRD,
    density_label,
    short_label,
)
from fatgan.errors import DataError
from fatgan.events import EventTable

Array = NDArray[np.float64]

COLOURS = (SAMPLE, THIRD, "#009e73", "#cc79a7")
"""Of Okabe and Ito, one for each sample after the first."""
SHOWN = ("Q2", "x", "y", "E", "theta", "pT")
BINS, RATIO_EVENTS = 50, 100
"""Bins of a spectrum, and events of the first sample to which they are joined for ratios."""
COLUMNS = 3
RATIO = 0.3
"""How far the ratios' axis reaches to either side of 1."""


def draw_overlay(tables: Mapping[str, EventTable], names: Sequence[str] = SHOWN) -> Figure:
    """Return a panel for each observable with all samples.

    Parameters
    ----------
    tables
        Samples of one collision by their labels, two to five; the first is what ratios are to.
    names
        Observables.

    Raises
    ------
    DataError
        One sample, or more than five.
    """
    if not 2 <= len(tables) <= 1 + len(COLOURS):
        raise DataError(f"{len(tables)} samples: a figure shows two to {1 + len(COLOURS)}")
    rows = -(-len(names) // COLUMNS)
    height = 0.6 + 4.0 * rows
    figure = Figure(figsize=(4.6 * COLUMNS, height))
    places = figure.add_gridspec(
        rows,
        COLUMNS,
        left=0.065,
        right=0.99,
        top=1 - 0.5 / height,
        bottom=0.55 / height,
        wspace=0.3,
        hspace=0.22,
    )
    for number, name in enumerate(names):
        top = _draw(figure, places[number], name, list(tables.values()))
    labels = [f"{short_label(label)} ({len(t):,} events)" for label, t in tables.items()]
    figure.legend(top.get_lines()[: len(labels)], labels, loc="upper center", ncols=len(labels))
    return figure


def _draw(figure: Figure, place: SubplotSpec, name: str, tables: list[EventTable]) -> Any:
    parts = place.subgridspec(2, 1, height_ratios=(2.4, 1), hspace=0.07)
    top = figure.add_subplot(parts[0])
    below = figure.add_subplot(parts[1], sharex=top)
    first, *others = (table[name] for table in tables)
    axis = whole_axis(name, first, np.concatenate(others), BINS, adaptive=True)
    known, *made = (count(table, axis) for table in tables)
    _draw_densities(top, axis, [known, *made])
    _draw_ratios(below, axis, known, made)
    top.set_ylabel(density_label(name), fontsize=14)
    axis.apply(below, "x")
    top.tick_params(labelbottom=False)
    figure.align_ylabels((top, below))
    return top


def _draw_densities(ax: Any, axis: Axis, counts: Sequence[Counts]) -> None:
    widths = np.diff(axis.edges)
    densities = [c.shares / widths for c in counts]
    ax.stairs(densities[0], axis.edges, fill=True, color=REFERENCE_FILL)
    for density, colour in zip(densities, (REFERENCE, *COLOURS), strict=False):
        # as a line: legends take it
        ax.step(
            axis.edges,
            np.append(density, density[-1]),
            where="post",
            color=colour,
            linewidth=0.9 if colour == REFERENCE else 1.3,
        )
    filled = np.concatenate(densities)
    filled = filled[filled > 0]
    if len(filled) and filled.max() > 20 * filled.min():
        ax.set_yscale("log")
        ax.set_ylim(filled.min() / 2, filled.max() * 3)
        log_ticks(ax, "y")
    else:
        ax.set_ylim(0, 1.3 * filled.max(initial=1e-30))


def _draw_ratios(ax: Any, axis: Axis, known: Counts, made: Sequence[Counts]) -> None:
    starts = joined_bins(known, RATIO_EVENTS)
    edges = np.append(axis.edges[starts], axis.edges[-1])
    middles, known = axis.middles(edges), known.joined(starts)
    unit = np.where(known.w > 0, known.shares, np.nan)
    band = np.sqrt(known.variances) / unit
    ax.stairs(1 + band, edges, baseline=1 - band, fill=True, color=REFERENCE_FILL)
    ax.axhline(1, color=REFERENCE, linewidth=0.8)
    for counts, colour in zip(made, COLOURS, strict=False):
        joined = counts.joined(starts)
        values, errors = ratio(known, joined), np.sqrt(joined.variances) / unit
        ax.errorbar(middles, values, errors, fmt="o", ms=2.2, lw=0.9, color=colour)
    ax.set_ylim(1 - RATIO, 1 + RATIO)
    ax.set_ylabel("ratio")
    ax.grid(axis="y", linewidth=0.4, color=GRID)
