"""Coverage: events of one side with no event of the other among their nearest neighbours."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from analysis.checks import FEWEST_EVENTS
from analysis.laws import Drawn, Given
from analysis.scores.score import Measurement, Score
from fatgan.events import EventTable

if TYPE_CHECKING:
    from analysis.comparison import Comparison

Array = NDArray[np.float64]
Rows = NDArray[np.intp]
Labels = NDArray[np.int8]

NEIGHBOURS = 5
"""k of the source."""
MOST_EVENTS = 100_000
"""Events taken from each side; what is used is in the record."""
DRAWS = 200
TIE = 1e-9
"""Points are moved by so many sigmas: equal ones get neighbours at random, not by their order."""


class Coverage(Score):
    """The shares of reference and of sample events that the other side does not cover.

    An event is covered if the ball up to its k-th nearest neighbour of its own side, k = 5,
    holds an event of the other; that is, if the k nearest of all events are not all of its own
    side. Uncovered events of the reference are modes that the generator misses, uncovered
    events of the sample lie off the data. (One minus the source's coverage, so that large
    values are bad ones.) Distances are those of smooth features in sigmas of the reference.

    Equal numbers n are drawn from both sides. Between samples of any one truth each event is
    uncovered with a chance of (n-1)/(2n-1) (n-2)/(2n-2) ... (n-k)/(2n-k), near 1/32. The
    spread and the p-value are those of 200 permutations of the labels over all events, whose
    neighbours stay as they are. The error is that spread, brought to the value as a binomial
    one.

    Weighted events are unweighted first: each is kept with a chance in proportion to its weight.
    That cannot be done with weights below zero, nor where fewer than 20 events are kept: then
    the record says 0 of 0 events, with a p-value of 1.

    Source: M. Naeem et al., arXiv:2002.09797.
    """

    name: ClassVar[str] = "coverage"

    def measure(self, comparison: Comparison) -> Iterator[Measurement]:
        """Yield two measurements, ``uncovered reference`` and ``uncovered sample``."""
        rng = comparison.rng(self.name)
        names = ("uncovered reference", "uncovered sample")
        drawn = [_unweighted(side.rows, rng) for side in (comparison.reference, comparison.sample)]
        n = min(MOST_EVENTS, *map(len, drawn))
        if n < FEWEST_EVENTS:
            for name in names:
                yield Measurement(name, None, 0.0, 0.0, Given(0.0, 0.0, 1.0), 0, 0)
            return
        points = [p[rows[:n]] for p, rows in zip(comparison.standardised, drawn, strict=True)]
        order, near = nearest(np.concatenate(points), NEIGHBOURS, rng)
        values = _uncovered(near, (order >= n).astype(np.int8))
        laws = np.array([_uncovered(near, _labels(n, rng)) for _ in range(DRAWS)])
        chance = math.prod((n - i) / (2 * n - i) for i in range(1, NEIGHBOURS + 1))
        for name, value, draws in zip(names, values, laws.T, strict=True):
            law = Drawn(draws)
            error = law.spread * math.sqrt(value * (1 - value) / (chance * (1 - chance)))
            found = Given(chance, law.spread, law.p_value(value))
            yield Measurement(name, None, value, error, found, n, n)


def nearest(points: Array, k: int, rng: np.random.Generator) -> tuple[Rows, Rows]:
    """Return points in an order that keeps neighbours together, and their k nearest others.

    ``points`` has shape (n, features). Returns their row numbers in the new order, shape (n,),
    and the places in that order of each one's neighbours, shape (k, n); ties are broken at
    random. In this order neighbours are found in the cache: three times as fast.
    """
    from scipy.spatial import KDTree

    points = points + TIE * rng.normal(size=points.shape)
    order = KDTree(points).indices
    points = points[order]
    near = KDTree(points).query(points, k + 1)[1][:, 1:]  # the first is the point itself
    return order, np.ascontiguousarray(near.T)


def _labels(n: int, rng: np.random.Generator) -> Labels:
    """Return n zeros and n ones in random order.

    A fair coin for each, then as many flips as are needed: a tenth of a permutation's time.
    """
    labels = rng.integers(2, size=2 * n, dtype=np.int8)
    surplus = int(labels.sum(dtype=int)) - n
    more = np.flatnonzero(labels == (surplus > 0))
    labels[rng.choice(more, abs(surplus), replace=False)] ^= 1
    return labels


def _uncovered(near: Rows, is_sample: Labels) -> tuple[float, float]:
    """Return the uncovered shares of reference and sample for labels, shape (n,)."""
    of_sample = sum(is_sample[rows] for rows in near)
    held = [np.count_nonzero((is_sample == i) & (of_sample == i * len(near))) for i in (0, 1)]
    n = len(is_sample) // 2
    return held[0] / n, held[1] / n


def _unweighted(table: EventTable, rng: np.random.Generator) -> Rows:
    """Return numbers of rows, in random order, that follow the weights' law and count once."""
    weights = np.ones(len(table)) if table.weights is None else table.weights
    if weights.min() < 0:
        return np.empty(0, dtype=np.intp)
    kept = np.flatnonzero(rng.random(len(table)) * weights.max() < weights)
    return rng.permutation(kept)
