"""Read, stream and describe files of events."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError
from fatgan.events.bounds import is_physical, table_invariants
from fatgan.events.collision import Collision
from fatgan.events.observables import OBSERVABLES
from fatgan.events.screening import screen
from fatgan.events.table import EventTable
from fatgan.io.files import Files, Part, checksum, checksum_of, open_alike
from fatgan.io.header import settle_collision
from fatgan.io.options import ReadOptions
from fatgan.io.several import SeveralBeams
from fatgan.io.source import Opened, Source

CHUNK = 1_000_000
"""Entries read at a time."""

_log = logging.getLogger("fatgan")


def read(
    path: str | PathLike[str], options: ReadOptions | None = None, **keywords: Any
) -> EventTable:
    """Read a file of events, or several alike, and drop the few unphysical rows with a warning.

    Parameters
    ----------
    path
        File of any known format, told by its content, not by its name; a folder of such files; or
        a pattern like ``run*/events_*.parquet``. Several files are read as one.
    options, keywords
        See :class:`ReadOptions`; keywords replace single options.

    Returns
    -------
    The events, whose provenance names the file, its sha256 checksum, the entries read, the events
    kept of them, the options and, under ``origin``, the provenance that fatgan had written into
    the file. Each of several files has its own under ``sources``, and the checksum is over theirs.

    Raises
    ------
    DataError
        The file cannot be used: missing, truncated, empty, unphysical, beams not known; or one of
        several differs from the first in format, columns or beams.
    SchemaError
        A tree or column is not there.
    ConfigError
        An option is unknown, or the cut or the beams are not understood.

    Examples
    --------
    >>> import fatgan
    >>> table = fatgan.read("events.root", beams="27.5x920", tree="events")  # doctest: +SKIP
    """
    path = Path(path)
    options = (options or ReadOptions()).changed(keywords)
    files = Files(path, options)
    parts = list(files.parts(CHUNK))
    events = EventTable.concatenate([part.events for part in parts])
    entries = sum(part.entries for part in parts)
    if options.cut is not None and len(events) == 0:
        raise DataError(f"{path}: none of {entries:,} events passes the cut '{options.cut}'")
    kept, note = screen(events, str(path), options.max_unphysical, files.names)
    if note is not None:
        _log.warning(note)
    facts = _facts(parts, None if note is None else is_physical(table_invariants(events)))
    whole = {
        "sha256": checksum_of([fact["sha256"] for fact in facts.values()]),
        "entries": entries,
        "events": len(kept),
    }
    return kept.with_provenance(**(files.provenance(facts) | whole))


def read_many(files: Sequence[tuple[str | PathLike[str], ReadOptions]]) -> EventTable:
    """Read several files, each as its own options say, into one table in their order.

    Returns
    -------
    The events, in the frame of the first file; the provenance holds that of each file under
    ``sources``, with its collision, and under ``sha256`` one checksum over theirs.

    Raises
    ------
    DataError, SchemaError, ConfigError
        As :func:`read`; also if only some of the files have weights, or their conditions differ.
    """
    tables = [read(path, options) for path, options in files]
    for (path, _), table in zip(files, tables, strict=True):
        _check_alike(table, path, tables[0], files[0][0])
    sources = [
        {**source, "collision": table.collision.to_dict()}
        for table in tables
        for source in table.provenance.get("sources", [table.provenance])
    ]
    whole = hashlib.sha256("".join(source["sha256"] for source in sources).encode()).hexdigest()
    return EventTable.concatenate(tables, {"sources": sources, "sha256": whole})


def iterate(
    path: str | PathLike[str],
    options: ReadOptions | None = None,
    chunk: int = CHUNK,
    **keywords: Any,
) -> Iterator[EventTable]:
    """Stream files as tables of at most ``chunk`` entries, unscreened, in constant memory.

    A table holds the entries of its chunk that pass the cut, perhaps none. Parameters and errors
    are those of :func:`read`.
    """
    options = (options or ReadOptions()).changed(keywords)
    files = Files(Path(path), options)
    provenance = files.provenance()
    for part in files.parts(chunk):
        yield part.events.with_provenance(**provenance)


@dataclass(frozen=True)
class FileDescription:
    """What a file says about itself, or several alike.

    ``columns`` holds NumPy type names, or the format's own name where a column is not one number
    per event; ``units`` the units of columns that have known ones. ``collision`` is None unless
    the file says its beams or the options name them or their columns; ``provenance`` is empty
    unless fatgan wrote the file, and of several files that of the first. ``electron`` says how
    the scattered lepton is found, in formats of whole events.
    """

    path: Path
    files: tuple[Path, ...]
    format: str
    tree: str | None
    entries: int
    columns: Mapping[str, str]
    units: Mapping[str, str]
    collision: Collision | SeveralBeams | None
    electron: str | None
    provenance: Mapping[str, Any]

    @classmethod
    def of(cls, path: Path, found: Sequence[Opened], options: ReadOptions) -> FileDescription:
        """Describe the files, at least one, that a path stands for."""
        opened = found[0]
        layout, header = opened.layout, opened.header
        told = options.beams is not None or "Ee" in options.columns or opened.stated is not None
        settled = settle_collision(header, opened.collision, options, opened.path) if told else None
        return cls(
            path=path,
            files=tuple(each.path for each in found),
            format=layout.format,
            tree=layout.tree,
            entries=sum(each.layout.entries for each in found),
            columns=layout.columns,
            units=layout.units if header is None else _units_of(layout.columns),
            collision=settled,
            electron=layout.electron,
            provenance={} if header is None else header.provenance,
        )


def describe(
    path: str | PathLike[str], options: ReadOptions | None = None, **keywords: Any
) -> FileDescription:
    """Describe files from their metadata alone (text files: by counting their lines).

    Errors are those of :func:`read`, except that unknown beams and empty trees are none.
    """
    path = Path(path)
    options = (options or ReadOptions()).changed(keywords)
    return FileDescription.of(path, open_alike(path, replace(options, limit=None)), options)


def _units_of(columns: Iterable[str]) -> dict[str, str]:
    """Return the units of columns in files by fatgan; of conditions they are not known."""
    units = {name: item.unit.replace("$", "") for name, item in OBSERVABLES.items()}
    units |= {"Ee": "GeV", "Ep": "GeV", "lepton": "", "weight": ""}
    return {name: units[name] for name in columns if name in units}


def _check_alike(
    table: EventTable, path: str | PathLike[str], first: EventTable, its_path: str | PathLike[str]
) -> None:
    if (table.weights is None) != (first.weights is None):
        has, other = ("has", "none") if first.weights is None else ("has no", "some")
        raise DataError(f"{path}: {has} weights where {its_path} has {other}")
    if set(table.conditions) != set(first.conditions):
        here, there = (", ".join(sorted(t.conditions)) or "none" for t in (table, first))
        raise DataError(f"{path}: has conditions {here} where {its_path} has {there}")


def _facts(
    parts: Sequence[Part], physical: NDArray[np.bool_] | None
) -> dict[Source, dict[str, Any]]:
    """Return of each file its checksum, the entries read and the events kept of them."""
    facts: dict[Source, dict[str, Any]] = {}
    start = 0
    for source, entries, events in parts:
        rows = slice(start, start + len(events))
        start = rows.stop
        if source not in facts:
            facts[source] = {"sha256": checksum(source.opened.path), "entries": 0, "events": 0}
        facts[source]["entries"] += entries
        kept = len(events) if physical is None else int(np.count_nonzero(physical[rows]))
        facts[source]["events"] += kept
    return facts
