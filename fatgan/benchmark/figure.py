"""The convergence of several models: scores against training time and against steps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.figures.axes import log_ticks
from analysis.figures.style import GRID, REFERENCE
from fatgan.benchmark.cell import Cell

Array = NDArray[np.float64]

CLOCKS = {"seconds": "training time [s]", "step": "generator steps"}
COLOURS = ("#d55e00", "#0072b2", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#1a1a1a", "#8c6d31")
"""Of Okabe and Ito, which colour-blind readers tell apart; then again with other dashes."""
DASHES = ("-", "--", ":", "-.")
GRID_POINTS = 40
BELOW = 3.0
"""Values below the floor are drawn where they are, down to a third of it."""


class Panel(NamedTuple):
    """A score on its axis: the entry of a snapshot, what is taken off it, and its floor's entry."""

    score: str
    offset: float
    floor: str
    label: str
    floor_label: str


PANELS = (
    Panel("chi2", 0.0, "chi2_floor", "$\\chi^2$/ndf, mean of observables", "samples of one truth"),
    Panel("area", 0.5, "area_spread", "C2ST AUC − 0.5", "its spread for samples of one truth"),
)


class Curve(NamedTuple):
    """The median over seeds and the worst and best of them, each of shape (n,)."""

    places: Array
    median: Array
    low: Array
    high: Array


def draw_convergence(cells: Sequence[Cell], panels: Sequence[Panel] = PANELS) -> Figure:
    """Return a row of panels per score of the snapshots, against both clocks, all axes logarithmic.

    A line is the median over the seeds, its band reaches from the best to the worst of them. The
    dashed line is the floor; a value far below it is drawn at a third of it. Each line is over the
    range that all its seeds share.
    """
    names = list(dict.fromkeys(cell["name"] for cell in cells))
    figure = Figure(figsize=(9.6, 1.0 + 3.1 * len(panels) + 0.25 * len(names) / 4))
    axes = figure.subplots(len(panels), len(CLOCKS), sharex="col", sharey="row", squeeze=False)
    for row, panel in enumerate(panels):
        floor = _floor(cells, panel.floor)
        for column, clock in enumerate(CLOCKS):
            _draw(axes[row, column], cells, names, panel, clock, floor)
        axes[row, 0].set_ylabel(panel.label)
        log_ticks(axes[row, 0], "y")
    for column, label in enumerate(CLOCKS.values()):
        axes[-1, column].set_xlabel(label)
        log_ticks(axes[-1, column], "x")
    lines, labels = axes[0, 0].get_legend_handles_labels()
    figure.tight_layout(rect=(0, 0, 1, 0.97 - 0.2 / figure.get_figheight() * -(-len(labels) // 4)))
    figure.legend(lines, labels, loc="upper center", ncols=4)
    return figure


def _draw(
    ax: Any, cells: Sequence[Cell], names: list[str], panel: Panel, clock: str, floor: float | None
) -> None:
    ax.set_xscale("log")
    ax.set_yscale("log")
    ax.grid(linewidth=0.4, color=GRID)
    least = floor / BELOW if floor else 1e-4
    for number, name in enumerate(names):
        own = [cell["snapshots"] for cell in cells if cell["name"] == name]
        found = curve(own, clock, panel.score)
        colour = COLOURS[number % len(COLOURS)]
        median, low, high = (np.maximum(y - panel.offset, least) for y in found[1:])
        single = len(found.places) == 1
        dashes = DASHES[number // len(COLOURS) % len(DASHES)]
        label = name.replace("$", r"\$")
        ax.plot(found.places, median, dashes, color=colour, marker="o" * single, label=label)
        # of a single place the band is a bar
        shade = {"alpha": 0.3, "linewidth": 2} if single else {"alpha": 0.2, "linewidth": 0}
        ax.fill_between(found.places, low, high, color=colour, **shade)
    if floor:
        ax.axhline(floor, color=REFERENCE, linestyle="--", linewidth=1)
        place = {"xy": (0.98, floor), "xycoords": ("axes fraction", "data")}
        ax.annotate(
            panel.floor_label, **place, xytext=(0, 3), textcoords="offset points", ha="right",
            fontsize=8.5,
        )  # fmt: skip


def curve(snapshots: Sequence[Sequence[dict[str, Any]]], clock: str, score: str) -> Curve:
    """Return the course of a score over the range of the clock that all seeds share.

    Each seed's snapshots are joined by lines in the logarithm of the clock; snapshots without the
    score or the clock are left out, and seeds without any; without any seed the curve is empty. If
    no range is shared, it is one place: the end.
    """
    points = []
    for taken in snapshots:
        pairs = [(entry[clock], entry[score]) for entry in taken if {clock, score} <= entry.keys()]
        if pairs:
            points.append(np.array(sorted(pairs)).T)
    if not points:
        return Curve(*np.empty((4, 0)))
    first = max(float(times[0]) for times, _ in points)
    last = min(float(times[-1]) for times, _ in points)
    if first < last:
        places = np.geomspace(first, last, GRID_POINTS)
        values = np.array([np.interp(np.log(places), np.log(times), y) for times, y in points])
    else:
        places = np.median([[times[-1]] for times, _ in points], axis=0)
        values = np.array([[y[-1]] for _, y in points])
    return Curve(places, np.median(values, axis=0), values.min(axis=0), values.max(axis=0))


def _floor(cells: Sequence[Cell], entry: str) -> float | None:
    found = [taken[entry] for cell in cells for taken in cell["snapshots"] if entry in taken]
    return float(np.mean(found)) if found else None
