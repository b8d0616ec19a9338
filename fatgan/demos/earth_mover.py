"""The earth-mover toy of the courses: how much work makes one heap of bricks into another."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine
from matplotlib.patches import FancyArrowPatch
from numpy.typing import NDArray

from analysis.figures.style import REFERENCE, SAMPLE, THIRD
from fatgan.demos.divergences import (
    cumulative_cost,
    jensen_shannon,
    kullback_leibler,
    moving_plan,
    total_variation,
)
from fatgan.demos.shown import Shown

Array = NDArray[np.float64]

P = np.array([3.0, 2.0, 1.0, 4.0])
Q = np.array([1.0, 2.0, 4.0, 3.0])


def draw(_seed: int = 1) -> Shown:
    """Return both heaps, the cheapest plan between them, and other distances beside its work.

    Nothing here is drawn by chance. In bricks and steps between neighbouring bins the work is 5,
    by linear programming as by the cumulative sums.
    """
    places = np.arange(len(P), dtype=np.float64)
    steps = np.abs(places[:, None] - places)
    plan = moving_plan(P, Q, steps)
    p, q = P / P.sum(), Q / Q.sum()
    facts = {
        "work": float((plan * steps).sum()),
        "work_cumulative": cumulative_cost(P, Q),
        "kl": kullback_leibler(p, q),
        "kl_reverse": kullback_leibler(q, p),
        "js": jensen_shannon(p, q),
        "total_variation": total_variation(p, q),
    }
    figure = Figure(figsize=(11.0, 3.9), layout=ConstrainedLayoutEngine(wspace=0.08))
    heaps, matrix, distances = figure.subplots(1, 3, width_ratios=(1.35, 1.0, 1.15))
    _draw_heaps(heaps, plan)
    _draw_plan(matrix, plan, facts["work"])
    _draw_distances(distances, facts)
    return Shown(figure, facts)


def _draw_heaps(ax: Any, plan: Array) -> None:
    bins = np.arange(1, len(P) + 1)
    ax.bar(bins - 0.2, P, 0.38, color=THIRD, label="P, as it is")
    ax.bar(bins + 0.2, Q, 0.38, color=SAMPLE, label="Q, as it shall be")
    height = 4.35
    for start, end in zip(*np.nonzero(plan), strict=True):
        if start == end:
            continue
        length = abs(end - start)
        ends = ((start + 1.0, height), (end + 1.0, height))
        # arrows to the left would bend below the others
        bend = -0.35 / length**0.5 if end > start else 0.35
        ax.add_patch(
            FancyArrowPatch(
                *ends, connectionstyle=f"arc3,rad={bend}", arrowstyle="-|>", mutation_scale=13,
                linewidth=1.2 * plan[start, end], color=REFERENCE, shrinkA=2, shrinkB=2,
            )
        )  # fmt: skip
        middle = (ends[0][0] + ends[1][0]) / 2
        ax.text(middle, height + 0.28 + 0.25 * length, f"{plan[start, end]:g}", ha="center")
    ax.set(xlabel="bin", ylabel="bricks", ylim=(0, 7.2), xticks=bins, yticks=range(5))
    ax.tick_params(axis="x", length=0)
    ax.legend(loc="upper left", ncols=2, columnspacing=1.2, handlelength=1.2)
    ax.set_title("bricks to move")


def _draw_plan(ax: Any, plan: Array, work: float) -> None:
    number = len(plan)
    ax.imshow(plan, cmap="Blues", vmin=0, vmax=1.6 * plan.max())
    for start, end in np.ndindex(plan.shape):
        shade = REFERENCE if plan[start, end] else "#b0b0b0"
        ax.text(end, start, f"{plan[start, end]:g}", ha="center", va="center", color=shade)
    names = [str(place + 1) for place in range(number)]
    ax.set_xticks(range(number), names)
    ax.set_yticks(range(number), names)
    ax.tick_params(length=0)
    ax.set(xlabel="to bin", ylabel="from bin")
    ax.set_title(f"the cheapest plan: work {work:g}")


def _draw_distances(ax: Any, facts: dict[str, float]) -> None:
    total = P.sum()
    rows = {
        "earth mover": facts["work"] / total,
        "total variation": facts["total_variation"],
        "KL(P, Q)": facts["kl"],
        "KL(Q, P)": facts["kl_reverse"],
        "Jensen-Shannon": facts["js"],
    }
    values = list(rows.values())
    colours = [SAMPLE, *("#8a8f94",) * (len(rows) - 1)]
    bars = ax.barh(range(len(rows)), values, 0.6, color=colours)
    ax.bar_label(bars, [f"{value:.3f}" for value in values], padding=4)
    ax.set_yticks(range(len(rows)), list(rows))
    ax.invert_yaxis()
    ax.tick_params(axis="y", length=0)
    ax.set(xlim=(0, 1.25 * max(values)), xlabel="per brick; KL and JS in nats")
    ax.set_title("of the normalised histograms")
