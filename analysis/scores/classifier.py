"""C2ST: can a classifier tell the sample from the reference."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.classification import FOLDS, Classified
from analysis.laws import Normal
from analysis.scores.score import Measurement, Score

if TYPE_CHECKING:
    from analysis.comparison import Comparison

Array = NDArray[np.float64]

TAIL_CORRELATION = 0.15
"""Of the sample's parts of a tail (0.04 and 0.23 at 2 thousand events)."""
TAIL = 0.01
"""Tails of the classifier weights: the outermost 1 % of all events of a fold."""


class ClassifierTwoSample(Score):
    """Area under the ROC curve of a classifier, out of fold; 0.5 cannot tell.

    Equal numbers are drawn from both sides. Each half of them is scored by a classifier trained
    on the other half, and the value is the mean of the two areas: scores of two trainings are
    never mixed in one ranking. Between samples of one truth the area is 0.5 in the mean at any
    size, because labels that were not learned are exchangeable. The error is DeLong's for each
    half; the halves are correlated, because what chance made different in one is what a
    classifier looks for in the other. A distance below 0.5 counts as well: to be wrong more
    often than right takes events of one half that come back, or nearly, with the other label
    in the other half, so sample and reference are not independent. Events of negative weight
    count for the other side, see :func:`analysis.classification.classify`.

    Source: D. Lopez-Paz and M. Oquab, arXiv:1610.06545 (test); E. DeLong et al., Biometrics 44
    (1988) 837 (error).
    """

    def __init__(self, classifier: str, name: str) -> None:
        self.classifiers = (classifier,)
        self.name = name  # type: ignore[misc]

    def measure(self, comparison: Comparison) -> Iterator[Measurement]:
        """Yield one measurement."""
        found = comparison.classified(*self.classifiers)
        n = len(found.reference.chosen)
        areas, variances, chance = np.array(
            [_area(_Fold.of(found, fold)) for fold in range(FOLDS)]
        ).T
        error, spread = (_of_mean(v, fold_correlation(n)) for v in (variances, chance))
        yield Measurement(self.name, None, float(areas.mean()), error, Normal(0.5, spread), n, n)


class ClassifierTails(Score):
    """Where the weights of a classifier are extreme: sample and reference in both tails.

    The weight (1 - D)/D of an event, out of fold, is an estimate of p_reference/p_sample. Of the
    1 % of all events with the lowest weights, and of the 1 % with the highest, the value is the
    sample's part. Chance gives 0.5, with a binomial spread. Few weights of one side only: the
    sample has events where the reference has none (low tail, above 0.5), or none where the
    reference has (high tail, below 0.5).

    Source: R. Das et al., arXiv:2305.16774.
    """

    def __init__(self, classifier: str, name: str) -> None:
        self.classifiers = (classifier,)
        self.name = name  # type: ignore[misc]

    def measure(self, comparison: Comparison) -> Iterator[Measurement]:
        """Yield two measurements, ``low weights`` and ``high weights``."""
        found = comparison.classified(*self.classifiers)
        n = len(found.reference.chosen)
        parts = np.array([_tail_parts(_Fold.of(found, fold)) for fold in range(FOLDS)])
        for place, tail in enumerate(("low weights", "high weights")):
            part, variance = parts[:, place].T
            spread = _of_mean(variance, TAIL_CORRELATION)
            # the spread at the value itself: binomial again
            value = float(part.mean())
            error = spread * 2 * math.sqrt(max(value * (1 - value), 0.0))
            yield Measurement(
                f"{self.classifiers[0]}: {tail}", None, value, error, Normal(0.5, spread), n, n
            )


def fold_correlation(n: int) -> float:
    """Return the correlation of both areas between samples of n events of one truth.

    A line in ln n through what was measured with trees: 0.74, 0.73, 0.64, 0.53, 0.39 at 0.4, 2, 8,
    10 and 50 thousand events (0.69 at 2 thousand with the network).
    """
    return float(np.clip(0.75 - 0.2 * math.log10(max(n, 1) / 2000), 0.35, 0.75))


def _of_mean(variances: Array, correlation: float) -> float:
    """Return the error of the mean over the folds."""
    return math.sqrt(float(variances.sum()) * (1 + correlation)) / FOLDS


class _Fold(NamedTuple):
    """Events of one fold: probabilities, on which side they count, and positive weights."""

    probability: Array
    is_sample: NDArray[np.bool_]
    weights: Array

    @classmethod
    def of(cls, found: Classified, fold: int) -> _Fold:
        sides = found.reference, found.sample
        chosen = [side.fold == fold for side in sides]
        probability, w = (
            np.concatenate([getattr(s, name)[c] for s, c in zip(sides, chosen, strict=True)])
            for name in ("probability", "weights")
        )
        is_sample = np.repeat([False, True], [np.count_nonzero(c) for c in chosen])
        return cls(probability, is_sample ^ (w < 0), np.abs(w))


def _area(fold: _Fold) -> tuple[float, float, float]:
    """Return area, its variance, and its variance for one truth."""
    (lower, w_lower), (upper, w_upper) = (
        (fold.probability[chosen], fold.weights[chosen])
        for chosen in (~fold.is_sample, fold.is_sample)
    )
    if min(w_lower.sum(), w_upper.sum()) <= 0:  # a fold without a side tells nothing
        return 0.5, 0.25, 0.25
    area, variance = area_under_curve(lower, upper, w_lower, w_upper)
    chance = sum(float(w @ w) / float(w.sum()) ** 2 for w in (w_lower, w_upper)) / 12
    return area, variance, chance


def _tail_parts(fold: _Fold) -> list[tuple[float, float]]:
    """Return the sample's part of both tails of the weights, with its variance for one truth."""
    # at random among equals: trees of few events give one probability to all
    ties = np.random.default_rng(len(fold.weights)).random(len(fold.weights))
    order = np.lexsort((ties, fold.probability))
    size = max(int(TAIL * len(order)), 10)
    parts = []
    for rows in (order[-size:], order[:size]):  # probable sample: low weight
        w = fold.weights[rows]
        total = float(w.sum())
        part = float(w[fold.is_sample[rows]].sum()) / total if total > 0 else 0.5
        parts.append((part, float(w @ w) / (4 * total**2) if total > 0 else 0.25))
    return parts


def area_under_curve(
    lower: Array, upper: Array, w_lower: Array | None = None, w_upper: Array | None = None
) -> tuple[float, float]:
    """Return the area under the ROC curve and its variance (DeLong).

    The area is the chance that a score of ``upper``, shape (m,), is above one of ``lower``,
    shape (n,), ties counting half, with event weights.
    """
    w_lower = np.ones(len(lower)) if w_lower is None else w_lower
    w_upper = np.ones(len(upper)) if w_upper is None else w_upper
    below = _share_below(upper, lower, w_lower)  # per upper score
    above = 1 - _share_below(lower, upper, w_upper)
    area = float(w_upper @ below / w_upper.sum())
    variance = _of_weighted_mean(below - area, w_upper) + _of_weighted_mean(above - area, w_lower)
    return area, variance


def _share_below(values: Array, others: Array, w: Array) -> Array:
    """Return the share of the others below each value, ties counting half."""
    order = np.argsort(others)
    cumulative = np.append(0.0, np.cumsum(w[order]))
    places = (np.searchsorted(others[order], values, side) for side in ("left", "right"))
    left, right = (cumulative[place] for place in places)
    return (left + right) / (2 * cumulative[-1])


def _of_weighted_mean(deviations: Array, w: Array) -> float:
    count = len(w)
    variance = float((w * deviations) @ (w * deviations)) / float(w.sum()) ** 2
    return variance * count / max(count - 1, 1)
