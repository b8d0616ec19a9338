"""The x-Q2 plane: data and model side by side, contours, and their ratio."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from analysis.figures.histograms2d import Pair, count_pair, draw_both, draw_deviation
from analysis.figures.style import REFERENCE, SAMPLE
from fatgan.events import EventTable

Array = NDArray[np.float64]

FRACTIONS = (0.99, 0.9, 0.5, 0.1)
RATIO_EVENTS = 25
RATIO_REACH = 0.5


def draw_x_Q2(reference: EventTable, sample: EventTable, labels: tuple[str, str]) -> Figure:
    """Return the figure of the x-Q2 plane.

    The contours hold the same fractions of either sample, from histograms smoothed by 1.5 bins.
    The ratio is shown where both together expect enough events.
    """
    figure = Figure(figsize=(10.8, 8.8))
    rows: dict[str, Any] = {"nrows": 2, "top": 0.965, "bottom": 0.065, "hspace": 0.24}
    panels = figure.add_gridspec(**rows, ncols=2, left=0.07, right=0.89, wspace=0.2)
    bars = figure.add_gridspec(**rows, ncols=1, left=0.9, right=0.917)
    places = (panels[0, 0], panels[0, 1], panels[1, 0], panels[1, 1], bars[0], bars[1])
    left, right, contours, ratio, share_bar, ratio_bar = map(figure.add_subplot, places)
    fine = count_pair("x", "Q2", reference, sample, 60)
    mesh = draw_both((left, right), fine, labels)
    figure.colorbar(mesh, cax=share_bar, label="fraction of events per cell")
    _draw_contours(contours, fine, labels)
    coarse = count_pair("x", "Q2", reference, sample, 30)
    enough = coarse.reference >= RATIO_EVENTS
    values = np.where(enough, coarse.ratio, np.nan)
    mesh = draw_deviation(ratio, coarse, values, RATIO_REACH, 1.0)
    ratio.set_title(f"{labels[1]} / {labels[0]}")
    figure.colorbar(
        mesh,
        cax=ratio_bar,
        extend="both",
        label=f"ratio (cells with {RATIO_EVENTS} or more {labels[0]} events)",
    )
    return figure


def _draw_contours(ax: Any, pair: Pair, labels: tuple[str, str]) -> None:
    for counts, colour, line, width in (
        (pair.reference, REFERENCE, "-", 1.6),
        (pair.sample, SAMPLE, "--", 1.6),
    ):
        smooth = gaussian_filter(counts, 1.5, mode="nearest")  # the edges of the plane stay sharp
        levels = np.unique(fraction_levels(smooth, FRACTIONS))
        ax.contour(
            pair.x.middles(pair.x.edges),
            pair.y.middles(pair.y.edges),
            smooth.T,
            levels[levels > 0],
            colors=colour,
            linestyles=line,
            linewidths=width,
        )
    pair.x.apply(ax, "x")
    pair.y.apply(ax, "y")
    shares = ", ".join(f"{100 * fraction:g}" for fraction in sorted(FRACTIONS))
    ax.set_title(f"contours that hold {shares} % of the events")
    lines = (
        Line2D([], [], color=REFERENCE, linestyle="-"),
        Line2D([], [], color=SAMPLE, linestyle="--"),
    )
    ax.legend(lines, labels, loc="upper left")


def fraction_levels(density: Array, fractions: tuple[float, ...]) -> Array:
    """Return the densities above which the given fractions of a histogram lie."""
    ordered = np.sort(density.ravel())[::-1]
    held = np.cumsum(ordered)
    places = np.searchsorted(held, np.array(fractions) * held[-1])
    return ordered[np.minimum(places, len(ordered) - 1)]
