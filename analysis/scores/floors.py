"""Floors: what a score gives between two samples of one truth.

All truth there is (the reference, and more of its law if given) is one pool, from which pairs
of samples are drawn at the sizes of the comparison. A pool has one law even where its parts do
not agree, so that a bad choice of truth makes no comparison look better.

Scores of binned data draw histograms, many times and quickly. Here is what the others do: draw
disjoint events, fewer than in the comparison where the pool is too small, and let the score's law
carry the result to the sizes of the comparison.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from fatgan.events import EventTable

if TYPE_CHECKING:
    from analysis.scores.score import Context, Measurement, Score

FEWEST_EVENTS = 20
REPEATED_EVENTS = 20_000
"""Events of both samples together where pairs are drawn more than once."""


def floors_from_pairs(
    score: Score, values: list[Measurement], pool: EventTable, context: Context
) -> list[tuple[float, float]]:
    """Return mean and spread of the score between samples of the pool, one per value.

    With several repeats the spread is the standard deviation over them; with a single one it
    is the measurement's own error.
    """
    rng = np.random.default_rng([context.seed, 1])
    most = len(pool) if score.repeats == 1 else min(len(pool), REPEATED_EVENTS)
    sizes = pair_sizes(values[0].n_reference, values[0].n_sample, most)
    inner = replace(context, errors=score.repeats == 1)
    rows = []
    for _ in range(score.repeats):
        drawn = rng.permutation(len(pool))[: sum(sizes)]
        pair = pool[drawn[: sizes[0]]], pool[drawn[sizes[0] :]]
        found = list(score.measure(*pair, inner))
        scales = [score.floor_scale(*both, context) for both in zip(values, found, strict=True)]
        rows.append([(m.value * c, m.error * c) for m, c in zip(found, scales, strict=True)])
    floors = np.array(rows, dtype=float)  # (repeats, values, 2)
    means = floors[..., 0].mean(axis=0)
    spreads = floors[..., 0].std(axis=0, ddof=1) if score.repeats > 1 else floors[0, :, 1]
    return list(zip(means.tolist(), spreads.tolist(), strict=True))


def pair_sizes(n: int, m: int, most: int) -> tuple[int, int]:
    """Return sizes in the ratio n : m with a sum of at most ``most``, neither too few to score."""
    shrink = min(1.0, most / (n + m))
    n_pair = min(max(int(n * shrink), FEWEST_EVENTS), most - FEWEST_EVENTS)
    return n_pair, min(m, most - n_pair)
