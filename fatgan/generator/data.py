"""The rows of a run: what is learned, what is held out, and what chooses the checkpoint."""

from __future__ import annotations

import logging
from typing import NamedTuple

import numpy as np

from fatgan.errors import DataError
from fatgan.events import EventTable
from fatgan.events.unweighting import unweight
from fatgan.generator.config import DataConfig
from fatgan.io import ReadOptions, read

LEAST_SELECTION = 100
"""Fewer rows choose nothing, and are learned instead."""

_log = logging.getLogger("fatgan")


class Split(NamedTuple):
    """Three disjoint samples of one file.

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
    """Read a run's file and split its rows at random, as the seed says.

    Raises
    ------
    DataError
        Whatever :func:`fatgan.io.read` refuses, or too few rows to split.
    """
    options = {name: getattr(config, name) for name in config.model_fields_set if name in _READ}
    source = str(config.path)
    table = read(config.path, ReadOptions(**options))
    weights = table.weights
    if weights is not None:
        table = unweight(table, source, seed)
        _log.warning(
            "%s: unweighting kept %s of %s rows (the largest weight is %.3g times the mean)",
            source,
            f"{len(table):,}",
            f"{len(weights):,}",
            weights.max() / weights.mean(),
        )
    return split(table, config.held_out, config.selection, seed, source)


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
