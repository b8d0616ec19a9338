"""Divergences of histograms, in nats, and the earth-mover plan between them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.spatial.distance import jensenshannon
from scipy.special import rel_entr

Array = NDArray[np.float64]


def kullback_leibler(p: Array, q: Array) -> float:
    """Return sum p ln(p/q); infinite where p has mass and q has none."""
    return float(rel_entr(p, q).sum())


def jensen_shannon(p: Array, q: Array) -> float:
    """Return the mean divergence of p and q from (p + q)/2: 0 to ln 2."""
    return float(jensenshannon(p, q) ** 2)


def total_variation(p: Array, q: Array) -> float:
    """Return sum |p - q|/2: 0 to 1."""
    return float(np.abs(p - q).sum() / 2)


def cumulative_cost(p: Array, q: Array) -> float:
    """Return sum |P_k - Q_k| over the cumulative sums: the work on a line of unit steps."""
    return float(np.abs(np.cumsum(p - q)).sum())


def moving_plan(p: Array, q: Array, cost: Array) -> Array:
    """Return how much goes from each bin to each, at the least work: a linear programme.

    Parameters
    ----------
    p, q
        What lies in the bins and what shall, shapes (n,) and (m,), of the same sum.
    cost
        Work per unit from bin i to bin j, shape (n, m).

    Returns
    -------
    Array of shape (n, m): its rows add up to p and its columns to q.
    """
    n, m = cost.shape
    leaving = np.kron(np.eye(n), np.ones(m))
    arriving = np.kron(np.ones(n), np.eye(m))
    # the last equation follows from the others
    sums = np.vstack([leaving, arriving])[:-1]
    found = linprog(cost.ravel(), A_eq=sums, b_eq=np.concatenate([p, q])[:-1], method="highs")
    return np.asarray(found.x, dtype=np.float64).reshape(n, m)
