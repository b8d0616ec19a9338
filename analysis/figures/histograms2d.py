"""Two-dimensional histograms of two samples on one grid, and how they are drawn."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from matplotlib.colors import Colormap, LogNorm, Normalize
from numpy.typing import NDArray

from analysis.figures.axes import Axis, whole_axis
from analysis.figures.style import DENSITY, DEVIATION, EMPTY
from fatgan.events import EventTable

Array = NDArray[np.float64]


class Pair(NamedTuple):
    """Counts of both samples in the same cells, shapes (x bins, y bins)."""

    x: Axis
    y: Axis
    reference: Array
    sample: Array

    @property
    def ratio(self) -> Array:
        """Sample over reference, each divided by its number of events; NaN without either."""
        with np.errstate(divide="ignore", invalid="ignore"):
            return (self.sample / self.sample.sum()) / (self.reference / self.reference.sum())

    @property
    def pull(self) -> Array:
        """Difference of the normalised counts in units of its statistical error."""
        scale = self.reference.sum() / self.sample.sum()
        error = np.sqrt(self.reference + scale**2 * self.sample)
        with np.errstate(invalid="ignore"):
            return (scale * self.sample - self.reference) / error


def count_pair(x: str, y: str, reference: EventTable, sample: EventTable, bins: int) -> Pair:
    """Return both histograms over the whole range of both observables."""
    across, up = (whole_axis(name, reference[name], sample[name], bins) for name in (x, y))
    grid = [across.edges, up.edges]
    counts = (np.histogram2d(t[x], t[y], grid)[0] for t in (reference, sample))
    return Pair(across, up, *counts)


def draw_cells(ax: Any, pair: Pair, values: Array, norm: Normalize, colours: Colormap) -> Any:
    """Draw values per cell, leaving masked and NaN cells in the colour of nothing."""
    ax.set_facecolor(EMPTY)
    mesh = ax.pcolormesh(
        pair.x.edges,
        pair.y.edges,
        np.ma.masked_invalid(values).T,
        norm=norm,
        cmap=colours,
        rasterized=True,
        linewidth=0,
    )
    pair.x.apply(ax, "x")
    pair.y.apply(ax, "y")
    return mesh


def draw_both(axes: tuple[Any, Any], pair: Pair, titles: tuple[str, str]) -> Any:
    """Draw reference and sample side by side in shares of events on one colour scale."""
    shares = [counts / max(counts.sum(), 1) for counts in (pair.reference, pair.sample)]
    norm = share_norm(shares)
    for ax, share, title in zip(axes, shares, titles, strict=True):
        mesh = draw_cells(ax, pair, np.where(share > 0, share, np.nan), norm, DENSITY)
        ax.set_title(title)
    return mesh


def share_norm(shares: list[Array]) -> LogNorm:
    """Return one logarithmic colour scale for several histograms."""
    filled = np.concatenate([share[share > 0] for share in shares] + [np.full(1, 1e-9)])
    filled = filled[filled > 1e-9] if (filled > 1e-9).any() else filled
    return LogNorm(filled.min(), max(filled.max(), 1.01 * filled.min()))


def draw_deviation(ax: Any, pair: Pair, values: Array, reach: float, centre: float) -> Any:
    """Draw values around a centre; blue is too few, red too many."""
    norm = Normalize(centre - reach, centre + reach)
    return draw_cells(ax, pair, values, norm, DEVIATION)
