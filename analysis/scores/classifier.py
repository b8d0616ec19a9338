"""C2ST: can a classifier tell the sample from the reference."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from analysis.scores.score import Context, Measurement, Score
from fatgan.events import EventTable

Array = NDArray[np.float64]

FOLDS = 2
FOLD_CORRELATION = 0.5
"""Of both areas between samples of one truth (0.65, 0.53, 0.39 at 2, 10, 50 thousand events)."""
MOST_EVENTS = 200_000
"""Events taken from each side; what is used is in the record."""


class ClassifierTwoSample(Score):
    """Area under the ROC curve of gradient-boosted trees, out of fold; 0.5 cannot tell.

    Equal numbers are drawn from both sides. Each half of them is scored by trees trained on
    the other half, for a fixed number of rounds (stopping early on a split would need a third
    part), and the value is the mean of the two areas: scores of two trainings are never mixed in
    one ranking. The error is DeLong's for each half; the halves are correlated, because what
    chance made different in one is what trees of the other look for in it. Between samples of
    one truth the value is 0.5 at any size.

    Source: D. Lopez-Paz and M. Oquab, arXiv:1610.06545 (test); E. DeLong et al., Biometrics 44
    (1988) 837 (error).
    """

    name: ClassVar[str] = "C2ST AUC"
    repeats: ClassVar[int] = 1

    def measure(
        self, reference: EventTable, sample: EventTable, context: Context
    ) -> Iterator[Measurement]:
        """Yield one measurement."""
        from sklearn.ensemble import HistGradientBoostingClassifier
        from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

        rng = np.random.default_rng(context.seed)
        n = min(len(reference), len(sample), MOST_EVENTS)
        a, b = (features(_drawn(table, n, rng)) for table in (reference, sample))
        inputs = np.concatenate([a, b])
        is_sample = np.repeat([False, True], n)
        fold = np.concatenate([np.arange(n) % FOLDS] * 2)
        areas, variances = [], []
        for held_out in range(FOLDS):
            test = fold == held_out
            trees = HistGradientBoostingClassifier(
                early_stopping=False, random_state=int(rng.integers(2**31))
            )
            # One thread: the same sums in the same order on every machine, and no threads that
            # wait for each other where cores are shared.
            with threadpool_limits(1, user_api="openmp"):
                trees.fit(inputs[~test], is_sample[~test])
                scores = trees.decision_function(inputs[test])
            area, variance = area_under_curve(scores[~is_sample[test]], scores[is_sample[test]])
            areas.append(area)
            variances.append(variance)
        error = math.sqrt(sum(variances) * (1 + FOLD_CORRELATION)) / FOLDS
        yield Measurement(self.name, None, float(np.mean(areas)), error, n, n)


def features(table: EventTable) -> Array:
    """Return what the trees see, shape (n, 10), with the electron beam along +z.

    px, py, ln(Ee - pz), ln pT, eta, phi, ln Q2, ln x, ln y, E'; NaN, which the trees take as
    a value of its own, where an unphysical event has none. Trees cut along their features, so
    each edge of the data should be parallel to one.
    """
    table = table.with_frame("electron")
    columns = [
        table["px"],
        table["py"],
        table.collision.electron_energy - table["pz"],
        table["pT"],
        table["eta"],
        table["phi"],
        table["Q2"],
        table["x"],
        table["y"],
        table["E"],
    ]
    for index in (2, 3, 6, 7, 8):
        column = columns[index]
        columns[index] = np.log(column, out=np.full(len(column), np.nan), where=column > 0)
    stacked = np.stack(columns, axis=1)
    stacked[~np.isfinite(stacked)] = np.nan
    return stacked


def area_under_curve(lower: Array, upper: Array) -> tuple[float, float]:
    """Return the area under the ROC curve and its variance (DeLong).

    The area is the chance that a score of ``upper``, shape (m,), is above one of ``lower``,
    shape (n,), ties counting half.
    """
    n, m = len(lower), len(upper)
    ranks = rankdata(np.concatenate([lower, upper]))
    below = (ranks[n:] - rankdata(upper)) / n  # per upper score: share of lower ones below it
    above = 1 - (ranks[:n] - rankdata(lower)) / m
    return float(below.mean()), float(below.var(ddof=1) / m + above.var(ddof=1) / n)


def _drawn(table: EventTable, n: int, rng: np.random.Generator) -> EventTable:
    return table[rng.permutation(len(table))[:n]]
