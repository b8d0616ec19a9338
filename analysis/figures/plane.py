"""The x-Q2 plane: data and model side by side, contours, and their ratio."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from analysis.comparison import Comparison
from analysis.figures.axes import log_ticks
from analysis.figures.contours import contour_lines, draw_contours, percentages
from analysis.figures.histograms2d import RATIO_EVENTS, count_pair, draw_both, draw_ratio
from analysis.figures.style import ratio_label, sample_label, short_label

FRACTIONS = (0.99, 0.9, 0.5, 0.1)
SMOOTHING = 1.5


def draw_x_Q2(comparison: Comparison) -> Figure:
    """Return the figure of the x-Q2 plane.

    The contours hold the same fractions of either sample, from histograms smoothed by 1.5 bins.
    The ratio is shown where either sample has enough events.
    """
    figure = Figure(figsize=(10.8, 8.8))
    rows: dict[str, Any] = {"nrows": 2, "top": 0.955, "bottom": 0.065, "hspace": 0.24}
    panels = figure.add_gridspec(**rows, ncols=2, left=0.07, right=0.89, wspace=0.2)
    bars = figure.add_gridspec(**rows, ncols=1, left=0.9, right=0.917)
    places = (panels[0, 0], panels[0, 1], panels[1, 0], panels[1, 1], bars[0], bars[1])
    left, right, contours, ratio, share_bar, ratio_bar = map(figure.add_subplot, places)
    fine = count_pair("x", "Q2", comparison, 60)
    mesh = draw_both((left, right), fine)
    for ax, sample in ((left, comparison.reference), (right, comparison.sample)):
        ax.set_title(sample_label(sample, 52))
    figure.colorbar(mesh, cax=share_bar, label="fraction of events per cell")
    log_ticks(share_bar, "y", small=True)
    draw_contours(contours, fine, FRACTIONS, SMOOTHING)
    fine.x.apply(contours, "x")
    fine.y.apply(contours, "y")
    contours.set_title(f"contours that hold {percentages(FRACTIONS)} of the events")
    names = [short_label(label) for label in comparison.labels]
    contours.legend(contour_lines(), names, loc="upper left")
    mesh = draw_ratio(ratio, count_pair("x", "Q2", comparison, 30))
    ratio.set_title(ratio_label(comparison.labels))
    label = f"ratio (cells with {RATIO_EVENTS} or more events)"
    figure.colorbar(mesh, cax=ratio_bar, extend="both", label=label)
    return figure
