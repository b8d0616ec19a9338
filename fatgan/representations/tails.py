r"""Quantile functions that go on where the training sample ends.

The empirical quantile function stops at the outermost values. Between the ``ANCHOR``-th value
from each end and the kinematic limit, the distribution is continued as an exponential truncated
at the limit: its decay length is the one that gives the mean excess of the outermost values (far
from the limit, Hill's estimator in the feature's own, logarithmic, scale: B. M. Hill, Ann. Statist.
3 (1975) 1163), and it holds exactly the share of events beyond the anchor. At a hard edge (a cut in
Q2) this is a density that goes flat into the edge, without an atom of events on it; at a falling
tail it is a power law of the physical variable that ends at the kinematic limit.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr

Array = NDArray[np.float64]

ANCHOR = 10
"""The tail begins at the 10th value from the end: the last ones alone are too noisy to hang on."""
TAIL_SHARE = 0.002
"""The share of events whose mean excess gives the decay length."""


def quantile_table(column: Array, grid: Array, limits: tuple[float, float]) -> Array:
    """Return the feature's quantiles at the probabilities of a standard normal grid.

    Parameters
    ----------
    column
        Training values, shape (n,).
    grid
        Increasing numbers z, shape (m,).
    limits
        Kinematic limits of the feature; they are widened to the data where these reach further.

    Returns
    -------
    Shape (m,), non-decreasing, inside the limits.
    """
    ordered = np.sort(column)
    n = len(ordered)
    if ordered[0] == ordered[-1]:
        return np.full(len(grid), ordered[0])
    lower, upper = min(limits[0], ordered[0]), max(limits[1], ordered[-1])
    anchor = min(ANCHOR, n // 4)
    # ndtr keeps its precision below zero only: each half is measured from its own end
    from_below, from_above = ndtr(grid), ndtr(-grid)
    positions = (np.arange(n) + 0.5) / n
    table = np.interp(from_below, positions, ordered)
    edge = positions[anchor]
    for share, values, limit, sign in (
        (from_below, ordered, lower, -1.0),
        (from_above, ordered[::-1], upper, 1.0),
    ):
        tail = share < edge
        start = values[anchor]
        reach = sign * (limit - start)
        length = _decay_length(values, limit)
        table[tail] = start + sign * _excess(share[tail] / edge, length, reach)
    # ties in the data leave flat pieces; rounding must not make them fall
    return np.clip(np.maximum.accumulate(table), lower, upper)


def _decay_length(values: Array, limit: float) -> float:
    """Return the decay length with which the outermost values have the mean excess they have.

    A truncated exponential of length L and reach R has the mean L - R / (exp(R/L) - 1), which is
    R/2 for a flat density and L far from the limit.
    """
    count = max(2 * ANCHOR, int(TAIL_SHARE * len(values)))
    count = min(count, len(values) - 1)
    mean = float(np.abs(values[:count] - values[count]).mean())
    reach = float(abs(limit - values[count]))
    if reach >= 40 * mean:  # exp(40): the limit is out of sight
        return mean
    if mean > 0.499 * reach:  # flat, or rising into the edge
        return 1e3 * reach
    rate = brentq(lambda x: 1 / x - 1 / np.expm1(x) - mean / reach, 1e-3, reach / mean)
    return reach / rate


def _excess(survival: Array, length: float, reach: float) -> Array:
    """Return the excess whose survival is given, for an exponential truncated at ``reach``."""
    if reach <= 0:
        return np.zeros_like(survival)
    if length <= 0:
        # Ties at the end: nothing is known about the decay, so end there.
        return np.zeros_like(survival)
    lost = -np.expm1(-reach / length)
    return np.minimum(-length * np.log1p(-(1 - survival) * lost), reach)
