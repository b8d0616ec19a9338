"""What the page quotes of cells: scores, their worst, and the time to an area under the curve."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from analysis import Record
from fatgan.benchmark.cell import Cell
from fatgan.benchmark.table import Value, over_seeds, records_of

TREES, MLP = "C2ST AUC", "C2ST AUC (MLP)"
CHI2, PLANE, HARMONICS = "chi2/ndf", "x-Q2 chi2/ndf", "phi harmonics"

Measures = dict[str, float]
"""Numbers of a cell by where they were found: an observable, an order."""


def of_score(score: str) -> Callable[[Cell], Measures]:
    """Return what gives a score's values by observable."""
    return lambda cell: {r.observable or "": r.value for r in _records(cell, score)}


def expected(score: str) -> Callable[[Cell], Measures]:
    """Return what gives a score's expectations by observable, where they were measured."""
    return lambda cell: cell.get("expected", {}).get(score, {})


def harmonics(cell: Cell) -> Measures:
    """Return each harmonic of phi in units of 1/sqrt(N), N the number of events of the sample."""
    return {
        r.name.rpartition(" ")[2]: r.value * math.sqrt(r.n_sample)
        for r in _records(cell, HARMONICS)
    }


def unphysical(cell: Cell) -> Measures:
    """Return the number of unphysical events among those that were streamed, if they were."""
    return {"": float(cell["unphysical"])} if "unphysical" in cell else {}


def _records(cell: Cell, score: str) -> list[Record]:
    return [record for record in records_of(cell) if record.score == score]


class Worst(NamedTuple):
    """The largest of several means over seeds, and where it was found."""

    value: Value
    where: str


def worst(
    cells: Iterable[Cell], measure: Callable[[Cell], Measures], *, single: bool = False
) -> Worst | None:
    """Return the largest mean over seeds, over settings and all that a measure gives.

    With ``single`` it is the largest of any seed. None where nothing was measured.
    """
    groups: dict[tuple[str, str], list[float]] = {}
    for cell in cells:
        for place, number in measure(cell).items():
            groups.setdefault((cell["setting"], place), []).append(number)
    if not groups:
        return None
    found = {key: over_seeds([max(own)] if single else own) for key, own in groups.items()}
    setting, place = max(found, key=lambda key: found[key].mean)
    return Worst(found[setting, place], " of ".join(filter(None, (place, setting))))


def mean_of(cells: Iterable[Cell], measure: Callable[[Cell], float | None]) -> Value | None:
    """Return the mean over cells of what a measure gives; None where it gives nothing."""
    numbers = [number for cell in cells if (number := measure(cell)) is not None]
    return over_seeds(numbers) if numbers else None


class Reached(NamedTuple):
    """Seconds of training until an area was reached, or that it took at most."""

    seconds: float
    at_most: bool


def reached(cell: Cell, area: float) -> Reached | None:
    """Return when the classifier's area first fell to a value; None if it never did.

    Between two snapshots the area is taken for a line in the logarithm of the time. Where it is
    reached at the first, it was reached by then.
    """
    before: dict[str, Any] | None = None
    for entry in cell["snapshots"]:
        if "area" in entry:
            if entry["area"] <= area:
                return _between(before, entry, area)
            before = entry
    return None


def _between(before: dict[str, Any] | None, entry: dict[str, Any], area: float) -> Reached:
    if before is None:
        return Reached(entry["seconds"], at_most=True)
    times, areas = np.array([(e["seconds"], e["area"]) for e in (entry, before)]).T
    return Reached(float(np.exp(np.interp(area, areas, np.log(times)))), at_most=False)


def time_to(cells: Sequence[Cell], area: float) -> str:
    """Return the time to an area in words, mean over seeds."""
    if not any(cell["snapshots"] for cell in cells):
        return "–"
    found = [reached(cell, area) for cell in cells]
    times = [item for item in found if item]
    if not times:
        longest = max(entry["seconds"] for cell in cells for entry in cell["snapshots"])
        return f"not within {longest:,.0f} s"
    sign = "≤ " if any(item.at_most for item in times) else ""
    some = f" ({len(times)} of {len(found)} seeds)" if len(times) < len(found) else ""
    return f"{sign}{np.mean([item.seconds for item in times]):,.1f} s{some}"
