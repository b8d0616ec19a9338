"""The classifiers: areas against scikit-learn, their law, weights, and what they must see."""

import math

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from analysis import Comparison
from analysis.features import CLASSIFIED, features, standardised
from analysis.scores.classifier import area_under_curve, fold_correlation
from fatgan.events import EventTable

TREES, MLP = ("C2ST AUC", None), ("C2ST AUC (MLP)", None)


def reweighted(table, weights):
    return EventTable(*table.momenta, table.collision, weights=weights)


def test_area_under_curve_equals_sklearn_with_delong_error():
    rng = np.random.default_rng(2)
    lower, upper = rng.normal(0, 1, 3000).round(2), rng.normal(0.3, 1, 2000).round(2)
    area, variance = area_under_curve(lower, upper)
    truth = np.repeat([0, 1], [3000, 2000])
    assert area == pytest.approx(roc_auc_score(truth, np.concatenate([lower, upper])))
    # Hanley and McNeil's closed form, for continuous scores
    q1, q2 = area / (2 - area), 2 * area**2 / (1 + area)
    expected = (area * (1 - area) + 1999 * (q1 - area**2) + 2999 * (q2 - area**2)) / (3000 * 2000)
    assert variance == pytest.approx(expected, rel=0.1)


def test_area_under_curve_takes_weights_as_sklearn_does():
    rng = np.random.default_rng(3)
    lower, upper = rng.normal(0, 1, 500).round(1), rng.normal(0.5, 1, 400).round(1)
    w = rng.integers(1, 4, 900).astype(float)
    area, variance = area_under_curve(lower, upper, w[:500], w[500:])
    truth, scores = np.repeat([0, 1], [500, 400]), np.concatenate([lower, upper])
    assert area == pytest.approx(roc_auc_score(truth, scores, sample_weight=w))
    counts = w.astype(int)
    repeated = area_under_curve(np.repeat(lower, counts[:500]), np.repeat(upper, counts[500:]))
    assert area == pytest.approx(repeated[0])
    assert variance > 1.1 * repeated[1]  # one event of weight 3 is less than 3 events


def test_features_do_not_depend_on_the_frame(truth):
    table = truth(100, 3)
    found = features(table, CLASSIFIED)
    assert np.allclose(found, features(table.with_frame("electron"), CLASSIFIED))
    assert np.isfinite(found).all()


def test_smooth_features_are_in_sigmas_and_bounded(truth):
    reference, sample = truth(500, 4), truth(500, 5)
    px, py, pz = (column.copy() for column in sample.momenta)
    pz[:50] = 3000.0
    a, b = standardised(reference, EventTable(px, py, pz, sample.collision))
    assert a.mean(axis=0) == pytest.approx(0, abs=1e-9)
    assert a.std(axis=0) == pytest.approx(1)
    assert np.abs(b).max() == 10


@pytest.mark.parametrize("name", [TREES, MLP])
def test_disjoint_samples_are_told_apart(truth, measured, name):
    found = measured(name[0], truth(500, 4), truth(700, 5, edge=400.0))[name]
    assert found.value > 0.98
    assert found.n_reference == found.n_sample == 500
    assert found.law.p_value(found.value) < 1e-9


@pytest.mark.parametrize("name", [TREES, MLP])
def test_samples_of_one_truth_are_not(truth, measured, name):
    """4 pairs: mean area, false alarm 1e-4, and the spread in closed form for two folds."""
    found = [
        measured(name[0], truth(600, 10 + i), truth(600, 50 + i), seed=i)[name] for i in range(4)
    ]
    values = np.array([m.value for m in found])
    spread = found[0].law.spread
    assert abs(values.mean() - 0.5) < 4 * spread / math.sqrt(len(values))
    one_fold = 2 / (12 * 300)
    assert spread == pytest.approx(math.sqrt((1 + fold_correlation(600)) * one_fold / 2), rel=0.01)
    assert min(m.law.p_value(m.value) for m in found) > 1e-4


def test_a_scaled_pt_is_seen(truth, measured):
    sample = truth(4000, 16)
    px, py, pz = sample.momenta
    scaled = EventTable(1.05 * px, 1.05 * py, pz, sample.collision)
    m = measured(TREES[0], truth(4000, 15), scaled)[TREES]
    assert m.value > 0.5
    assert m.law.p_value(m.value) < 1e-5


def test_weights_are_the_law_they_describe(truth, measured):
    """Flat events with a ripple's weights are rippled ones, and without are not: 1e-3."""
    rippled, flat = truth(4000, 20, ripple=0.9), truth(4000, 21)
    weighted = reweighted(flat, 1 + 0.9 * np.cos(3 * flat["phi"]))
    right, wrong = (measured(TREES[0], rippled, table)[TREES] for table in (weighted, flat))
    assert right.law.p_value(right.value) > 1e-3
    assert wrong.law.p_value(wrong.value) < 1e-6


def test_events_where_there_are_none_have_extreme_weights(truth, measured):
    """1 % of the sample far from the data: they fill the low tail and not the high one."""
    sample = truth(3000, 22)
    px, py, pz = (column.copy() for column in sample.momenta)
    px[:60] *= 1e-3
    py[:60] *= 1e-3
    stray = EventTable(px, py, pz, sample.collision)
    found = measured("C2ST weights", truth(3000, 23), stray)
    low, high = (found[f"trees: {tail} weights", None] for tail in ("low", "high"))
    assert low.value > 0.85
    assert low.law.p_value(low.value) < 1e-6
    assert abs(high.value - 0.5) < 4.5 * high.law.spread


def test_each_event_is_scored_out_of_fold(truth):
    comparison = Comparison(truth(300, 24), truth(200, 25))
    found = comparison.classified("trees")
    assert found is comparison.classified("trees")  # two scores and a figure share it
    for side, number in ((found.reference, 300), (found.sample, 200)):
        assert len(np.unique(side.chosen)) == 200
        assert side.chosen.max() < number
        assert np.bincount(side.fold).tolist() == [100, 100]
        assert np.all((side.probability > 0) & (side.probability < 1))
        assert side.ratio == pytest.approx(1 / side.probability - 1)
