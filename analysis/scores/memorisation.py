"""Memorisation: is the sample nearer to its training events than to others of their law."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from analysis.features import standardised
from analysis.laws import Drawn, Given
from analysis.scores.coverage import TIE
from analysis.scores.duplicates import momenta, of_pairs
from analysis.scores.score import Measurement, Score
from fatgan.events import EventTable

if TYPE_CHECKING:
    import pandas

    from analysis.comparison import Comparison

Array = NDArray[np.float64]
Rows = NDArray[np.intp]

MOST_EVENTS = 200_000
"""Events taken of sample, truth and reference; what is used is in the record."""
CLOSEST = 0.01
CLOSEST_EVENTS = 20
"""The closest are 1 % of the sample's events, and no fewer than these."""
DRAWS = 10_000


class Memorisation(Score):
    """The share of sample events whose nearest of training and reference events is a training one.

    Needs the training events, as the comparison's truth; without them there is nothing to
    measure. Equal numbers of both are drawn, so that chance gives 1/2 whatever the sample is: a
    generator of the wrong law is as near to the one as to the other. Above 1/2 it has learned
    its training events, and not only their law. All training events should be given, because
    copies of those that are not drawn are not seen.

    A copy is nearer to one event than to any other. So the share is also taken of the 1 % of the
    sample's events with the smallest ratio of the distances to their nearest and second nearest
    neighbour: 1 % of copies with little noise stand out there, and vanish in the share of all.
    Distances are those of smooth features in sigmas of the reference. The law is that of 10,000
    permutations of the labels of training and reference events, with the neighbours as they
    are; the error is its spread, brought to the value as a binomial one.

    Last, the number of sample events that are training events bit for bit. By chance (see
    :class:`~analysis.scores.duplicates.Duplicates`) as many are expected per pair of events as
    the reference shares with training and sample. Every event counts once, whatever its
    weight.

    Source: the labels of nearest neighbours as a test, M. Schilling, J. Am. Stat. Assoc. 81
    (1986) 799; training against held-out events, C. Meehan et al., arXiv:2004.05675.
    """

    name: ClassVar[str] = "memorisation"

    def measure(self, comparison: Comparison) -> Iterator[Measurement]:
        """Yield ``nearest in training``, of all and of the closest, and ``copied events``."""
        if comparison.truth is None:
            return
        rng = comparison.rng(self.name)
        reference, sample, training = (
            side.rows for side in (comparison.reference, comparison.sample, comparison.truth)
        )
        n = min(len(training), len(reference), MOST_EVENTS)
        others = (standardised(reference, training)[1], comparison.standardised[0])
        pool = np.concatenate([_drawn(points, n, rng) for points in others])
        near, ratio = _nearest(_drawn(comparison.standardised[1], MOST_EVENTS, rng), pool, rng)
        size = min(max(int(CLOSEST * len(near)), CLOSEST_EVENTS), len(near))
        closest = near[np.argpartition(ratio, size - 1)[:size]]
        for name, chosen in (("nearest in training", near), ("closest in training", closest)):
            share, law = _share_below(n, chosen, rng)
            error = 2 * law.spread * math.sqrt(share * (1 - share))
            found = Given(0.5, law.spread, law.p_value(share))
            yield Measurement(name, None, share, error, found, n, len(chosen))
        yield _copies(reference, sample, training)


def _drawn(points: Array, most: int, rng: np.random.Generator) -> Array:
    return points[rng.permutation(len(points))[:most]]


def _nearest(points: Array, pool: Array, rng: np.random.Generator) -> tuple[Rows, Array]:
    """Return the row of the pool nearest to each point, and the ratio of the two distances."""
    from scipy.spatial import KDTree

    tree = KDTree(pool + TIE * rng.normal(size=pool.shape))
    points = points[KDTree(points).indices]  # quick: see coverage
    distances, near = tree.query(points, 2)
    return near[:, 0], distances[:, 0] / distances[:, 1]


def _share_below(n: int, near: Rows, rng: np.random.Generator) -> tuple[float, Drawn]:
    """Return the share of the first n of 2n rows among ``near``, and its law for a random n.

    Rows with the same number of events around them are alike, so how many of them get a label
    is all that is drawn.
    """
    events, rows = np.unique(np.bincount(near, minlength=2 * n), return_counts=True)
    draws = rng.multivariate_hypergeometric(rows, n, size=DRAWS) @ events
    return float(np.mean(near < n)), Drawn(draws / len(near))


def _copies(reference: EventTable, sample: EventTable, training: EventTable) -> Measurement:
    a, b, t = (momenta(table) for table in (reference, sample, training))
    count = _shared(b, t)
    law = of_pairs(
        count, len(b) * len(t), _shared(b, a) + _shared(t, a), len(a) * (len(b) + len(t))
    )
    error = math.sqrt(max(count, law.mean))
    return Measurement("copied events", None, count, error, law, len(t), len(b))


def _shared(rows: pandas.DataFrame, others: pandas.DataFrame) -> int:
    """Return how many rows are among the others bit for bit."""
    return len(rows.merge(others.drop_duplicates()))
