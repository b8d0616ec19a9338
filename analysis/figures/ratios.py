"""The panels below a spectrum: sample over reference, and their difference in errors."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.figures.axes import Axis
from analysis.figures.histograms import Counts, joined_bins, pull, ratio
from analysis.figures.style import GRID, REFERENCE, REFERENCE_FILL, SAMPLE

Array = NDArray[np.float64]

RATIO_EVENTS = 100
"""Neighbouring bins are joined until the reference has this many events."""
RATIO_RANGES = (0.2, 0.5, 1.0)
PULL_RANGES = (4.0, 8.0, 20.0, 50.0, 100.0, 200.0, 500.0)


class Joined(NamedTuple):
    """Both histograms in bins that hold enough reference events."""

    edges: Array
    middles: Array
    reference: Counts
    sample: Counts

    @classmethod
    def of(cls, axis: Axis, reference: Counts, sample: Counts) -> Joined:
        """Join the bins of an axis."""
        starts = joined_bins(reference, RATIO_EVENTS)
        edges = np.append(axis.edges[starts], axis.edges[-1])
        return cls(edges, axis.middles(edges), reference.joined(starts), sample.joined(starts))


def draw_ratio(ax: Any, bins: Joined) -> None:
    """Draw the ratio with the sample's errors, and the reference's as a band around 1."""
    unit = np.where(bins.reference.w > 0, bins.reference.shares, np.nan)
    band, error = (np.sqrt(c.variances) / unit for c in (bins.reference, bins.sample))
    values = ratio(bins.reference, bins.sample)
    reach = _ratio_range(values, np.hypot(error, band))
    ax.stairs(1 + band, bins.edges, baseline=1 - band, fill=True, color=REFERENCE_FILL)
    ax.axhline(1, color=REFERENCE, linewidth=0.8)
    shown = np.clip(values, 1 - reach, 1 + reach)
    ax.hlines(shown, bins.edges[:-1], bins.edges[1:], color=SAMPLE, linewidth=1.3)
    ax.vlines(bins.middles, values - error, values + error, color=SAMPLE, linewidth=0.9)
    _point_outside(ax, bins.middles, shown, values, (1 - reach, 1 + reach))
    ax.set_ylim(1 - reach, 1 + reach)
    ax.set_ylabel("ratio")
    ax.grid(axis="y", linewidth=0.4, color=GRID)


def draw_pull(ax: Any, bins: Joined) -> None:
    """Draw the difference in units of its statistical error, with a band of two of them."""
    values = np.nan_to_num(pull(bins.reference, bins.sample))
    largest = float(np.abs(values).max())
    reach = next((reach for reach in PULL_RANGES if largest <= reach), PULL_RANGES[-1])
    ax.axhspan(-2, 2, color="#eef0f2", linewidth=0)
    ax.axhline(0, color=REFERENCE, linewidth=0.8)
    shown = np.clip(values, -reach, reach)
    ax.stairs(shown, bins.edges, fill=True, color=SAMPLE, alpha=0.6, linewidth=0)
    _point_outside(ax, bins.middles, shown, values, (-reach, reach))
    ax.set_ylim(-reach, reach)
    ax.set_yticks([-reach / 2, 0, reach / 2])
    ax.set_ylabel("pull")


def _point_outside(
    ax: Any, middles: Array, shown: Array, values: Array, limits: tuple[float, float]
) -> None:
    for off, marker in ((values > limits[1], "^"), (values < limits[0], "v")):
        if off.any():
            ax.plot(middles[off], shown[off], marker, color=SAMPLE, markersize=6, clip_on=False)


def _ratio_range(values: Array, error: Array) -> float:
    """Return the smallest range that holds nearly all that is not mere statistics."""
    excess = np.maximum(np.abs(values - 1) - 2 * error, 0)
    excess = excess[np.isfinite(excess)]
    needed = np.quantile(excess, 0.95) if len(excess) else 0.0
    return next((reach for reach in RATIO_RANGES if needed <= reach), RATIO_RANGES[-1])
