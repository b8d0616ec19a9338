"""The table of a benchmark: one row per configuration, the mean over its seeds."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np

from analysis import Record
from analysis.verdicts import departure, is_count, plus_minus
from fatgan.benchmark.cell import Cell
from fatgan.benchmark.snapshots import mean


class Value(NamedTuple):
    """A mean over seeds, with the standard deviation of a single seed: None of a single one."""

    mean: float
    deviation: float | None

    def __str__(self) -> str:
        if self.deviation is None:
            return f"{self.mean:.4g}"
        return plus_minus(self.mean, self.deviation)


@dataclass(frozen=True)
class Row:
    """A configuration's results.

    Parameters
    ----------
    name
        Of the configuration; ``floor`` for what samples of one truth give.
    seeds, failed
        How many seeds ended with scores, and how many without.
    values
        By column of the table; empty where every seed failed.
    """

    name: str
    seeds: int
    failed: int
    values: dict[str, Value]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, safe for JSON."""
        return {**asdict(self), "values": {k: v._asdict() for k, v in self.values.items()}}


def _mean_of(score: str) -> Callable[[list[Record]], float]:
    return lambda records: mean([r for r in records if r.score == score], "value")


def _largest_harmonic(records: list[Record]) -> float:
    return max(departure(record) for record in records if record.score == "phi harmonics")


def _out_of_bounds(records: list[Record]) -> float:
    return sum(record.value for record in records if is_count(record))


AREA = "C2ST AUC"
AVERAGED = (AREA, "C2ST AUC (MLP)", "chi2/ndf", "x-Q2 chi2/ndf")
"""Scores whose mean over their records is quoted, beside their floor."""

COLUMNS: dict[str, Callable[[list[Record]], float]] = {
    **{score: _mean_of(score) for score in AVERAGED},
    "phi harmonic [sigma]": _largest_harmonic,
    "out of bounds": _out_of_bounds,
}
COURSE = ("redrawn", "steps", "seconds")
"""Entries of the cells themselves."""


def rows(cells: Sequence[Cell]) -> list[Row]:
    """Return a row per configuration, the smallest area first, those without scores last."""
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(cell["name"], []).append(cell)
    found = [_row(name, group) for name, group in groups.items()]
    return sorted(found, key=lambda row: row.values[AREA].mean if row.values else math.inf)


def floor(cells: Iterable[Cell]) -> Row | None:
    """Return what samples of one truth would give: mean and spread; None without scores."""
    records = [record for cell in cells for record in records_of(cell)]
    if not records:
        return None
    values = {}
    for score in AVERAGED:
        own = [record for record in records if record.score == score]
        # the spread of a mean over correlated observables is not that of one of them
        single = len({record.observable for record in own}) == 1
        values[score] = Value(mean(own, "floor"), mean(own, "floor_error") if single else None)
    return Row("floor", 0, 0, values)


def _row(name: str, cells: list[Cell]) -> Row:
    done = [cell for cell in cells if cell["failure"] is None]
    values = {}
    if done:
        columns = {
            column: [measure(records_of(cell)) for cell in done]
            for column, measure in COLUMNS.items()
        }
        columns |= {column: [float(cell[column]) for cell in done] for column in COURSE}
        values = {column: over_seeds(numbers) for column, numbers in columns.items()}
    return Row(name, len(done), len(cells) - len(done), values)


def records_of(cell: Cell) -> list[Record]:
    """Return a cell's scores."""
    return [Record.from_dict(entries) for entries in cell["records"]]


def over_seeds(numbers: Sequence[float]) -> Value:
    """Return mean and standard deviation of a number, one per seed."""
    deviation = float(np.std(numbers, ddof=1)) if len(numbers) > 1 else None
    return Value(float(np.mean(numbers)), deviation)


def markdown(cells: Sequence[Cell], about: Iterable[str]) -> str:
    """Return the page: what was done, the table, the failures, the figure."""
    columns = [*COLUMNS, *COURSE]
    lines = ["# Benchmark", "", *about, ""]
    lines += [line(["model", "seeds", *columns]), line(["---"] * (len(columns) + 2))]
    chance = floor(cells)
    if chance:
        texts = [str(chance.values[c]) if c in chance.values else "" for c in columns]
        lines.append(line(["*floor*", "", *texts]))
    for row in rows(cells):
        texts = [_text(column, row.values.get(column)) for column in columns]
        counted = f"{row.seeds} of {row.seeds + row.failed}" if row.failed else str(row.seeds)
        lines.append(line([row.name, counted, *texts]))
    failed = [cell for cell in cells if cell["failure"] is not None]
    lines += ["", *(f"- {cell['name']}, seed {cell['seed']}: {cell['failure']}" for cell in failed)]
    return "\n".join([*lines, "", "![Convergence](convergence.png)"]) + "\n"


def _text(column: str, value: Value | None) -> str:
    if value is None:
        return "–"
    if column == "redrawn":
        return f"{100 * value.mean:.2f} %"
    return f"{value.mean:,.0f}" if column in ("steps", "seconds", "out of bounds") else str(value)


def line(texts: Sequence[str]) -> str:
    """Return a row of a table in Markdown."""
    return "| " + " | ".join(text.replace("|", r"\|") for text in texts) + " |"
