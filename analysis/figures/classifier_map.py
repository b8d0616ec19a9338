"""Where the sample is wrong: the mean classifier weight over planes of two observables."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.comparison import Comparison
from analysis.figures.axes import Axis, shared_axis
from analysis.figures.histograms import fill
from analysis.figures.histograms2d import draw_cells
from analysis.figures.style import DEVIATION, short_label

Array = NDArray[np.float64]

PLANES = (("x", "Q2"), ("phi", "pT"), ("theta", "E"))
BINS = 30
CELL_EVENTS = 25
"""Cells with fewer events of the sample are left out."""
REACHES = (1.1, 1.25, 1.5, 2.0, 5.0, 10.0)
"""Ends of the colour scale, and their inverses."""
HELD = 0.8
"""Part of the cells that the colour scale must hold: a corner off the scale hides no pattern."""


def draw_classifier_map(comparison: Comparison) -> Figure:
    """Return three planes with the mean weight (1 - D)/D of the sample's events in each cell.

    D is what the trees say out of fold. The mean over a perfect classifier's weights is the
    ratio reference/sample of the densities: below 1 (red) the sample has too many events.

    Source: R. Das et al., arXiv:2305.16774.
    """
    figure = Figure(figsize=(16.5, 4.9))
    n = len(comparison.classified("trees").sample.chosen)
    figure.suptitle(
        f"mean classifier weight $(1-D)/D$ of the events of {short_label(comparison.labels[1])} "
        f"({n:,} events, cells with {CELL_EVENTS} or more): red is too many, blue too few",
        fontsize=11.5,
    )
    for index, (x, y) in enumerate(PLANES):
        axes, values = _mean_weights(x, y, comparison)
        reach = _reach(values)
        left = 0.045 + 0.325 * index
        panel = figure.add_axes((left, 0.12, 0.25, 0.78))
        norm = LogNorm(1 / reach, reach)
        mesh = draw_cells(panel, axes, values, norm, DEVIATION.reversed())
        bar = figure.add_axes((left + 0.255, 0.12, 0.01, 0.78))
        figure.colorbar(mesh, cax=bar, extend="both")
        Axis("weight", "log", np.array([1 / reach, reach])).apply(bar, "y")
    return figure


def _mean_weights(x: str, y: str, comparison: Comparison) -> tuple[tuple[Axis, Axis], Array]:
    """Return both axes and the mean weight per cell, NaN in cells with few events."""
    across, up = (shared_axis(name, comparison, BINS) for name in (x, y))
    side = comparison.classified("trees").sample
    columns = [comparison.sample.rows[name][side.chosen] for name in (x, y)]
    events = fill(columns, side.weights, (across, up))
    sums = fill(columns, side.weights * side.ratio, (across, up)).w
    enough = (events.entries >= CELL_EVENTS) & (sums > 0)
    means = np.divide(sums, events.w, out=np.full_like(sums, np.nan), where=enough)
    return (across, up), means


def _reach(values: Array) -> float:
    distances = np.abs(np.log(values[np.isfinite(values)]))
    needed = np.exp(np.quantile(distances, HELD)) if len(distances) else 1.0
    return next((reach for reach in REACHES if needed <= reach), REACHES[-1])
