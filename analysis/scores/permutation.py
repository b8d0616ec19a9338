"""Laws of scores that are functions of two means: both samples in blocks, and these permuted."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.laws import Drawn
from analysis.threads import one_thread
from fatgan.events import EventTable

if TYPE_CHECKING:
    from analysis.comparison import Comparison

Array = NDArray[np.float64]
Cells = NDArray[np.intp]
Embedding = Callable[[Array], NDArray[np.floating]]
"""Features of events: from columns of shape (d, events) to (D, events)."""

BLOCKS = 100
"""The smaller sample is cut into so many blocks, or up to twice as many."""
FEWEST_BLOCKS = 10
"""Of samples whose weights leave few effective events."""
PERMUTATIONS = 200
MOST_EVENTS = 400_000
"""Events taken from each side; what is used is in the record."""
MOST_RATIO = 5
"""Events of the larger sample over those of the smaller; more of them would tell no more."""
LEAST_WEIGHT = 0.1
"""Of what weights of both signs sum to on average: a set of blocks may sum to nothing."""


class Blocks:
    """The events of a comparison in blocks of random rows, and how blocks change sides.

    A score that depends on sums over each side is worked out from sums over blocks: for the samples
    as they are, for 200 random permutations of the blocks between the sides, which give the law,
    and without each block in turn, which gives the error (jackknife). Where all events count once
    the blocks are of one length, and between samples of one truth the p-value holds exactly, up to
    units that are the reference's: permutations of blocks are a subgroup of those of events. Where
    events have weights all blocks hold about as many effective events, (sum w)^2/sum w^2, so that
    they vary alike; the p-value then holds for many events.

    At most 400,000 events are taken from each side, and from the larger one five times those of
    the smaller; the last events, which fill no block, are left out: one in a hundred at most,
    three with weights.

    Parameters
    ----------
    comparison
        The comparison. Its seed gives every score the same blocks and permutations.

    Attributes
    ----------
    number
        Blocks of reference and sample, (K, L).
    weights
        Of the events in the order of :meth:`pooled`, shape (events,). A block's sum is 1 on
        average.

    Notes
    -----
    Subgroups: J. Hemerik and J. Goeman, arXiv:1411.7565. What has to vary alike: E. Chung and
    J. Romano, arXiv:1304.5939.
    """

    def __init__(self, comparison: Comparison) -> None:
        rng = comparison.rng("blocks")
        tables = comparison.reference.rows, comparison.sample.rows
        lengths = _lengths(tables)
        n, m = (min(len(t), MOST_EVENTS) // s for t, s in zip(tables, lengths, strict=True))
        # permuted weighted means have the spread of the true ones only where both sides have as
        # many blocks: E. Chung and J. Romano, arXiv:1304.5939
        alike = all(t.weights is None or np.ptp(t.weights) == 0 for t in tables)
        most = MOST_RATIO if alike else 1
        self.number = min(n, most * m), min(m, most * n)
        self._rows = tuple(
            rng.permutation(len(table))[: blocks * length]
            for table, blocks, length in zip(tables, self.number, lengths, strict=True)
        )
        parts = []
        for table, rows, length in zip(tables, self._rows, lengths, strict=True):
            w = np.ones(len(rows)) if table.weights is None else table.weights[rows]
            parts.append(w / (length * (w.mean() if w.sum() > 0 else 1.0)))
        self.weights = np.concatenate(parts)
        self._block = np.repeat(np.arange(sum(self.number)), np.repeat(lengths, self.number))
        self._places = _places(self.number, rng)

    @property
    def sizes(self) -> tuple[int, int]:
        """Events of reference and sample in blocks."""
        return len(self._rows[0]), len(self._rows[1])

    def pooled(self, reference: NDArray, sample: NDArray) -> Array:
        """Return the columns of all events in blocks, block by block, the reference's first.

        From the rows of both, shapes (n,) or (n, d) and (m,) or (m, d), to (events,) or
        (d, events).
        """
        columns = (reference[self._rows[0]].T, sample[self._rows[1]].T)
        return np.concatenate(columns, axis=-1)

    def counts(self, cells: Cells, number: int) -> Array:
        """Return the weights in each of so many cells, shape (blocks, number).

        ``cells`` are the cells of the events, shape (events,).
        """
        blocks = sum(self.number)
        flat = _binned(self._block * number + cells, self.weights, blocks * number)
        return flat.reshape(blocks, number)

    def sums(self, columns: Array, embedding: Embedding) -> Array:
        """Return sums over blocks of weighted features, shape (blocks, D)."""
        found = []
        for part in self._parts:
            features = embedding(columns[:, part])
            found.append(features @ self.weights[part].astype(features.dtype))
        return np.stack(found).astype(float)

    def products(self, columns: Array, embedding: Embedding) -> Array:
        """Return sums of weighted products of any two features, shape (blocks, D, D)."""
        found = []
        for part in self._parts:
            features = embedding(columns[:, part])
            found.append((features * self.weights[part]) @ features.T)
        return np.stack(found)

    def squares(self, values: Array) -> Array:
        """Return sums of values, shape (events,), with the squares of the weights, (blocks,)."""
        return _binned(self._block, self.weights**2 * values, sum(self.number))

    def means(
        self, sums: Array, power: int = 1, group: tuple[int, int] = (0, 1)
    ) -> tuple[Array, Array]:
        """Return means over both sides in each arrangement of the blocks.

        Parameters
        ----------
        sums
            Sums over blocks, shape (blocks, ...).
        power
            The power of a side's sum of weights that its sum is divided by.
        group
            (j, g): only the j-th of g parts of each side, j = 0 to g - 1.

        Returns
        -------
        tuple
            Of the sides, each of shape (arrangements, ...), for :meth:`outcome`.
        """
        flat = sums.reshape(len(sums), -1)
        shape = (len(self._places), *sums.shape[1:])
        part, parts = group
        ends = 0, self.number[0], sum(self.number)
        found = []
        for first, last in pairwise(ends):
            lower, upper = (first + (last - first) * j // parts for j in (part, part + 1))
            chosen = ((self._places >= lower) & (self._places < upper)).astype(float)
            least = LEAST_WEIGHT * (upper - lower)
            with one_thread():
                total, of_side = chosen @ self._totals, chosen @ flat
            total = np.maximum(total, least)[:, None] ** power
            found.append((of_side / total).reshape(shape))
        return found[0], found[1]

    def outcome(self, values: Array) -> tuple[float, float, Drawn]:
        """Return value, error and law from a score's values, shape (arrangements,)."""
        drawn, left_out = np.split(values[1:], [PERMUTATIONS])
        sides = np.split(left_out, [self.number[0]])
        variance = sum((len(side) - 1) * float(side.var()) for side in sides)
        return float(values[0]), math.sqrt(variance), Drawn(drawn)

    @cached_property
    def _parts(self) -> list[slice]:
        edges = np.searchsorted(self._block, np.arange(sum(self.number) + 1))
        return [slice(*pair) for pair in pairwise(edges)]

    @cached_property
    def _totals(self) -> Array:
        return _binned(self._block, self.weights, sum(self.number))


def _binned(cells: Cells, weights: Array, number: int) -> Array:
    """Return the sum of weights in each of so many cells, shape (number,)."""
    return np.bincount(cells, weights, number).astype(float)


def _lengths(tables: tuple[EventTable, EventTable]) -> tuple[int, int]:
    """Return the lengths of blocks of both sides: as many effective events, 100 blocks or more."""
    sizes = np.array([min(len(table), MOST_EVENTS) for table in tables])
    needed = np.array([_events_per_effective(table.weights) for table in tables])
    longest = sizes // FEWEST_BLOCKS
    unit = max(1, int((sizes / needed).min()) // BLOCKS)
    # a few events per block, in whole numbers, are seldom in the ratio that weights ask for
    choices = [
        np.clip(np.rint(effective * needed), 1, longest) for effective in range(unit, 3 * unit + 1)
    ]
    a, b = min(choices, key=lambda lengths: round(abs(np.log(lengths / needed) @ (1, -1)), 2))
    return int(a), int(b)


def _events_per_effective(weights: Array | None) -> float:
    """Return n/n_eff, 1 for events that count once: n_eff = (sum w)^2/sum w^2."""
    if weights is None:
        return 1.0
    return len(weights) * float(weights @ weights) / max(float(weights.sum()) ** 2, 1e-300)


def _places(number: tuple[int, int], rng: np.random.Generator) -> NDArray[np.intp]:
    """Return the place of each block in each arrangement, -1 for none.

    The first places are the reference's. Arrangements: as it is, permuted, without each block.
    """
    identity = np.arange(sum(number))
    permuted = [rng.permutation(identity) for _ in range(PERMUTATIONS)]
    left_out = np.where(np.eye(len(identity), dtype=bool), -1, identity)
    return np.concatenate([identity[None], permuted, left_out])
