"""The power study: which score sees which deformation of the truth, in sigmas.

``make power`` runs it, and goes on where it was stopped: every score, each deformation of
``truth.py``, at 20,000 and 200,000 events a side, three independent samples each. Results go into
``docs/POWER.md``.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
from journal import ROOT, Journal
from truth import DEFORMATIONS, SPARE, deformed, truth

from analysis import compare
from analysis.laws import combined, significance
from analysis.scores import DEFAULT, SCORES
from fatgan import EventTable

SIZES = (20_000, 200_000)
REPEATS = 2
PAGE = ROOT / "docs" / "POWER.md"
TEXT = """# Which score sees what

Made by `make power` (`tests/benchmarks/power.py`): simulated e-p events (27.5x920 GeV, Q2 > 4
GeV2) against other ones that were deformed as the head of each column says, {sizes} events a
side. Numbers are the significance, in one-sided sigmas, of each score's p-value (its
measurements combined by Bonferroni's rule), the median of {repeats} independent pairs; 37 is as
far as a p-value can be told from 0. **Bold**: the verdict of that score alone, at its share of
the 1 % level of false alarms. The column "none" is truth against truth.

`*` marks the default scores; the last row is the verdict of all of them together.
"""


def cell(pool: EventTable, deformation: str, size: int, repeat: int) -> dict[str, Any]:
    """Return the p-value of every score for one pair of samples."""
    step = math.ceil((1 + SPARE) * SIZES[-1])
    rows = pool[repeat * step : (repeat + 1) * step]
    sample = deformed(deformation, rows[size:], size)
    names = [score.name for score in SCORES]
    records = compare(rows[:size], sample, seed=repeat, scores=names)
    families: dict[str, list[float]] = {}
    for record in records:
        families.setdefault(record.score, []).append(record.p_value)
    return {"p_values": {name: combined(values) for name, values in families.items()}}


def table(cells: list[dict[str, Any]], size: int) -> list[str]:
    """Return the table of one size."""
    found = {
        name: [c["p_values"] for c in cells if (c["deformation"], c["size"]) == (name, size)]
        for name in DEFORMATIONS
    }
    limit = 0.01 / len(DEFAULT)
    head = [f"\n## {size:,} events a side\n", "| score | " + " | ".join(found) + " |"]
    lines = [*head, "|---|" + "---|" * len(found)]
    for name in next(iter(found.values()))[0]:
        values = [float(np.median([p[name] for p in items])) for items in found.values()]
        shown = [_shown(p, limit) for p in values]
        lines.append(f"| {name}{'*' * (name in DEFAULT)} | " + " | ".join(shown) + " |")
    together = [
        float(np.median([combined([p[name] for name in DEFAULT if name in p]) for p in items]))
        for items in found.values()
    ]
    lines.append("| **all default** | " + " | ".join(_shown(p, 0.01) for p in together) + " |")
    return lines


def _shown(p_value: float, limit: float) -> str:
    text = f"{min(max(significance(p_value), 0.0), 37.0):.1f}"
    return f"**{text}**" if p_value < limit else text


def main() -> None:
    """Run what is missing, then write the page."""
    journal = Journal("power")
    pool = truth()
    for repeat in range(REPEATS):
        for size in SIZES:
            for name in DEFORMATIONS:
                key = {"deformation": name, "size": size, "repeat": repeat}
                journal.ensure(partial(cell, pool, **key), **key)
    sizes = " and ".join(f"{size:,}" for size in SIZES)
    lines = [TEXT.format(sizes=sizes, repeats=REPEATS)]
    for size in SIZES:
        lines += table(journal.cells, size)
    PAGE.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
