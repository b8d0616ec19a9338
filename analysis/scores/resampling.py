"""Bootstrap errors of one-dimensional distances, from binned columns."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

CELLS = 1000
RESAMPLES = 40


def bootstrap_error(
    a: Array,
    b: Array,
    rng: np.random.Generator,
    distance: Callable[[Array, Array], Array],
) -> float:
    """Return the standard deviation of a distance when both columns are drawn anew.

    The columns, shapes (n,) and (m,), are counted once in cells of equal population, and the
    counts are drawn 40 times from multinomial laws. ``distance`` gets the differences of the
    cumulative shares at the right ends of the cells, shape (40, cells), and the widths up to
    the next cell, shape (cells,), and returns 40 distances.
    """
    pooled = np.sort(np.concatenate([a, b]))
    # right ends of the cells; ties share a cell
    ends = np.unique(pooled[np.linspace(0, len(pooled) - 1, CELLS + 1).astype(int)[1:]])
    difference = _cumulative(a, ends, rng) - _cumulative(b, ends, rng)
    widths = np.append(np.diff(ends), 0.0)
    return float(np.std(distance(difference, widths), ddof=1))


def _cumulative(column: Array, ends: Array, rng: np.random.Generator) -> Array:
    counts = np.bincount(np.searchsorted(ends, column), minlength=len(ends))
    drawn = rng.multinomial(len(column), counts / len(column), size=RESAMPLES)
    return np.cumsum(drawn, axis=1) / len(column)
