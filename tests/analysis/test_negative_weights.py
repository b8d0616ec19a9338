"""Samples with negative weights, as of NLO generators, against the truth without weights."""

import numpy as np
import pytest

from analysis import compare
from analysis.comparison import Comparison
from analysis.figures.axes import shared_axis
from analysis.figures.histograms import count, pull
from fatgan.events import EventTable

SUBTRACTED = 0.3
"""Events of another law, in units of those of the truth, that are added and taken away again."""
BINNED = ["chi2/ndf", "x-Q2 chi2/ndf", "phi harmonics"]


@pytest.fixture(scope="module")
def nlo(truth):
    """Events of truth + 0.3 other with weight 1, and of the other law with weight -1."""

    def make(n, seed, signed=True):
        rng = np.random.default_rng([seed, 99])
        parts = np.array([1.0, SUBTRACTED, SUBTRACTED])
        kind = rng.choice(3, n, p=parts / parts.sum())
        own, other = truth(n, 2 * seed), truth(n, 2 * seed + 1, edge=12.0)
        columns = (
            np.where(kind == 0, a, b) for a, b in zip(own.momenta, other.momenta, strict=True)
        )
        weights = np.where(kind == 2, -1.0 if signed else 1.0, 1.0)
        return EventTable(*columns, own.collision, weights=weights)

    return make


def test_the_subtracted_truth_raises_no_alarm_in_any_default_score(truth, nlo):
    """About 100 records; false alarm 1e-3 where p-values are right."""
    records = compare(truth(300, 1), nlo(300, 500), seed=1)
    assert all(np.isfinite(record.value) for record in records)
    assert min(record.p_value for record in records) > 1e-5


def test_p_values_of_the_subtracted_truth_are_not_too_small(truth, nlo):
    """12 pairs of 18 correlated records, of which 5 % should be below 0.05.

    In 100 such pairs the share of a pair scatters by 0.06: 15 % is 5 sigmas away from 12 pairs'.
    """
    found = [
        record.p_value
        for seed in range(12)
        for record in compare(
            truth(800, 100 + seed), nlo(800, 600 + seed), seed=seed, scores=BINNED
        )
    ]
    assert min(found) > 1e-6
    assert np.mean(np.array(found) < 0.05) < 0.15


def test_without_the_signs_the_same_events_are_told_apart(truth, nlo):
    records = compare(truth(1500, 1), nlo(1500, 500, signed=False), scores=BINNED)
    worst = {record.score: record.p_value for record in records if record.p_value < 1e-6}
    assert {"chi2/ndf", "x-Q2 chi2/ndf"} <= set(worst)


def test_histograms_show_the_weighted_contents(truth, nlo):
    """chi2 of the bins with 100 events within 5 sigmas of their number, and not without the signs.

    False alarm 1e-5.
    """
    reference = truth(20_000, 3)
    for signed in (True, False):
        comparison = Comparison(reference, nlo(20_000, 700, signed=signed))
        axis = shared_axis("Q2", comparison, 40)
        a, b = (count(side.rows, axis) for side in (comparison.reference, comparison.sample))
        filled = (a.w > 100) & (b.w2 > 100)
        chi2 = float(np.sum(pull(a, b)[filled] ** 2))
        ndf = int(filled.sum())
        assert ndf > 10
        assert signed == (chi2 < ndf + 5 * np.sqrt(2 * ndf))
