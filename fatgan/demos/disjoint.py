"""Two parallel lines that never meet: which distance says how far apart they are."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial.distance import cdist

from analysis.figures.style import GRID, REFERENCE, SAMPLE, THIRD
from fatgan.demos.divergences import jensen_shannon, kullback_leibler, total_variation
from fatgan.demos.shown import Shown

Array = NDArray[np.float64]

SHIFTS = np.linspace(-1.0, 1.0, 21)
POINTS = 200
"""Points of each line, of which the assignment is solved exactly."""
CELLS = 10
"""Cells of the histogram along the lines; across them each shift is a column of its own."""


def draw(seed: int = 1) -> Shown:
    """Return four distances between (0, U) and (theta, U), U uniform in [0, 1], against theta.

    Example 1 of arXiv:1701.07875: JS = ln 2, KL = infinity and total variation = 1 for every
    theta but 0, where all vanish, and an earth-mover distance of |theta|. Lines are these closed
    forms, points are computed: divergences from histograms of the two lines, the earth-mover
    distance from the cheapest pairing of independent points on them.
    """
    rng = np.random.default_rng(seed)
    cells = [_histograms(shift) for shift in SHIFTS]
    js = np.array([jensen_shannon(p, q) for p, q in cells])
    kl = np.array([kullback_leibler(p, q) for p, q in cells])
    variation = np.array([total_variation(p, q) for p, q in cells])
    distance = np.array([_earth_mover(shift, rng) for shift in SHIFTS])
    apart = np.abs(SHIFTS) > 1e-9
    far = np.abs(SHIFTS) > 0.25
    facts = {
        "js_apart_min": float(js[apart].min()),
        "js_apart_max": float(js[apart].max()),
        "js_together": float(js[~apart][0]),
        "kl_apart": float(kl[apart].min()),
        "total_variation_apart": float(variation[apart].min()),
        "earth_mover_slope": float(np.polyfit(np.abs(SHIFTS[far]), distance[far], 1)[0]),
        "earth_mover_error": float(np.abs(distance - np.abs(SHIFTS)).max()),
    }
    figure = Figure(figsize=(11.0, 3.9), layout="constrained")
    lines, flat, linear = figure.subplots(1, 3, width_ratios=(0.8, 1.2, 1.2))
    _draw_lines(lines, rng)
    _draw_flat(flat, js, variation)
    _draw_linear(linear, distance)
    return Shown(figure, facts)


def _histograms(shift: float) -> tuple[Array, Array]:
    """Return both lines in cells (column, cell along the line), shape (2 or 1, CELLS)."""
    own = np.full(CELLS, 1 / CELLS)
    if abs(shift) < 1e-9:
        return own, own
    empty = np.zeros(CELLS)
    return np.concatenate([own, empty]), np.concatenate([empty, own])


def _line(shift: float, rng: np.random.Generator) -> Array:
    return np.stack([np.full(POINTS, shift), rng.uniform(size=POINTS)], axis=1)


def _earth_mover(shift: float, rng: np.random.Generator) -> float:
    costs = cdist(_line(0.0, rng), _line(shift, rng))
    return float(costs[linear_sum_assignment(costs)].mean())


def _draw_lines(ax: Any, rng: np.random.Generator) -> None:
    for shift, colour, name in ((0.0, THIRD, "P"), (0.6, SAMPLE, "$Q_\\theta$")):
        line = _line(shift, rng)[:60]
        ax.plot(*line.T, ".", markersize=4, color=colour)
        ax.text(shift, 1.05, name, ha="center", color=colour)
    arrow = {"arrowstyle": "<->", "color": REFERENCE}
    ax.annotate("", (0.0, 0.5), (0.6, 0.5), arrowprops=arrow)
    ax.text(0.3, 0.53, "$\\theta$", ha="center")
    ax.set(xlim=(-0.35, 0.95), ylim=(-0.05, 1.18), xlabel="$x$", ylabel="$y$", yticks=(0, 0.5, 1))
    ax.set_title("two lines that never meet")


def _draw_flat(ax: Any, js: Array, variation: Array) -> None:
    rows = (
        (variation, 1.0, "total variation", "s", THIRD),
        (js, np.log(2.0), "Jensen-Shannon [nats]", "o", SAMPLE),
    )
    for values, level, label, marker, colour in rows:
        ax.axhline(level, color=colour, linewidth=1)
        ax.plot(SHIFTS, values, marker, color=colour, markersize=5, label=label)
    ax.axhline(0, color=GRID, linewidth=0.8)
    ax.text(-0.97, np.log(2.0) - 0.1, "ln 2", color=SAMPLE)
    ax.text(0, 1.12, "Kullback-Leibler: infinite unless $\\theta = 0$", ha="center")
    ax.set(xlabel="$\\theta$", ylim=(-0.08, 1.28), xlim=(-1.08, 1.08))
    ax.legend(loc="center right", bbox_to_anchor=(1.0, 0.33))
    ax.set_title("no slope: nothing to learn from")


def _draw_linear(ax: Any, distance: Array) -> None:
    ax.plot(SHIFTS, np.abs(SHIFTS), color=REFERENCE, linewidth=1, label="$|\\theta|$")
    ax.plot(SHIFTS, distance, "o", color=SAMPLE, markersize=5, label=f"pairs of {POINTS} points")
    ax.set(xlabel="$\\theta$", ylim=(-0.08, 1.28), xlim=(-1.08, 1.08))
    ax.legend(loc="upper center", ncols=2)
    ax.set_title("earth-mover distance: a slope everywhere")
