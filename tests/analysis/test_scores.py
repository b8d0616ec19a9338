"""Each score against an independent reference, and what it must see."""

import math

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import roc_auc_score

from analysis import compare, verdict
from analysis.scores import SCORES, Context
from analysis.scores.chi2 import chi2_per_ndf, equal_population_edges
from analysis.scores.classifier import area_under_curve, features
from analysis.scores.harmonics import harmonic
from fatgan.events import EventTable, Fiducial

BY_NAME = {score.name: score for score in SCORES}


def measure(name, reference, sample, **context):
    found = BY_NAME[name].measure(reference, sample, Context(**context))
    return {(m.name, m.observable): m for m in found}


def scaled(table, factor):
    px, py, pz = table.momenta
    return EventTable(px * factor, py * factor, pz, table.collision)


@pytest.fixture(scope="module")
def pair(truth):
    return truth(5_000, 1), truth(4_000, 2)


def test_chi2_equals_the_contingency_table():
    rng = np.random.default_rng(0)
    r, s = rng.poisson(50, 20), rng.poisson(80, 20)
    expected = stats.chi2_contingency(np.stack([r, s]), correction=False)
    value, error = chi2_per_ndf(r, s)
    assert value == pytest.approx(expected.statistic / expected.dof)
    assert error == pytest.approx(math.sqrt(2 / expected.dof))


def test_chi2_bins_have_equal_population_and_atoms_their_own():
    column = np.concatenate([np.zeros(500), np.linspace(1, 2, 500)])
    edges = equal_population_edges(column, 10)
    counts = np.bincount(np.searchsorted(edges, column, side="right"))
    assert counts.max() == 500
    assert counts[(counts > 0) & (counts < 500)].tolist() == [100] * 5
    plain = equal_population_edges(np.arange(1000.0), 10)
    assert set(np.bincount(np.searchsorted(plain, np.arange(1000.0), side="right"))) == {100}


def test_w1_equals_scipy_in_ln(pair):
    a, b = pair
    found = measure("W1/sigma", a, b)
    ln = np.log(a["Q2"]), np.log(b["Q2"])
    expected = stats.wasserstein_distance(*ln) / ln[0].std()
    assert found["W1/sigma", "Q2"].value == pytest.approx(expected)
    expected = stats.wasserstein_distance(a["pz"], b["pz"]) / a["pz"].std()
    assert found["W1/sigma", "pz"].value == pytest.approx(expected)


def test_w1_of_two_gaussians_is_the_shift_with_its_error():
    rng = np.random.default_rng(1)
    a, b = rng.normal(0, 2, 20_000), rng.normal(1, 2, 20_000)
    value = BY_NAME["W1/sigma"].distance(a, b)
    error = BY_NAME["W1/sigma"].error(a, b, value, rng)
    closed_form = math.sqrt(2 / 20_000)  # of the difference of the means, in sigmas
    assert value == pytest.approx(0.5, abs=4 * closed_form)
    assert error == pytest.approx(closed_form, rel=0.35)


def test_ks_equals_scipy(pair):
    a, b = pair
    found = measure("KS", a, b)
    for name in ("theta", "x"):
        expected = stats.ks_2samp(a[name], b[name]).statistic
        assert found["KS", name].value == pytest.approx(expected)


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


def test_classifier_features_do_not_depend_on_the_frame(truth):
    table = truth(100, 3)
    other = table.with_frame("electron")
    assert np.allclose(features(table), features(other))
    assert np.isfinite(features(table)).all()


def test_classifier_tells_disjoint_samples(truth):
    found = measure("C2ST AUC", truth(500, 4), truth(700, 5, edge=400.0))["C2ST AUC", None]
    assert found.value > 0.98
    assert found.n_reference == found.n_sample == 500


def test_classifier_floor_is_unbiased(truth):
    found = [
        measure("C2ST AUC", truth(2000, 10 + i), truth(2000, 50 + i), seed=i)["C2ST AUC", None]
        for i in range(6)
    ]
    values = np.array([m.value for m in found])
    error = found[0].error
    assert abs(values.mean() - 0.5) < 4 * error / math.sqrt(len(values))
    assert error == pytest.approx(math.sqrt(1.5 * 2000 / (12 * 1000**2) / 2), rel=0.1)


def test_harmonics_are_half_the_ripple(truth):
    flat, rippled = truth(100_000, 6), truth(100_000, 7, ripple=0.03)
    assert abs(harmonic(rippled["phi"], 3)) == pytest.approx(0.015, abs=4 / math.sqrt(2e5))
    records = compare(flat, rippled, scores=["phi harmonics"])
    by_name = {record.name: record for record in records}
    assert by_name["phi harmonic 3"].sigmas > 3
    assert max(r.sigmas for name, r in by_name.items() if name != "phi harmonic 3") < 5


def test_harmonics_floor_is_the_closed_form_of_a_flat_truth(truth):
    record = compare(truth(10_000, 8), truth(40_000, 9), scores=["phi harmonics"])[0]
    n = 1 / (1 / 10_000 + 1 / 40_000)
    assert record.floor == pytest.approx(math.sqrt(math.pi / (4 * n)), rel=0.05)
    assert record.floor_error == pytest.approx(math.sqrt((1 - math.pi / 4) / n), rel=0.05)


def test_bounds_count_what_is_outside(truth):
    table = truth(1000, 11)
    px, py, pz = (column.copy() for column in table.momenta)
    pz[:3] = 2000.0  # more than the beams can give
    pT = np.hypot(px[3], py[3])
    px[3], py[3] = px[3] / pT / 100, py[3] / pT / 100
    sample = EventTable(px, py, pz, table.collision)
    found = measure("bounds", table, sample, fiducial=Fiducial(4.0))
    assert found["outside x <= 1", "x"].value == 3
    assert found["outside y < 1", "y"].value == 0
    assert found["below Q2 edge", "Q2"].value >= 1
    clean = measure("bounds", table, table)
    assert all(m.value == 0 for m in clean.values())


def test_one_event_below_a_declared_edge_is_seen(truth):
    reference, sample = truth(2000, 12), truth(2000, 13)
    low = truth(1, 14, edge=3.9)
    assert low["Q2"][0] > 0
    low = EventTable(*(c * 0.05 for c in low.momenta), low.collision)
    worse = EventTable.concatenate([sample, low])
    records = compare(reference, worse, fiducial=Fiducial(4.0 - 1e-9), scores=["bounds"])
    edge = next(r for r in records if r.name == "below Q2 edge")
    assert edge.value == 1
    assert edge.sigmas == math.inf


def test_events_outside_a_declared_cut_are_counted(truth):
    reference, sample = (table[table["y"] < 0.5] for table in (truth(2000, 18), truth(3000, 19)))
    outside = truth(500, 20)
    outside = outside[outside["y"] > 0.6]
    worse = EventTable.concatenate([sample, outside])
    declared = Fiducial(4.0, cut="y < 0.5 and theta < 10")
    for table, expected in ((sample, 0), (worse, len(outside))):
        records = compare(reference, table, fiducial=declared, scores=["bounds"])
        found = next(r for r in records if r.name == "outside declared cut")
        assert (found.value, found.floor, found.floor_error) == (expected, 0, 0)
    assert len(outside) > 0
    assert found.sigmas == math.inf
    assert f"{len(outside)} outside declared cut" in verdict(records)
    undeclared = compare(reference, worse, fiducial=Fiducial(4.0), scores=["bounds"])
    assert "outside declared cut" not in {r.name for r in undeclared}


def test_what_each_score_sees_of_a_scaled_pt(truth):
    reference, sample = truth(20_000, 15), scaled(truth(20_000, 16), 1.05)
    names = ["C2ST AUC", "chi2/ndf", "W1/sigma", "KS", "x-Q2 chi2/ndf"]
    records = compare(reference, sample, truth=truth(20_000, 17), scores=names)
    best = {name: max(r.sigmas for r in records if r.name == name) for name in names}
    assert min(best.values()) > 5, best
