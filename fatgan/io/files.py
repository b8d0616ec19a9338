"""The files that a path stands for - one, a folder of them, a pattern - read as one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from glob import glob, has_magic
from pathlib import Path
from typing import Any, NamedTuple

from fatgan.errors import DataError
from fatgan.events.table import EventTable
from fatgan.io.options import ReadOptions
from fatgan.io.source import Opened, Source

_UNFINISHED = (".part", ".tmp", ".crc", "~")
"""Endings of files that are being written, or that only go with others."""


def files_at(path: Path) -> list[Path]:
    """Return the files that a path stands for, sorted by name.

    A folder stands for the files in it, but not for those of its folders; a name with ``*``, ``?``
    or ``[`` for the files that match it (``**`` for folders at any depth), unless a file has that
    very name. Hidden files, unfinished ones and those that begin with ``_``, like Spark's
    ``_SUCCESS``, are left out.

    Raises
    ------
    DataError
        A folder without files, or a pattern that no file matches.
    """
    if path.is_dir():
        found = _finished(path.iterdir())
        if not found:
            raise DataError(f"{path}: is a folder without files of events")
        return found
    if path.exists() or not has_magic(str(path)):
        return [path]
    found = _finished(Path(name) for name in glob(str(path), recursive=True))
    if not found:
        raise DataError(f"{path}: no file matches")
    return found


def _finished(paths: Iterator[Path]) -> list[Path]:
    return sorted(
        path
        for path in paths
        if path.is_file() and path.name[0] not in "._" and not path.name.endswith(_UNFINISHED)
    )


def open_alike(path: Path, options: ReadOptions) -> list[Opened]:
    """Read the metadata of the files that a path stands for.

    Files without events are left out if others have some, and files beyond the limit are not
    looked at.

    Raises
    ------
    DataError
        The files differ in format, tree, columns, beams or conditions.
    """
    found: list[Opened] = []
    left = options.limit
    paths = files_at(path)
    for each in paths:
        opened = Opened.at(each, options)
        if opened.layout.entries == 0 and len(paths) > 1:
            continue
        if found:
            _check_alike(opened, found[0])
        found.append(opened)
        if left is not None:
            left -= opened.layout.entries
            if left <= 0:
                break
    if not found:
        raise DataError(f"{path}: empty, there is not one event in {len(paths):,} files")
    return found


class Part(NamedTuple):
    """Some entries of a file that were read, and the events of them that pass the cut."""

    source: Source
    entries: int
    events: EventTable


class Files:
    """Reads the files that a path stands for as one file, one after the other."""

    def __init__(self, path: Path, options: ReadOptions) -> None:
        self.path, self.options = path, options
        self.sources: list[Source] = []
        left = options.limit
        for opened in open_alike(path, options):
            self.sources.append(Source(opened, replace(options, limit=left)))
            if left is not None:
                left -= opened.layout.entries
        self.sources[0].warn_of_weights()

    @property
    def names(self) -> Mapping[str, str]:
        """The files' own names of columns that are called otherwise."""
        return self.sources[0].names

    def parts(self, chunk: int) -> Iterator[Part]:
        """Yield the events, at most ``chunk`` entries of one file at a time."""
        for source in self.sources:
            for entries, events in source.chunks(chunk):
                yield Part(source, entries, events)

    def provenance(self, facts: Mapping[Source, Mapping[str, Any]] | None = None) -> dict[str, Any]:
        """Return what the options and the files say of the events.

        ``facts`` are further entries of each file. Several files have theirs under ``sources``.
        """
        facts = facts or {}
        each = [{**self._said(source), **facts.get(source, {})} for source in self.sources]
        if len(each) == 1:
            return each[0]
        return {"source": self.path.name, **self.options.stated(), "sources": each}

    def _said(self, source: Source) -> dict[str, Any]:
        opened = source.opened
        entries: dict[str, Any] = {"source": self._name(opened.path), **self.options.stated()}
        if opened.layout.tree is not None:
            entries["tree"] = opened.layout.tree
        if opened.header is not None:
            entries["origin"] = dict(opened.header.provenance)
        elif opened.layout.provenance:
            entries["origin"] = dict(opened.layout.provenance)
        return entries

    def _name(self, path: Path) -> str:
        parents = {str(source.opened.path.parent) for source in self.sources}
        # folders are named as far as they differ
        return (
            path.name if len(parents) == 1 else os.path.relpath(path, os.path.commonpath(parents))
        )


def checksum(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def checksum_of(checksums: list[str]) -> str:
    """Return one checksum over those of several files; of a single one, its own."""
    if len(checksums) == 1:
        return checksums[0]
    return hashlib.sha256("".join(checksums).encode()).hexdigest()


def _check_alike(opened: Opened, first: Opened) -> None:
    here, there = opened.layout, first.layout
    where = f"where {first.path}"
    lacks = [name for name in there.columns if name not in here.columns]
    more = [name for name in here.columns if name not in there.columns]
    if here.format != there.format:
        problem = f"is a {here.format} file {where} is a {there.format} file"
    elif here.tree != there.tree:
        problem = f"has the tree '{here.tree}' {where} has '{there.tree}'"
    elif lacks or more:
        lacking = [f"lacks column '{lacks[0]}' {where} has it"] if lacks else []
        problem = (lacking or [f"has column '{more[0]}' {where} lacks it"])[0]
    elif opened.stated != first.stated:
        problem = f"says beams {opened.stated or 'none'} {where} says {first.stated or 'none'}"
    elif opened.conditions != first.conditions:
        own, others = (", ".join(o.conditions) or "none" for o in (opened, first))
        problem = f"has conditions {own} {where} has {others}"
    elif (opened.header is None) != (first.header is None):
        written = "is" if first.header is None else "is not"
        problem = f"{written} written by fatgan, unlike {first.path}"
    else:
        return
    raise DataError(f"{opened.path}: {problem}; read them apart, or name a pattern for those alike")
