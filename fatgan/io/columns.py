"""Columns of a file as they are, for tables that hold no events."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError
from fatgan.events.collision import Collision
from fatgan.io.options import ReadOptions
from fatgan.io.several import SeveralBeams
from fatgan.io.source import Opened

_CHUNK = 1_000_000
_TEXT = {".csv", ".txt", ".dat", ".tsv"}


def read_columns(
    path: Path, names: Sequence[str], tree: str | None = None
) -> tuple[dict[str, NDArray[np.float64]], Collision | SeveralBeams | None]:
    """Return those of the named columns that a file has, in the order of its rows.

    Returns
    -------
    The columns by name, shape (n,) each, and what a file by fatgan states of the beams of its
    events (``None`` in others).

    Raises
    ------
    DataError
        The file cannot be used: missing, damaged, empty, or with numbers that are not finite.
    SchemaError
        A column that holds more than one number per row, or a tree that is not there.
    """
    try:
        opened = Opened.at(path, ReadOptions(tree=tree))
    except DataError:
        # one or two columns are too few to be told from any other text
        if not _TEXT & {ending.lower() for ending in path.suffixes}:
            raise
        opened = Opened.at(path, ReadOptions(tree=tree, format="csv"))
    header = opened.header
    own = None if header is None else header.collision
    found = [opened.require(name) for name in names if name in opened.layout.columns]
    if opened.layout.entries == 0:
        raise DataError(f"{opened.place}: empty, there is not one row")
    parts = list(opened.chunks(found, None, _CHUNK)) if found else []
    columns = {
        name: np.concatenate([opened.numbers(name, part[name]) for part in parts]) for name in found
    }
    for name, column in columns.items():
        bad = int(np.count_nonzero(~np.isfinite(column)))
        if bad:
            raise DataError(
                f"{opened.place}: column '{name}' is NaN or infinite in {bad:,} of "
                f"{len(column):,} rows"
            )
    return columns, own
