"""QuickDraw's simplified drawings (https://quickdraw.withgoogle.com/data), one JSON line each."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError
from fatgan.images.datasets.readers.opening import Reader, opened
from fatgan.images.datasets.selection import chosen
from fatgan.images.datasets.strokes import SPAN, rasterised
from fatgan.images.image_set import ImageSet

_LONGEST = 2**16
"""Bytes of a line; drawings have some hundred or thousand."""


def read_ndjson(path: Path, limit: int | None) -> ImageSet:
    """Return drawings as images of 28 x 28, white strokes on black; their words are the classes.

    A drawing that the game did not recognise (``"recognized": false``) is left out, as it often
    shows something else; the provenance tells how many they were.

    Raises
    ------
    DataError
        A line that is not a simplified drawing, or no recognised drawing at all.
    """
    drawings: list[tuple[str, list[NDArray[np.float64]]]] = []
    unrecognised = 0
    with opened(path) as file:
        number = 0
        while line := file.readline(_LONGEST):
            number += 1
            if not line.strip():
                continue
            entry = _entry(line, f"{path}, line {number:,}")
            if entry.get("recognized") is False:
                unrecognised += 1
                continue
            word = str(entry.get("word", "drawing"))
            drawings.append((word, _strokes(entry["drawing"], f"{path}, line {number:,}")))
    if not drawings:
        raise DataError(
            f"{path}: no recognised drawing in it ({unrecognised:,} that were not recognised)"
        )
    words = sorted({word for word, _ in drawings})
    rows = chosen(len(drawings), limit)
    return ImageSet(
        path.name,
        np.stack([rasterised(drawings[row][1]) for row in rows]),
        labels=np.array([words.index(drawings[row][0]) for row in rows], dtype=np.int64),
        classes=tuple(words),
        provenance={"source": str(path), "format": "ndjson", "left_out": unrecognised},
    )


def _entry(line: bytes, place: str) -> dict[str, Any]:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0]
        raise DataError(f"{place}: no JSON object of a drawing ({reason})") from None
    if not isinstance(entry, dict) or "drawing" not in entry:
        raise DataError(f"{place}: no 'drawing' in it; QuickDraw's simplified drawings are read")
    return entry


def _strokes(drawing: Any, place: str) -> list[NDArray[np.float64]]:
    try:
        strokes = [np.array(stroke, dtype=np.float64).T for stroke in drawing]
    except (TypeError, ValueError, OverflowError):
        strokes = []
    if not strokes or any(stroke.ndim != 2 or 0 in stroke.shape for stroke in strokes):
        raise DataError(f"{place}: a drawing is a list of strokes [[x, ...], [y, ...]]")
    points = np.concatenate([stroke.ravel() for stroke in strokes])
    # negated, so that NaN is caught
    inside = bool((points >= 0).all() and (points < SPAN).all())
    if any(stroke.shape[1] != 2 for stroke in strokes) or not inside:
        raise DataError(
            f"{place}: not a simplified drawing, whose strokes hold x and y from 0 to {SPAN - 1}; "
            "take the file of simplified drawings instead of the raw ones"
        )
    return strokes


def _knows(start: bytes) -> bool:
    return start.lstrip().startswith(b"{")


NDJSON = Reader("ndjson", _knows, read_ndjson)
