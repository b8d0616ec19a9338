"""What is in a file of events, by one look at its numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import ConfigError, DataError
from fatgan.events.bounds import violations
from fatgan.events.screening import broken_bounds, check
from fatgan.events.table import EventTable
from fatgan.io.files import open_alike
from fatgan.io.formats import is_number
from fatgan.io.options import ReadOptions
from fatgan.io.reading import FileDescription
from fatgan.io.source import Opened, Source

MOST = 1_000_000
"""Entries that are looked at."""
MOST_RECORDS = 100_000
"""Entries that are looked at in event records, which are slow to read."""
MOST_VALUES = 30_000_000
"""Numbers that are looked at, where there are hundreds of columns."""
KINEMATICS = ("Q2", "x", "y", "W2")
"""Observables that are computed where the beams are known."""

_CHUNK = 100_000


@dataclass
class Range:
    """Smallest and largest finite number of a column, and how many are not finite."""

    low: float = np.inf
    high: float = -np.inf
    not_finite: int = 0

    def widen(self, values: NDArray[Any]) -> None:
        """Take further values in."""
        finite = np.isfinite(values)
        self.not_finite += len(values) - int(np.count_nonzero(finite))
        self.low = float(values.min(where=finite, initial=self.low))
        self.high = float(values.max(where=finite, initial=self.high))


@dataclass
class Weights:
    """Sum of the weights of a column, and how many of how many are negative."""

    column: str
    total: float = 0.0
    negative: int = 0
    events: int = 0


@dataclass
class Survey:
    """What was seen.

    Attributes
    ----------
    description
        What the metadata say.
    entries
        Entries that were looked at, from the first on.
    columns
        Range of each column of numbers, in the file's own names and units.
    kinematics
        Range of :data:`KINEMATICS` (GeV^2); empty where the beams are not known.
    weights
        None where every event counts once.
    electron
        How the scattered electron is found, in words.
    problem
        Why the file cannot be read as it is, or None.
    unphysical
        How many of the entries break which bound, or None.
    """

    description: FileDescription
    entries: int = 0
    columns: dict[str, Range] = field(default_factory=dict)
    kinematics: dict[str, Range] = field(default_factory=dict)
    weights: Weights | None = None
    electron: str | None = None
    problem: str | None = None
    unphysical: str | None = None


def survey(path: str | PathLike[str], options: ReadOptions | None = None) -> Survey:
    """Look at the first million entries of a file, or of several alike.

    Errors are those of :func:`fatgan.io.describe`; what :func:`fatgan.read` would refuse besides
    is the survey's ``problem``.
    """
    path, options = Path(path), options or ReadOptions()
    found = open_alike(path, replace(options, limit=None))
    seen = Survey(FileDescription.of(path, found, options))
    numbers = [name for name, kind in found[0].layout.columns.items() if is_number(kind)]
    seen.columns = {name: Range() for name in numbers}
    left = _most(found[0], len(numbers), options.limit)
    broken: Counter[str] = Counter()
    for opened in found:
        source = _readable(opened, options, seen)
        for raw in opened.chunks(numbers, left, min(_CHUNK, left)) if numbers else ():
            columns = {name: opened.numbers(name, array) for name, array in raw.items()}
            for name, array in columns.items():
                seen.columns[name].widen(array)
            if source is not None and seen.problem is None:
                _look(source, source.table(columns), seen, broken)
            rows = len(columns[numbers[0]])
            seen.entries, left = seen.entries + rows, left - rows
        if left <= 0:
            break
    seen.unphysical = broken_bounds(broken) or None
    return seen


def _most(opened: Opened, columns: int, limit: int | None) -> int:
    """Return how many entries to look at."""
    most = MOST if opened.format.tabular or opened.layout.electron is None else MOST_RECORDS
    return min(most, limit or most, max(1, MOST_VALUES // max(columns, 1)))


def _readable(opened: Opened, options: ReadOptions, seen: Survey) -> Source | None:
    """Return the file as a source of events, if its beams and columns are known."""
    if seen.description.collision is None:
        return None
    try:
        source = Source(opened, options)
    except (ConfigError, DataError) as error:
        seen.problem = seen.problem or str(error)
        return None
    seen.electron = f"each row: {', '.join(source.momenta)}"
    if source.weight is not None and seen.weights is None:
        seen.weights = Weights(source.weight)
    source.warn_of_weights()
    return source


def _look(source: Source, table: EventTable, seen: Survey, broken: Counter[str]) -> None:
    try:
        check(table, source.opened.place, source.names, whole=seen.entries == 0)
    except DataError as error:
        seen.problem = str(error)
        return
    for name in KINEMATICS:
        seen.kinematics.setdefault(name, Range()).widen(table[name])
    broken.update({name: count for name, count in violations(table).items() if count})
    if seen.weights is not None and table.weights is not None:
        seen.weights.total += float(table.weights.sum())
        seen.weights.negative += int(np.count_nonzero(table.weights < 0))
        seen.weights.events += len(table)
