"""Records arranged for the page: spectra by observable and score, the rest in rows."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from analysis.records import Record
from analysis.verdicts import is_count, light, plus_minus

SIGNS = {"good": "●", "fair": "▲", "poor": "■"}


def cell(record: Record) -> dict[str, Any]:
    """Return what a table shows of one record."""
    level = light(record)
    return {
        "light": level,
        "sign": SIGNS[level],
        "value": plus_minus(record.value, record.error),
        "floor": plus_minus(record.floor, record.floor_error),
        "sigmas": "∞" if math.isinf(record.sigmas) else f"{record.sigmas:+.1f}",
        "n_reference": f"{record.n_reference:,}",
        "n_sample": f"{record.n_sample:,}",
    }


def spectrum_table(records: Sequence[Record]) -> dict[str, Any]:
    """Return ``scores`` (column heads) and ``rows``: observable and one cell, or None, a score."""
    chosen = [record for record in records if _is_spectrum(record, records)]
    scores = _in_order(record.name for record in chosen)
    places = {(record.observable, record.name): cell(record) for record in chosen}
    return {
        "scores": scores,
        "rows": [
            (observable, [places.get((observable, score)) for score in scores])
            for observable in _in_order(record.observable for record in chosen)
        ],
    }


def other_rows(records: Sequence[Record]) -> list[tuple[str, dict[str, Any]]]:
    """Return name and cell of every record that is in no other table."""
    return [
        (record.name, cell(record))
        for record in records
        if not is_count(record) and not _is_spectrum(record, records)
    ]


def count_rows(records: Sequence[Record]) -> list[tuple[str, dict[str, Any]]]:
    """Return name and cell of every count of events out of bounds."""
    return [
        (record.name, {**cell(record), "value": f"{int(record.value):,}"})
        for record in records
        if is_count(record)
    ]


def _is_spectrum(record: Record, records: Sequence[Record]) -> bool:
    """Return whether a score was taken of several observables, so that a table has rows."""
    if record.observable is None or is_count(record):
        return False
    return len({r.observable for r in records if r.name == record.name}) > 1


def _in_order(names: Iterable[Any]) -> list[Any]:
    return list(dict.fromkeys(names))
