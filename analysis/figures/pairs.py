"""Inter-correlations: pairs of observables, data and model side by side, and the pull."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from analysis.figures.histograms2d import count_pair, draw_both, draw_deviation
from fatgan.events import EventTable

PAIRS = (("px", "py"), ("pz", "pT"), ("E", "theta"), ("x", "Q2"))
PULL_REACH = 5.0


def draw_pairs(reference: EventTable, sample: EventTable, labels: tuple[str, str]) -> Figure:
    """Return one row per pair of observables: reference, sample, pull per cell."""
    figure = Figure(figsize=(13.0, 14.5))
    columns: dict[str, Any] = {"nrows": len(PAIRS), "top": 0.975, "bottom": 0.045, "hspace": 0.28}
    both = figure.add_gridspec(**columns, ncols=2, left=0.06, right=0.575, wspace=0.25)
    bars = figure.add_gridspec(**columns, ncols=1, left=0.582, right=0.594)
    third = figure.add_gridspec(**columns, ncols=1, left=0.71, right=0.935)
    third_bars = figure.add_gridspec(**columns, ncols=1, left=0.942, right=0.954)
    for row, (x, y) in enumerate(PAIRS):
        places = (both[row, 0], both[row, 1], bars[row], third[row], third_bars[row])
        left, right, bar, deviation, pull_bar = (figure.add_subplot(place) for place in places)
        pair = count_pair(x, y, reference, sample, 50)
        mesh = draw_both((left, right), pair, labels)
        figure.colorbar(mesh, cax=bar, label="fraction per cell")
        pull = draw_deviation(deviation, pair, pair.pull, PULL_REACH, 0.0)
        deviation.set_title(f"({labels[1]} − {labels[0]}) / statistical error")
        figure.colorbar(pull, cax=pull_bar, extend="both", label="pull")
    return figure
