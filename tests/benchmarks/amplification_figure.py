"""The figure of the amplification study."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from amplification_page import by_size, factor
from matplotlib.figure import Figure
from quantile_cells import LINE, OBSERVABLES, PLANE, plane

from analysis.figures.style import REFERENCE, SAMPLE, THIRD
from fatgan import events

COLOURS = (THIRD, SAMPLE, REFERENCE)
MARKERS = "osD"


def draw(cells: Sequence[dict[str, Any]]) -> Figure:
    """Return the figure: the factor against the number of cells in x-Q2, and by observable."""
    figure = Figure(figsize=(11.5, 4.6), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    groups = by_size(cells)
    for number, (size, items) in enumerate(groups.items()):
        look = {
            "color": COLOURS[number % len(COLOURS)],
            "marker": MARKERS[number % len(MARKERS)],
            "markersize": 5,
            "capsize": 3,
            "label": f"N = {size:,}",
        }
        found = [factor(items, plane(along)) for along in PLANE]
        left.errorbar(
            np.array(PLANE) ** 2,
            [f.value for f in found],
            [f.error for f in found],
            **look,
        )
        found = [factor(items, name) for name in OBSERVABLES]
        shift = 0.2 * (number - (len(groups) - 1) / 2)
        right.errorbar(
            np.arange(len(OBSERVABLES)) + shift,
            [f.value for f in found],
            [f.error for f in found],
            linestyle="none",
            **look,
        )
    for ax in (left, right):
        ax.axhline(1, color=REFERENCE, lw=1, ls="--")
        ax.set_yscale("log")
    left.set(xscale="log", xlabel="cells in $x$ and $Q^2$", ylabel="amplification $N_{eq}/N$")
    left.legend()
    labels = [events.OBSERVABLES[name].label for name in OBSERVABLES]
    right.set_xticks(range(len(OBSERVABLES)), labels)
    right.tick_params(axis="x", which="both", length=0)
    right.set_xlabel(f"{LINE} cells of one observable")
    return figure
