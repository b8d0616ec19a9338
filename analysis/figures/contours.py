"""Contours that hold the same fractions of either sample."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.lines import Line2D
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter

from analysis.figures.histograms2d import Pair
from analysis.figures.style import REFERENCE, SAMPLE

Array = NDArray[np.float64]

STYLES: tuple[tuple[str, Any], ...] = ((REFERENCE, "-"), (SAMPLE, "--"))


def draw_contours(ax: Any, pair: Pair, fractions: tuple[float, ...], smoothing: float) -> None:
    """Draw both samples' contours, from histograms smoothed by so many bins."""
    x, y = (axis.middles(axis.edges) for axis in (pair.x, pair.y))
    for counts, (colour, line) in zip((pair.reference, pair.sample), STYLES, strict=True):
        # the edges of the plane stay sharp; negative weights leave no dents below zero
        smooth = np.maximum(gaussian_filter(counts.shares, smoothing, mode="nearest"), 0.0)
        levels = np.unique(fraction_levels(smooth, fractions))
        levels = levels[(levels > smooth.min()) & (levels < smooth.max())]
        if len(levels):
            ax.contour(x, y, smooth.T, levels, colors=colour, linestyles=line, linewidths=1.4)


def contour_lines() -> tuple[Line2D, ...]:
    """Return lines for a legend, reference and sample."""
    return tuple(Line2D([], [], color=colour, linestyle=line) for colour, line in STYLES)


def percentages(fractions: tuple[float, ...]) -> str:
    """Return ``10, 50, 90, 99 %``."""
    return ", ".join(f"{100 * fraction:g}" for fraction in sorted(fractions)) + " %"


def fraction_levels(density: Array, fractions: tuple[float, ...]) -> Array:
    """Return the densities above which the given fractions of a histogram lie."""
    ordered = np.sort(density.ravel())[::-1]
    held = np.cumsum(ordered)
    places = np.searchsorted(held, np.array(fractions) * held[-1])
    return ordered[np.minimum(places, len(ordered) - 1)]
