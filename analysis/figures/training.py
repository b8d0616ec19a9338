"""Training curves: losses of critic and generator, and what else a training recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator
from numpy.typing import NDArray

from analysis.figures.axes import log_ticks
from analysis.figures.style import GRID, SAMPLE, THIRD
from fatgan.errors import DataError

Array = NDArray[np.float64]
History = Sequence[Mapping[str, float]]
"""Entries of ``history.json``: ``step``, ``seconds`` and the terms of the losses."""

LOSSES = {"critic_loss": ("critic", THIRD), "generator_loss": ("generator", SAMPLE)}
NAMES = {"mmd": "MMD"}
CLOCKS = ("step", "seconds")
DISTANCE, ERROR = "distance", "distance_error"
"""Of the checks that choose the checkpoint: in few entries, with an error each."""
SMOOTHING = 20
"""Thick lines are running medians over one part in 20 of the training."""
STEEP = 30
COLOUR = "#333333"


def draw_training(history: History) -> Figure:
    """Return the losses against the steps, and below them one panel per further term.

    A term that is zero all along, like the penalty of a training without one, has no panel.

    The distances of the checks that chose the checkpoint are points with their errors.

    Parameters
    ----------
    history
        One entry per call, in the order of the steps, as a training leaves them in
        ``history.json``; an entry may lack a term.

    Raises
    ------
    DataError
        If there is no entry, or one without a step.
    """
    check_history(history)
    terms = list(dict.fromkeys(name for entry in history for name in entry))
    others = [
        name
        for name in terms
        if name not in (*CLOCKS, *LOSSES, ERROR) and any(entry.get(name) for entry in history)
    ]
    steps = _column(history, "step")
    number = 1 + len(others)
    height = 1.5 + 1.5 * (number + 0.6)
    figure = Figure(figsize=(7.2, height))
    heights = (1.6, *(1.0,) * len(others))
    grid = figure.add_gridspec(
        number, 1, left=0.14, right=0.97, top=1 - 0.45 / height, bottom=0.6 / height,
        hspace=0.1, height_ratios=heights,
    )  # fmt: skip
    panels = [figure.add_subplot(grid[row]) for row in range(number)]
    for name, (label, colour) in LOSSES.items():
        _draw_curve(panels[0], steps, _column(history, name), colour, label)
    panels[0].set_ylabel("loss")
    if panels[0].get_legend_handles_labels()[0]:
        panels[0].legend(loc="upper right", ncols=2)
    for ax, name in zip(panels[1:], others, strict=True):
        if name == DISTANCE:
            _draw_checks(ax, steps, _column(history, name), _column(history, ERROR))
        else:
            _draw_curve(ax, steps, _column(history, name), COLOUR, None)
        ax.set_ylabel(NAMES.get(name, name).replace("$", r"\$"))
    for ax in panels:
        ax.set_xlim(min(0.0, steps[0]), max(steps[-1], 1.0))
        ax.grid(linewidth=0.4, color=GRID)
        ax.tick_params(labelbottom=ax is panels[-1])
    panels[-1].set_xlabel("generator steps")
    panels[0].set_title(_spent(history))
    figure.align_ylabels(panels)
    return figure


def check_history(history: History) -> None:
    """Refuse a history without entries, or with one that has no step."""
    if not history or any("step" not in entry for entry in history):
        raise DataError("the training history has no entries with steps to draw")


def _column(history: History, name: str) -> Array:
    return np.array([float(entry.get(name, np.nan)) for entry in history])


def _draw_curve(ax: Any, steps: Array, values: Array, colour: str, label: str | None) -> None:
    values = np.where(np.isfinite(values), values, np.nan)
    there = values[np.isfinite(values)]
    if len(there) == 0:
        return
    ax.plot(steps, values, color=colour, linewidth=0.7, alpha=0.45, marker="." * (len(steps) == 1))
    ax.plot(steps, running_median(values), color=colour, linewidth=1.6, label=label)
    if label is None and there.min() > 0 and there.max() > STEEP * there.min():
        ax.set_yscale("log")
        log_ticks(ax, "y", small=True)
    else:
        ax.yaxis.set_major_locator(MaxNLocator(4))


def _draw_checks(ax: Any, steps: Array, values: Array, errors: Array) -> None:
    there = np.isfinite(values)
    if not there.any():
        return
    values, errors = values[there], np.nan_to_num(errors[there])
    ax.errorbar(steps[there], values, errors, fmt="o", markersize=3, color=COLOUR, linewidth=1)
    ax.axhline(0.0, color=GRID, linewidth=1.2)
    near = float(errors.min())
    if near > 0 and values.max() > STEEP * near:
        # Linear up to where distances are no more than their errors, and may be below 0.
        ax.set_yscale("symlog", linthresh=2 * near)
        low, high = float((values - errors).min()), float(values.max())
        ax.set_ylim(min(1.2 * low, -near), 2 * high)
        decades = 10.0 ** np.arange(np.ceil(np.log10(4 * near)), np.log10(high) + 0.3)
        ax.yaxis.set_major_locator(FixedLocator([0.0, *decades], nbins=4))
        ax.yaxis.set_minor_locator(NullLocator())
    else:
        ax.yaxis.set_major_locator(MaxNLocator(4))


def running_median(values: Array) -> Array:
    """Return the median over one part in 20 of the values around each, shape (n,)."""
    reach = len(values) // (2 * SMOOTHING)
    padded = np.pad(values, reach, constant_values=np.nan)
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    there = np.isfinite(windows).any(axis=1)
    medians = np.full(len(values), np.nan)
    medians[there] = np.nanmedian(windows[there], axis=1)
    return medians


def _spent(history: History) -> str:
    last = history[-1]
    seconds = f" in {last['seconds']:,.0f} s" if "seconds" in last else ""
    return f"{int(last['step']):,} steps{seconds}"
