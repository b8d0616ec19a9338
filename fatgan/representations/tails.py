r"""Quantile functions that go on where the training sample ends.

The empirical quantile function stops at the outermost values. Beyond the ``ANCHOR``-th value from
each end the distribution is continued to the kinematic limit, from what those outermost values
alone say: tails steepen on their way to a limit, so that a slope taken from further inside is too
long. For any law of the data the share of events beyond the i-th outermost of n values is
i / (n + 1) in the mean.

An exponential whose decay length is known from k excesses e_1 ... e_k only has the predictive
survival

.. math:: S(e) = \left(1 + \frac{e}{e_1 + \dots + e_k}\right)^{-k},

which holds the uncertainty of that length: over samples, the rate beyond their own largest value
is then right in the mean, which it is not with the estimate in the length's place (S. Geisser,
Predictive Inference, 1993). Here it is truncated at the limit. Far from the limit, in the feature's
own logarithmic scale, this is a power law of the physical variable; at a hard edge (a cut in Q2) it
is a density that goes flat into the edge, without an atom of events on it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import ndtr

Array = NDArray[np.float64]

ANCHOR = 10
"""The tail begins beyond so many outermost values: fewer know too little, more lie too far in."""
_FAR = 40.0
"""Decay lengths beyond which a limit is out of sight: exp(-40)."""


def quantile_table(
    column: Array, grid: Array, limits: tuple[float, float], weights: Array | None = None
) -> Array:
    """Return the feature's quantiles at the probabilities of a standard normal grid.

    Parameters
    ----------
    column
        Training values, shape (n,).
    grid
        Increasing numbers z, shape (m,).
    limits
        Kinematic limits of the feature; they are widened to the data where these reach further.
    weights
        How often each value counts, above zero, shape (n,); ``None``, like weights that are all
        equal, when each counts once.

    Returns
    -------
    Shape (m,), non-decreasing, inside the limits.
    """
    if weights is None or np.all(weights == weights[0]):
        ordered, shares = np.sort(column), None
    else:
        order = np.argsort(column, kind="stable")
        ordered, shares = column[order], weights[order]
    if ordered[0] == ordered[-1]:
        return np.full(len(grid), ordered[0])
    lower, upper = min(limits[0], ordered[0]), max(limits[1], ordered[-1])
    anchor = min(ANCHOR, max(len(ordered) // 4, 1))
    # ndtr keeps its precision below zero only: each half is measured from its own end
    from_below, from_above = ndtr(grid), ndtr(-grid)
    table = np.interp(from_below, _positions(len(ordered), shares), ordered)
    turned = None if shares is None else shares[::-1]
    for share, values, counts, limit, sign in (
        (from_below, ordered, shares, lower, -1.0),
        (from_above, ordered[::-1], turned, upper, 1.0),
    ):
        edge = _positions(len(ordered), counts)[anchor]
        tail = share < edge
        start = values[anchor]
        excesses = sign * (values[:anchor] - start)
        reach = float(sign * (limit - start))
        known = None if counts is None else counts[:anchor]
        table[tail] = start + sign * _excess(share[tail] / edge, excesses, reach, known)
    # ties in the data leave flat pieces; rounding must not make them fall
    return np.clip(np.maximum.accumulate(table), lower, upper)


def _positions(n: int, weights: Array | None) -> Array:
    """Return the share of events below each of n ordered values, in the mean.

    For equal weights it is i / (n + 1) from either end. With others, it is the sum of those up to
    the value over (sum + g), where g = sum w^2 / sum w is a typical weight, and so from the other
    end; in between one goes over into the other: where the weights of an end are small, so must
    be its share.
    """
    if weights is None:
        return np.arange(1, n + 1) / (n + 1)
    total, typical = np.sum(weights), np.sum(weights * weights) / np.sum(weights)
    middle = np.cumsum(weights) - weights / 2
    way = middle / total
    room = (1 - way) * weights / 2 + way * (typical - weights / 2)
    return (middle + room) / (total + typical)


def _excess(survival: Array, excesses: Array, reach: float, weights: Array | None = None) -> Array:
    """Return the excess whose predictive survival is given, truncated at ``reach``."""
    # A limit found in the data is the outermost value itself, which then says nothing of a slope.
    short = excesses < reach
    inner = excesses[short]
    if reach <= 0 or (len(inner) and not inner.any()):
        # Ties at the end: nothing is known about the decay, so end there.
        return np.zeros_like(survival)
    count = float(max(len(inner), 1))
    mean = float(inner.mean()) / reach if len(inner) else 0.5
    if weights is not None and len(inner):
        known = weights[short]
        count = float(known.sum() ** 2 / np.sum(known * known))
        mean = float(np.average(inner, weights=known)) / reach
    rate = _rate(mean, lowest=-count / 2)
    lost = -np.expm1(-count * np.log1p(rate / count))
    growth = np.expm1(-np.log1p(-(1 - survival) * lost) / count)
    return np.clip(reach * count / rate * growth, 0.0, reach)


def _rate(mean: float, lowest: float) -> float:
    """Return the rate of an exponential on (0, 1) with this mean, not below ``lowest``.

    It is negative for a density that rises towards 1; never exactly 0, which is a flat one.
    """
    if mean * _FAR < 1:
        return 1 / mean
    if mean >= _mean(lowest):
        return lowest
    return float(brentq(lambda rate: _mean(rate) - mean, lowest, _FAR)) or 1e-9


def _mean(rate: float) -> float:
    # the two terms cancel near zero
    return 1 / rate - 1 / np.expm1(rate) if abs(rate) > 1e-3 else 0.5 - rate / 12
