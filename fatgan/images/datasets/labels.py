"""Class numbers out of what files hold."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError


def as_labels(labels: NDArray[Any], n: int, place: str) -> NDArray[np.int64]:
    """Return class numbers of shape (n,), out of integers of shape (n,) or (n, 1).

    Parameters
    ----------
    labels
        What a file holds.
    n
        Number of images.
    place
        File and array, for messages.

    Raises
    ------
    DataError
        Other numbers than integers from 0, another shape, or a count that is not ``n``.
    """
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1:
        raise DataError(
            f"{place}: labels of shape {labels.shape}; one class number per image is needed "
            "(of one-hot rows take labels.argmax(axis=1))"
        )
    if labels.dtype.kind not in "iu":
        raise DataError(f"{place}: labels are {labels.dtype}; class numbers are integers")
    if len(labels) != n:
        raise DataError(
            f"{place}: {len(labels):,} labels for {n:,} images; one label per image is needed"
        )
    if n and labels.min() < 0:
        raise DataError(f"{place}: a label is {labels.min()}; class numbers count from 0")
    return labels.astype(np.int64)
