"""The rows of a run: what is learned, what is held out, and what chooses the checkpoint."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from fatgan.configuration.section import Section
from fatgan.errors import DataError
from fatgan.events import EventTable
from fatgan.generator.config import DataConfig, FileConfig, matching
from fatgan.io import ReadOptions, read, read_many

LEAST_SELECTION = 100
"""Fewer rows choose nothing, and are learned instead."""


class Split(NamedTuple):
    """Three disjoint samples of the same files.

    Attributes
    ----------
    training
        What is learned.
    held_out
        What results are quoted against; no training and no choice sees it.
    selection
        What the checkpoint is chosen by; may be empty.
    """

    training: EventTable
    held_out: EventTable
    selection: EventTable


def read_split(config: DataConfig, seed: int) -> Split:
    """Read a run's files and split their rows at random, as the seed says.

    Raises
    ------
    DataError
        Whatever :func:`fatgan.io.read` refuses, no file, or too few rows to split.
    """
    files = _files(config)
    (path, options), *others = files
    table = read_many(files) if others else read(path, options)
    source = f"{len(files)} files like {path}" if others else str(path)
    return split(table, config.held_out, config.selection, seed, source)


def _files(config: DataConfig) -> list[tuple[Path, ReadOptions]]:
    """Return the files of a run, each with how it is to be read."""
    common = _options(config)
    given = config.path if isinstance(config.path, tuple) else (config.path,)
    found = []
    for entry in given:
        own = _options(entry) if isinstance(entry, FileConfig) else {}
        path = entry.path if isinstance(entry, FileConfig) else entry
        # a plain name that is not there is for the reader to refuse
        matches = matching(path) or ([] if "*" in path.name else [path])
        if not matches:
            raise DataError(
                f"{path}: no file matches; data.path names files of events, which fatgan simulate "
                "CONFIG makes if the configuration has a section 'simulation'"
            )
        found += [(match, ReadOptions(**{**common, **own})) for match in matches]
    return found


def _options(section: Section) -> dict[str, Any]:
    return {name: getattr(section, name) for name in section.model_fields_set if name in _READ}


def split(table: EventTable, held_out: int, selection: int, seed: int, source: str) -> Split:
    """Split off ``held_out`` rows at random, at most half, and of the rest ``selection``.

    These are at most a tenth of the rest, and none at all if that makes less than 100.
    """
    held_out = min(held_out, len(table) // 2)
    if len(table) - held_out < 2:
        raise DataError(f"{source}: {len(table)} rows are too few to learn from")
    order = np.random.default_rng([seed, len(table)]).permutation(len(table))
    selection = min(selection, (len(table) - held_out) // 10)
    if selection < LEAST_SELECTION:
        selection = 0
    ends = [held_out, held_out + selection]
    kept, choosing, learned = (table[rows] for rows in np.split(order, ends))
    return Split(learned, kept, choosing)


_READ = set(ReadOptions.__dataclass_fields__)
