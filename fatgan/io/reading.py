"""Read, stream and describe files of events."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from fatgan.errors import DataError
from fatgan.events.collision import Collision
from fatgan.events.screening import screen
from fatgan.events.table import EventTable
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
    """Read a file of events and drop its few unphysical rows with a warning.

    Parameters
    ----------
    path
        File of any known format; told by its content, not by its name.
    options, keywords
        See :class:`ReadOptions`; keywords replace single options.

    Returns
    -------
    The events, whose provenance names the file, its sha256 checksum, the entries read, the events
    kept of them, the options and, under ``origin``, the provenance that fatgan had written into
    the file.

    Raises
    ------
    DataError
        The file cannot be used: missing, truncated, empty, unphysical, beams not known.
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
    source = Source(path, options)
    entries, tables = 0, []
    for count, table in source.chunks(CHUNK):
        entries += count
        tables.append(table)
    events = EventTable.concatenate(tables)
    if options.cut is not None and len(events) == 0:
        raise DataError(f"{path}: none of {entries:,} events passes the cut '{options.cut}'")
    events, note = screen(events, str(path), options.max_unphysical, options.columns)
    if note is not None:
        _log.warning(note)
    return events.with_provenance(
        **_provenance(source, options), sha256=_checksum(path), entries=entries, events=len(events)
    )


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
    sources = [{**table.provenance, "collision": table.collision.to_dict()} for table in tables]
    checksums = "".join(source["sha256"] for source in sources)
    whole = hashlib.sha256(checksums.encode()).hexdigest()
    return EventTable.concatenate(tables, {"sources": sources, "sha256": whole})


def iterate(
    path: str | PathLike[str],
    options: ReadOptions | None = None,
    chunk: int = CHUNK,
    **keywords: Any,
) -> Iterator[EventTable]:
    """Stream a file as tables of at most ``chunk`` entries, unscreened, in constant memory.

    A table holds the entries of its chunk that pass the cut, perhaps none. Parameters and errors
    are those of :func:`read`.
    """
    options = (options or ReadOptions()).changed(keywords)
    source = Source(Path(path), options)
    provenance = _provenance(source, options)
    for _, table in source.chunks(chunk):
        yield table.with_provenance(**provenance)


@dataclass(frozen=True)
class FileDescription:
    """What a file says about itself.

    ``columns`` holds NumPy type names, or the format's own name where a column is not one number
    per event. ``collision`` is None and ``provenance`` empty unless fatgan wrote the file or,
    for the collision, the options name the beams or their columns.
    """

    path: Path
    format: str
    tree: str | None
    entries: int
    columns: Mapping[str, str]
    collision: Collision | SeveralBeams | None
    provenance: Mapping[str, Any]


def describe(
    path: str | PathLike[str], options: ReadOptions | None = None, **keywords: Any
) -> FileDescription:
    """Describe a file from its metadata alone (text files: by counting their lines).

    Errors are those of :func:`read`, except that unknown beams and empty trees are none.
    """
    path = Path(path)
    options = (options or ReadOptions()).changed(keywords)
    opened = Opened.at(path, options.tree)
    told = opened.header is not None or options.beams is not None or "Ee" in options.columns
    return FileDescription(
        path=path,
        format=opened.layout.format,
        tree=opened.layout.tree,
        entries=opened.layout.entries,
        columns=opened.layout.columns,
        collision=settle_collision(opened.header, options, path) if told else None,
        provenance={} if opened.header is None else opened.header.provenance,
    )


def _check_alike(
    table: EventTable, path: str | PathLike[str], first: EventTable, its_path: str | PathLike[str]
) -> None:
    if (table.weights is None) != (first.weights is None):
        has, other = ("has", "none") if first.weights is None else ("has no", "some")
        raise DataError(f"{path}: {has} weights where {its_path} has {other}")
    if set(table.conditions) != set(first.conditions):
        here, there = (", ".join(sorted(t.conditions)) or "none" for t in (table, first))
        raise DataError(f"{path}: has conditions {here} where {its_path} has {there}")


def _provenance(source: Source, options: ReadOptions) -> dict[str, Any]:
    entries: dict[str, Any] = {"source": source.opened.path.name, **options.stated()}
    if source.opened.layout.tree is not None:
        entries["tree"] = source.opened.layout.tree
    if source.opened.header is not None:
        entries["origin"] = dict(source.opened.header.provenance)
    return entries


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
