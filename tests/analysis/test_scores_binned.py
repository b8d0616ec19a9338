"""Scores of binned data against scipy, POT and closed forms, and what each must see."""

import math

import numpy as np
import ot
import pytest
from scipy import stats

from analysis.scores.chi2 import chi2_per_ndf
from analysis.scores.divergences import JensenShannon, KullbackLeibler, TotalVariation
from analysis.scores.harmonics import beyond
from analysis.scores.kolmogorov import KolmogorovSmirnov
from analysis.scores.score import Column
from analysis.scores.wasserstein import Wasserstein
from analysis.summaries import Content, permuted_shares
from fatgan.events import EventTable


def contents(*counts):
    """Histograms of whole numbers: one cell per value."""
    edges = np.arange(0.5, len(counts[0]) - 1)
    return [Content.of(np.repeat(np.arange(len(c)), c).astype(float), None, edges) for c in counts]


def cells(a, b, w_a=None, w_b=None):
    """Cells of which each holds one distinct value."""
    edges = np.unique(np.concatenate([a, b]))[1:]
    both = Content.of(a, w_a, edges), Content.of(b, w_b, edges)
    return Column(*both)


def of_cells(score, column):
    reference, sample = permuted_shares(*column, 100, np.random.default_rng(0))
    return score.of_cells(column, np.cumsum(sample - reference, axis=1))


def of_bins(score, *counts):
    return score.of_bins(Column(*contents(*counts)), np.random.default_rng(0))


def reweighted(table, weights):
    return EventTable(*table.momenta, table.collision, weights=weights)


def scaled(table, factor):
    px, py, pz = table.momenta
    return EventTable(px * factor, py * factor, pz, table.collision)


def p_values(found):
    return {key: m.law.p_value(m.value) for key, m in found.items()}


@pytest.fixture(scope="module")
def pair(truth):
    return truth(1500, 1), truth(1200, 2)


def test_chi2_equals_the_contingency_table():
    rng = np.random.default_rng(0)
    r, s = rng.poisson(50, 20), rng.poisson(80, 20)
    expected = stats.chi2_contingency(np.stack([r, s]), correction=False)
    value, error, law = chi2_per_ndf(*contents(r, s))
    assert value == pytest.approx(expected.statistic / expected.dof)
    assert law.p_value(value) == pytest.approx(expected.pvalue)
    assert law.spread == pytest.approx(math.sqrt(2 / expected.dof))
    noncentral = max(expected.statistic - expected.dof, 0)
    assert error * expected.dof == pytest.approx(
        stats.ncx2(expected.dof, noncentral).std(), rel=1e-6
    )


def test_chi2_of_weights_takes_their_own_variances():
    """Gagunashvili's sum, and its law: p-values of 300 pairs are uniform (false alarm 1e-4)."""
    rng = np.random.default_rng(1)
    found = []
    for _ in range(300):
        a, b = rng.uniform(0, 1, 2000), rng.beta(2, 1, 1500)  # density 2x
        edges = np.linspace(0, 1, 11)[1:-1]
        pair = Content.of(a, 2 * a, edges), Content.of(b, None, edges)
        value, _, law = chi2_per_ndf(*pair)
        found.append(law.p_value(value))
    difference = pair[0].shares - pair[1].shares
    expected = np.sum(difference**2 / (pair[0].variances + pair[1].variances))
    assert 9 * value == pytest.approx(expected)
    assert stats.kstest(found, "uniform").pvalue > 1e-4


def test_chi2_of_one_bin_tells_nothing():
    value, error, law = chi2_per_ndf(*contents([30], [40]))
    assert (value, error, law.p_value(value)) == (0, 0, 1)


def test_w1_is_the_work_of_an_earth_mover():
    """P = (3, 2, 1, 4) and Q = (1, 2, 4, 3): 5 units of earth by one step, of 10."""
    p, q = contents([3, 2, 1, 4], [1, 2, 4, 3])
    value, _, _ = of_cells(Wasserstein(), Column(p, q))
    places = np.arange(4.0)
    work = ot.emd2(p.shares, q.shares, np.abs(places[:, None] - places))
    assert value * p.sigma == pytest.approx(work)
    assert work == pytest.approx(5 / 10)
    # the same earth as weights of four events
    heavy = cells(places, places, np.array([3.0, 2, 1, 4]), np.array([1.0, 2, 4, 3]))
    assert of_cells(Wasserstein(), heavy)[0] == pytest.approx(value)


def test_w1_and_ks_equal_scipys(pair, measured):
    a, b = pair
    w1, ks = measured("W1/sigma", a, b), measured("KS", a, b)
    for name, ln in (("Q2", True), ("x", True), ("pz", False), ("phi", False)):
        columns = [np.log(t[name]) if ln else t[name] for t in pair]
        expected = stats.wasserstein_distance(*columns) / columns[0].std()
        assert w1["W1/sigma", name].value == pytest.approx(expected)
        m = ks["KS", name]
        assert m.value == pytest.approx(stats.ks_2samp(*columns).statistic)


def test_ks_law_is_kolmogorovs(measured, truth):
    m = measured("KS", truth(4000, 3), truth(4000, 4))["KS", "theta"]
    unit = math.sqrt(2 / 4000)
    assert m.law.mean == pytest.approx(stats.kstwobign.mean() * unit, rel=0.12)
    assert m.law.spread == pytest.approx(stats.kstwobign.std() * unit, rel=0.35)


def test_w1_and_ks_of_weights_equal_those_of_repeated_events(pair):
    """Values are the same, laws are not: 3 equal events fluctuate more than 3 independent."""
    rng = np.random.default_rng(2)
    a, b = (table["y"] for table in pair)
    w = rng.integers(1, 6, len(b)).astype(float)
    weighted, repeated = cells(a, b, None, w), cells(a, np.repeat(b, w.astype(int)))
    for score in (Wasserstein(), KolmogorovSmirnov()):
        found, other = of_cells(score, weighted), of_cells(score, repeated)
        assert found[0] == pytest.approx(other[0])
        assert found[2].mean > 1.1 * other[2].mean
    expected = stats.wasserstein_distance(a, b, None, w) / a.std()
    assert of_cells(Wasserstein(), weighted)[0] == pytest.approx(expected)


def test_w1_and_ks_of_two_gaussians_are_closed_forms():
    """A shift of 0.5 sigmas; W1 is the shift, with the error of a mean; KS is 2 Phi(1/4) - 1."""
    rng = np.random.default_rng(1)
    column = cells(rng.normal(0, 2, 5000), rng.normal(1, 2, 5000))
    value, error, law = of_cells(Wasserstein(), column)
    closed = math.sqrt(2 / 5000)
    assert value == pytest.approx(0.5, abs=5 * closed)
    assert error == pytest.approx(closed, rel=0.35)
    assert law.p_value(value) < 1e-9
    value, error, _ = of_cells(KolmogorovSmirnov(), column)
    assert value == pytest.approx(2 * stats.norm.cdf(0.25) - 1, abs=5 * error)


def test_divergences_equal_scipys():
    p, q = contents([30, 20, 10, 40], [10, 20, 40, 30])
    both = [30, 20, 10, 40], [10, 20, 40, 30]
    entropy = stats.entropy
    mean = (p.shares + q.shares) / 2
    expected = (entropy(p.shares, mean) + entropy(q.shares, mean)) / 2
    assert of_bins(JensenShannon(), *both)[0] == pytest.approx(expected)
    assert of_bins(TotalVariation(), *both)[0] == pytest.approx(0.3)
    smoothed = [(100 * c.shares + 0.5) / 102 for c in (p, q)]
    assert of_bins(KullbackLeibler(), *both)[0] == pytest.approx(entropy(*smoothed))


def test_divergences_of_disjoint_samples_are_at_their_limits():
    both = [50, 0], [0, 50]
    assert of_bins(JensenShannon(), *both)[0] == pytest.approx(math.log(2))
    assert of_bins(TotalVariation(), *both)[0] == pytest.approx(1)
    assert math.isfinite(of_bins(KullbackLeibler(), *both)[0])


def test_harmonics_are_half_the_ripple(truth, measured):
    flat, rippled = truth(20_000, 6), truth(20_000, 7, ripple=0.1)
    found = measured("phi harmonics", flat, rippled)
    third = found["phi harmonic 3", "phi"]
    assert third.value == pytest.approx(0.05, abs=5 * third.error)
    p = p_values(found)
    assert p.pop(("phi harmonic 3", "phi")) < 1e-6
    assert min(p.values()) > 1e-4  # false alarm 5e-4
    expected = abs(np.exp(3j * rippled["phi"]).mean() - np.exp(3j * flat["phi"]).mean())
    assert third.value == pytest.approx(expected)


def test_harmonics_floor_is_the_closed_form_of_a_flat_truth(truth, measured):
    found = measured("phi harmonics", truth(5_000, 8), truth(20_000, 9))
    n = 1 / (1 / 5_000 + 1 / 20_000)
    for m in found.values():
        assert m.law.mean == pytest.approx(math.sqrt(math.pi / (4 * n)), rel=0.1)
        assert m.law.spread == pytest.approx(math.sqrt((1 - math.pi / 4) / n), rel=0.1)


@pytest.mark.parametrize("score", ["chi2/ndf", "KS", "W1/sigma", "x-Q2 chi2/ndf"])
def test_weights_are_the_law_they_describe(truth, measured, score):
    """Events with the weights of a steeper law are of that law, and without are not.

    False alarm: 1e-4 for each of up to 11 observables.
    """
    table, flat = truth(5000, 10), truth(4000, 11)
    kept = np.random.default_rng(0).uniform(size=5000) < (4 / table["Q2"]) ** 0.5
    steep = table[kept]
    weighted = reweighted(flat, (4 / flat["Q2"]) ** 0.5)
    assert min(p_values(measured(score, steep, weighted)).values()) > 1e-4
    assert min(p_values(measured(score, steep, flat)).values()) < 1e-4


def test_harmonics_tail_is_that_of_a_normal_vector():
    """Closed form for equal variances; drawn for others, 5 sigmas."""
    assert beyond(6.0, np.array([0.5, 0.5])) == pytest.approx(math.exp(-36))
    assert beyond(0.0, np.array([1e-3, 2.0])) == pytest.approx(1)
    assert beyond(1.0, np.array([0.0, 2.0])) is None
    drawn = np.hypot(*(np.random.default_rng(3).normal(size=(100_000, 2)) * [1.0, 2.0]).T)
    for radius in (0.5, 2.0, 5.0):
        share = np.mean(drawn > radius)
        error = math.sqrt(share * (1 - share) / 100_000)
        assert beyond(radius, np.array([1.0, 4.0])) == pytest.approx(share, abs=5 * error)


def test_harmonics_of_weights_are_those_of_the_law_they_describe(truth, measured):
    """False alarm: 1e-4 for each of 6 orders."""
    rippled, flat = truth(4000, 10, ripple=0.5), truth(4000, 11)
    weighted = reweighted(flat, 1 + 0.5 * np.cos(3 * flat["phi"]))
    assert min(p_values(measured("phi harmonics", rippled, weighted)).values()) > 1e-4
    assert min(p_values(measured("phi harmonics", rippled, flat)).values()) < 1e-9


@pytest.mark.parametrize("score", ["chi2/ndf", "KS", "tails", "x-Q2 chi2/ndf", "edges"])
def test_events_of_negative_weight_take_others_away(truth, measured, score):
    """Events from elsewhere with weights of +1 and -1 cancel; false alarm 1e-4 per observable."""
    more = [truth(300, seed, edge=30.0) for seed in (12, 13)]
    table = EventTable.concatenate([truth(3000, 14), *more])
    sample = reweighted(table, np.repeat([1.0, 1.0, -1.0], [3000, 300, 300]))
    reference = truth(3000, 15)
    assert min(p_values(measured(score, reference, sample)).values()) > 1e-4
    if score != "edges":
        spoiled = EventTable.concatenate([truth(3000, 14), *more])
        assert min(p_values(measured(score, reference, spoiled)).values()) < 1e-4


@pytest.mark.parametrize("score", ["chi2/ndf", "W1/sigma", "KS", "x-Q2 chi2/ndf", "tails"])
def test_a_scaled_pt_is_seen(truth, measured, score):
    reference, sample = truth(8000, 15), scaled(truth(8000, 16), 1.1)
    assert min(p_values(measured(score, reference, sample)).values()) < 1e-4


def test_a_hole_of_one_per_cent_is_seen(truth, measured):
    reference, sample = truth(40_000, 24), truth(40_000, 25)
    edges = np.quantile(reference["phi"], [0.5, 0.51])
    holed = sample[(sample["phi"] < edges[0]) | (sample["phi"] > edges[1])]
    p = p_values(measured("chi2/ndf", reference, holed))
    assert p["chi2/ndf", "phi"] < 1e-5
    assert p["chi2/ndf", "Q2"] > 1e-4
