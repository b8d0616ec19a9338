"""The headline: how much longer the published recipe trains to reach what the default reaches."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from fatgan.benchmark.cell import Cell
from fatgan.benchmark.table import line
from fidelity.measures import reached
from fidelity.plan import OURS, PUBLISHED
from fidelity.tables import AREA, NONE


def headline(settings: dict[str, Sequence[Cell]]) -> str:
    """Return a row per setting: both times to the area, and their ratio."""
    heads = ["setting", OURS, PUBLISHED, "ratio"]
    lines = [line(heads), line(["---"] * len(heads))]
    for setting, cells in settings.items():
        times = [quickest(cells, name) for name in (OURS, PUBLISHED)]
        lines.append(line([setting, *(str(time or NONE) for time in times), _ratio(*times)]))
    return "\n".join(lines)


class Time(NamedTuple):
    """Seconds of training to the area: ``=`` them, ``≤`` them or, if never reached, ``>`` them."""

    seconds: float
    sign: str

    def __str__(self) -> str:
        return f"{self.sign.replace('=', '')} {self.seconds:,.1f} s".strip()


def quickest(cells: Sequence[Cell], name: str) -> Time | None:
    """Return a model's time, the mean over seeds, with the budget that reaches it soonest.

    The rate falls with the share of the budget spent, so the time depends on it. Where no budget
    reaches the area with every seed, it is the longest training.
    """
    budgets: dict[float, list[Cell]] = {}
    for cell in cells:
        if cell["name"] == name and cell["snapshots"]:
            budgets.setdefault(cell["budget"], []).append(cell)
    found = []
    for own in budgets.values():
        times = [time for cell in own if (time := reached(cell, AREA))]
        if len(times) == len(own):
            sign = "≤" if any(time.at_most for time in times) else "="
            found.append(Time(float(np.mean([time.seconds for time in times])), sign))
    longest = [cell["snapshots"][-1]["seconds"] for own in budgets.values() for cell in own]
    return min(found) if found else Time(max(longest), ">") if longest else None


def _ratio(ours: Time | None, theirs: Time | None) -> str:
    """Return how many times longer theirs is, where the signs of both allow to say so."""
    if ours is None or theirs is None or ours.sign == ">":
        return NONE
    # a time that ours is at most makes the ratio at least what it is
    bounds = {ours.sign.replace("≤", "≥"), theirs.sign} - {"="}
    if "≤" in bounds and len(bounds) > 1:
        return NONE
    sign = ">" if ">" in bounds else "".join(bounds)
    return f"{sign} {theirs.seconds / ours.seconds:,.1f}".strip()
