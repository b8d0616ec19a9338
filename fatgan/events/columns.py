"""Columns that never change: one number per event."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fatgan.errors import DataError

Array = NDArray[np.float64]


def frozen(array: NDArray[Any]) -> NDArray[Any]:
    """Make an array that nobody else holds read-only, so that a table need not copy it."""
    array.flags.writeable = False
    return array


def column(name: str, values: ArrayLike) -> Array:
    """Return a read-only float64 column (n,) that no array of the caller's can change.

    Raises
    ------
    DataError
        The values are no numbers, or not one per event; ``name`` is for the message.
    """
    safe = isinstance(values, np.ndarray) and not values.flags.writeable
    try:
        array = np.asarray(values, np.float64) if safe else np.array(values, np.float64)
    except (TypeError, ValueError):
        raise DataError(f"column '{name}' holds more than numbers") from None
    if array.ndim != 1:
        raise DataError(f"column '{name}' has shape {array.shape}, not one number per event")
    return frozen(array)


def joined(parts: Sequence[Array]) -> Array:
    """Return columns one after the other, read-only."""
    return frozen(np.concatenate(parts))


def same_lengths(lengths: dict[str, int]) -> None:
    """Refuse columns of different lengths."""
    if len(set(lengths.values())) > 1:
        raise DataError(f"columns have different lengths: {lengths}")


def rows_of(key: Any) -> slice | NDArray[Any]:
    """Return the slice, mask or row numbers that a key stands for.

    Raises
    ------
    TypeError
        It is none of them.
    """
    if isinstance(key, slice):
        return key
    rows = np.asarray(key)
    if isinstance(key, list) and not key:  # for which NumPy guesses floats
        rows = rows.astype(np.intp)
    if isinstance(key, tuple) or rows.ndim != 1 or rows.dtype.kind not in "bui":
        given = repr(key) if rows.ndim == 0 else f"{rows.dtype} of shape {rows.shape}"
        raise TypeError(
            "a table takes the name of an observable, a slice, a mask or row numbers, not "
            f"{given}; a single event is table[3:4]"
        )
    return rows
