"""Records arranged for a page: scores, spectra by observable and score, the rest in rows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from analysis.records import Record
from analysis.verdicts import (
    Light,
    equation,
    families,
    is_count,
    light,
    plus_minus,
    probability,
    worst_first,
)

SIGNS: dict[Light, str] = {"good": "●", "fair": "▲", "poor": "■"}


@dataclass(frozen=True)
class Cell:
    """What a table shows of one record; ``place`` is its place among all, the worst first."""

    name: str
    light: Light
    sign: str
    value: str
    floor: str
    sigmas: str
    p: str
    equation: str
    events: str
    number: float
    excess: float
    place: int


class FamilyRow(NamedTuple):
    """A score with its combined p-value and its worst record; ``place`` as in :class:`Cell`."""

    name: str
    light: Light
    sign: str
    p: str
    place: int
    records: int
    worst: Cell


class SpectrumColumn(NamedTuple):
    """The head of a column of the table of observables."""

    name: str
    events: str


class SpectrumTable(NamedTuple):
    """Columns, and rows of an observable with one cell, or None, per column."""

    columns: list[SpectrumColumn]
    rows: list[tuple[str, list[Cell | None]]]


@dataclass(frozen=True)
class Tables:
    """All tables of a report."""

    families: list[FamilyRow]
    spectra: SpectrumTable
    others: list[Cell]
    counts: list[Cell]

    @classmethod
    def of(cls, records: Sequence[Record]) -> Tables:
        """Arrange the records of one comparison."""
        places = {record: place for place, record in enumerate(worst_first(records))}
        cells = {record: _cell(record, place) for record, place in places.items()}
        several = _taken_of_several(records)
        return cls(
            _families(records, cells),
            _spectra([r for r in records if r.name in several], cells),
            [cells[r] for r in records if r.name not in several and not is_count(r)],
            [_counted(r, cells[r]) for r in records if is_count(r)],
        )


def sizes(n_reference: int, n_sample: int) -> str:
    """Return ``1,200 against 1,000`` events, or one number for equal ones."""
    if n_reference == n_sample:
        return f"{n_sample:,}"
    return f"{n_sample:,} against {n_reference:,}"


def _cell(record: Record, place: int) -> Cell:
    level = light(record)
    return Cell(
        name=record.label,
        light=level,
        sign=SIGNS[level],
        value=plus_minus(record.value, record.error),
        floor=plus_minus(record.floor, record.floor_error),
        sigmas="∞" if math.isinf(record.sigmas) else f"{record.sigmas:.1f}",
        p=probability(record.p_value),
        equation=equation(record.p_value),
        events=sizes(record.n_reference, record.n_sample),
        number=record.value,
        excess=max(min(record.sigmas, 1e300), -1e300),
        place=place,
    )


def _counted(record: Record, cell: Cell) -> Cell:
    return replace(cell, value=f"{int(record.value):,}")


def _families(records: Sequence[Record], cells: dict[Record, Cell]) -> list[FamilyRow]:
    found = families(records)
    order = sorted(found, key=lambda score: (score.p_value, cells[score.worst].place))
    return [
        FamilyRow(
            score.name,
            score.light,
            SIGNS[score.light],
            probability(score.p_value),
            order.index(score),
            len(score.records),
            cells[score.worst],
        )
        for score in found
    ]


def _spectra(records: Sequence[Record], cells: dict[Record, Cell]) -> SpectrumTable:
    names = _in_order(record.name for record in records)
    events = {name: {cells[r].events for r in records if r.name == name} for name in names}
    found = {(record.observable, record.name): cells[record] for record in records}
    return SpectrumTable(
        [SpectrumColumn(name, " or ".join(sorted(events[name]))) for name in names],
        [
            (observable, [found.get((observable, name)) for name in names])
            for observable in _in_order(record.observable or "" for record in records)
        ],
    )


def _taken_of_several(records: Sequence[Record]) -> set[str]:
    """Return the names of scores taken of several observables, so that a table has rows."""
    observables: dict[str, set[str]] = {}
    for record in records:
        if record.observable is not None and not is_count(record):
            observables.setdefault(record.name, set()).add(record.observable)
    return {name for name, found in observables.items() if len(found) > 1}


def _in_order(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
