"""Weights of events: what may be given, and the law by which rows are drawn for them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fatgan.errors import DataError


def checked_weights(weights: ArrayLike | None, rows: int) -> NDArray[np.float64] | None:
    """Return the weights of so many rows, shape (rows,); ``None`` if there are none to heed.

    So it is where none are given, and where all are equal.

    Raises
    ------
    DataError
        They are not one finite number per row, or do not sum to more than 0.
    """
    if weights is None:
        return None
    values = np.asarray(weights, dtype=np.float64)
    if values.shape != (rows,):
        raise DataError(f"weights of shape {values.shape} for {rows:,} rows: give one per row")
    wrong = int(np.count_nonzero(~np.isfinite(values)))
    if wrong:
        raise DataError(f"{wrong:,} of {rows:,} weights are not finite: leave these events out")
    total = float(values.sum())
    if total <= 0:
        raise DataError(
            f"the weights of {rows:,} rows sum to {total:g}: a sample must weigh more than 0"
        )
    return None if np.all(values == values[0]) else values


class DrawingLaw(NamedTuple):
    """How rows are drawn so that the mean of factor * f over them is the weighted mean of f.

    Attributes
    ----------
    cumulative
        Sums of the rows' probabilities, shape (n,), float64, the last one 1.
    factors
        Of each row, shape (n,), float32; ``None`` if all are 1.
    """

    cumulative: NDArray[np.float64]
    factors: NDArray[np.float32] | None


def drawing_law(weights: NDArray[np.float64], conditions: NDArray[Any] | None = None) -> DrawingLaw:
    """Return the law for weights of any sign.

    Rows are drawn by |weight|, and those of negative weight count negative. With conditions, rows
    are drawn so in each setting of these, and the settings by the sums of their weights: drawn
    conditions, which generated events are made for too, then follow the weighted law themselves.

    Parameters
    ----------
    weights
        Shape (n,), of positive sum.
    conditions
        Shape (n, c).

    Raises
    ------
    DataError
        Weights of both signs, and a setting whose weights do not sum to more than 0.
    """
    size = np.abs(weights)
    if np.all(weights >= 0):
        return DrawingLaw(_cumulative(size), None)
    setting = np.zeros(len(weights), dtype=np.intp)
    if conditions is not None:
        setting = np.unique(conditions, axis=0, return_inverse=True)[1].reshape(-1)
    net, gross = np.bincount(setting, weights), np.bincount(setting, size)
    empty = int(np.count_nonzero((net <= 0) & (gross > 0)))
    if empty:
        raise DataError(
            f"the weights of {empty:,} of {len(net):,} settings of the conditions sum to 0 or "
            "less: leave these out, or a condition that differs from event to event"
        )
    share = net[setting] / np.where(gross > 0, gross, 1.0)[setting]
    drawn = size > 0  # in a setting of weights that are all 0 there is no share
    factors = np.divide(np.sign(weights), share, out=np.zeros_like(share), where=drawn)
    return DrawingLaw(_cumulative(size * share), factors.astype(np.float32))


def _cumulative(probabilities: NDArray[np.float64]) -> NDArray[np.float64]:
    sums = np.cumsum(probabilities)
    return sums / sums[-1]
