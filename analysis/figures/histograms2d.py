"""Two-dimensional histograms of two samples on one grid, and how they are drawn."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from matplotlib.colors import Colormap, LogNorm, Normalize
from numpy.typing import NDArray

from analysis.comparison import Comparison
from analysis.figures.axes import Axis, shared_axis
from analysis.figures.histograms import Counts, count, pull, ratio
from analysis.figures.style import DENSITY, DEVIATION, EMPTY

Array = NDArray[np.float64]

RATIO_EVENTS = 25
"""The ratio is shown in cells with so many events of either sample: an error of 20 %."""
RATIO_REACH = 0.5
BEYOND = 10.0
"""In place of a ratio to nothing: off the scale."""
PULL_REACH = 5.0


class Pair(NamedTuple):
    """Counts of both samples in the same cells, shapes (x bins, y bins)."""

    x: Axis
    y: Axis
    reference: Counts
    sample: Counts


def count_pair(x: str, y: str, comparison: Comparison, bins: int) -> Pair:
    """Return both histograms over the whole range of both observables."""
    across, up = (shared_axis(name, comparison, bins) for name in (x, y))
    sides = comparison.reference, comparison.sample
    reference, sample = (count(side.rows, across, up) for side in sides)
    return Pair(across, up, reference, sample)


def draw_cells(
    ax: Any, axes: tuple[Axis, Axis], values: Array, norm: Normalize, colours: Colormap
) -> Any:
    """Draw values per cell, leaving NaN cells in the colour of nothing."""
    x, y = axes
    ax.set_facecolor(EMPTY)
    mesh = ax.pcolormesh(
        x.edges,
        y.edges,
        np.ma.masked_invalid(values).T,
        norm=norm,
        cmap=colours,
        rasterized=True,
        linewidth=0,
    )
    x.apply(ax, "x")
    y.apply(ax, "y")
    return mesh


def draw_both(panels: tuple[Any, Any], pair: Pair) -> Any:
    """Draw reference and sample side by side in shares of events on one colour scale."""
    shares = [counts.shares for counts in (pair.reference, pair.sample)]
    norm = share_norm(shares)
    for ax, share in zip(panels, shares, strict=True):
        mesh = draw_cells(ax, (pair.x, pair.y), np.where(share > 0, share, np.nan), norm, DENSITY)
    return mesh


def share_norm(shares: list[Array]) -> LogNorm:
    """Return one logarithmic colour scale for several histograms."""
    filled = np.concatenate([share[share > 0] for share in shares] + [np.full(1, 1e-9)])
    filled = filled[filled > 1e-9] if (filled > 1e-9).any() else filled
    return LogNorm(filled.min(), max(filled.max(), 1.01 * filled.min()))


def draw_ratio(ax: Any, pair: Pair) -> Any:
    """Draw sample/reference in the cells with enough events; blue is too few, red too many."""
    enough = np.maximum(pair.reference.entries, pair.sample.entries) >= RATIO_EVENTS
    values = np.nan_to_num(ratio(pair.reference, pair.sample), nan=BEYOND)
    values = np.where(enough, values, np.nan)
    norm = Normalize(1 - RATIO_REACH, 1 + RATIO_REACH)
    return draw_cells(ax, (pair.x, pair.y), values, norm, DEVIATION)


def draw_pull(ax: Any, pair: Pair) -> Any:
    """Draw the pull in all cells with events; blue is too few, red too many."""
    values = pull(pair.reference, pair.sample)
    norm = Normalize(-PULL_REACH, PULL_REACH)
    return draw_cells(ax, (pair.x, pair.y), values, norm, DEVIATION)
