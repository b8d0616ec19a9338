"""The delete-a-block jackknife: an error for scores of two samples that are no mean of anything."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

BLOCKS = 20
"""The error is itself known to 1/sqrt(2 (BLOCKS - 1)), 16 %."""


def block_rows(n: int, blocks: int = BLOCKS) -> list[NDArray[np.intp]]:
    """Return the row numbers of blocks of nearly equal size."""
    return np.array_split(np.arange(n), blocks)


def jackknife_error(without: Sequence[float] | NDArray[np.float64]) -> float:
    """Return the standard error from a score's values without one block each.

    The same block is left out of both samples, so that the fluctuations of both are in it. Where
    the two samples have one law, scores that are quadratic in the difference have no linear term
    left, and the error comes out sqrt(2) times too large; elsewhere it is unbiased to first
    order. Source: B. Efron and C. Stein, Ann. Stat. 9 (1981) 586.
    """
    values = np.asarray(without, dtype=float)
    blocks = len(values)
    return math.sqrt((blocks - 1) / blocks * float(np.sum((values - values.mean()) ** 2)))
