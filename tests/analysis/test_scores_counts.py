"""Scores that count events: tails, the Q2 edge, bounds and cuts, against exact laws."""

import math

import numpy as np
import pytest
from scipy import stats

from analysis.scores.bounds import _of_found_edge
from analysis.scores.tails import _ratio
from analysis.summaries import Content
from fatgan.events import EventTable, Fiducial


def p_values(found):
    return {key: m.law.p_value(m.value) for key, m in found.items()}


def test_tail_counts_have_the_law_of_order_statistics():
    """The number beyond the (k + 1)-th largest of n is beta-binomial, with k of the n beyond it.

    3,000 pairs, false alarm 1e-3.
    """
    rng = np.random.default_rng(4)
    a, b = rng.normal(size=(3000, 400)), rng.normal(size=(3000, 300))
    numbers = np.count_nonzero(b > np.sort(a)[:, -11:-10], axis=1)
    cuts = np.array([0.5, 389.5])
    inside = Content.of(np.arange(400.0), None, cuts)
    found = {}
    for number in np.unique(numbers):
        rows = np.repeat([1.0, 399.0], [300 - number, number])
        value, _, law = _ratio(inside, Content.of(rows, None, cuts), -1)
        assert value == pytest.approx((number / 300) / (10 / 400))
        found[number] = value, law.p_value(value)
    values, p = np.array([found[number] for number in numbers]).T
    assert values.mean() == pytest.approx(law.mean, abs=4 * law.spread / math.sqrt(3000))
    assert values.std() == pytest.approx(law.spread, rel=0.08)
    for level in (0.2, 0.05):
        assert np.mean(p <= level) < level + 3.5 * math.sqrt(level / 3000)


def test_a_missing_tail_is_seen(truth, measured):
    reference, sample = truth(20_000, 16), truth(20_000, 17)
    short = sample[sample["Q2"] < np.quantile(reference["Q2"], 0.999)]
    found = p_values(measured("tails", reference, short))
    assert found["high tail", "Q2"] < 1e-5
    assert found["low tail", "Q2"] > 1e-4
    whole = p_values(measured("tails", reference, sample))
    assert min(whole.values()) > 1e-4  # of 22; false alarm 2e-3


def test_events_short_of_the_edge_are_missed(truth, measured):
    reference, sample = truth(20_000, 18), truth(20_000, 19)
    region = Fiducial(4.0)
    whole = measured("edges", reference, sample, fiducial=region)["near Q2 edge", "Q2"]
    expected = np.mean(sample["Q2"] < 4.04) / np.mean(reference["Q2"] < 4.04)
    assert whole.value == pytest.approx(expected)
    assert whole.law.p_value(whole.value) > 1e-3
    soft = sample[(sample["Q2"] > 4.04) | (np.arange(20_000) % 2 == 0)]
    m = measured("edges", reference, soft, fiducial=region)["near Q2 edge", "Q2"]
    assert m.value == pytest.approx(0.5, abs=0.15)
    assert m.law.p_value(m.value) < 1e-5


def test_bounds_count_what_is_outside(truth, measured):
    table, reference = truth(1000, 20), truth(1000, 21)
    px, py, pz = (column.copy() for column in table.momenta)
    pz[:3] = 2000.0  # more than the beams can give
    pT = np.hypot(px[3], py[3])
    px[3], py[3] = px[3] / pT / 100, py[3] / pT / 100
    sample = EventTable(px, py, pz, table.collision)
    found = measured("bounds", reference, sample, fiducial=Fiducial(3.99))
    outside = found["outside x <= 1", "x"]
    assert (outside.value, outside.law.mean, outside.law.p_value(3)) == (3, 0, 0)
    assert found["outside y < 1", "y"].value == 0
    assert found["below Q2 edge", "Q2"].value >= 1
    clean = measured("bounds", reference, table, fiducial=Fiducial(3.99))
    assert all((m.value, m.law.p_value(0)) == (0, 1) for m in clean.values())


def test_bounds_that_the_truth_breaks_are_a_rate(truth, measured):
    """5 of 1000 events of the truth are outside, 9 of the sample: a conditional binomial."""

    def broken(number, seed):
        px, py, pz = (column.copy() for column in truth(1000, seed).momenta)
        pz[:number] = 2000.0
        return EventTable(px, py, pz, truth(1, 1).collision)

    m = measured("bounds", broken(5, 22), broken(9, 23))["outside x <= 1", "x"]
    assert (m.value, m.law.mean) == (9, 5)
    expected = stats.binomtest(9, 14, 0.5, alternative="greater").pvalue
    assert m.law.p_value(9) == pytest.approx(expected)


def test_events_below_a_found_edge_are_a_matter_of_chance(measured, truth):
    """The k lowest of both are the sample's with (m/(n+m))^k; 2,000 pairs, 5 sigmas."""
    reference, sample = truth(50, 24), truth(100, 25)
    m = measured("bounds", reference, sample)["below Q2 edge", "Q2"]
    assert m.value == np.count_nonzero(sample["Q2"] < reference["Q2"].min())
    assert m.law.mean == pytest.approx(2)
    rng = np.random.default_rng(5)
    lowest = rng.uniform(size=(2000, 50)).min(axis=1, keepdims=True)
    counts = np.count_nonzero(rng.uniform(size=(2000, 100)) < lowest, axis=1)
    assert counts.mean() == pytest.approx(2, abs=5 * m.law.spread / math.sqrt(2000))
    law = _of_found_edge(3, 50, 100)
    expected = law.p_value(3)
    error = math.sqrt(expected * (1 - expected) / 2000)
    assert np.mean(counts >= 3) == pytest.approx(expected, abs=5 * error + 0.02)


def test_one_event_below_a_declared_edge_is_seen(truth, measured):
    reference, sample = truth(2000, 12), truth(2000, 13)
    low = truth(1, 14, edge=3.9)
    low = EventTable(*(c * 0.05 for c in low.momenta), low.collision)
    worse = EventTable.concatenate([sample, low])
    m = measured("bounds", reference, worse, fiducial=Fiducial(4.0 - 1e-9))["below Q2 edge", "Q2"]
    assert m.value == 1
    assert m.law.p_value(1) == 0
    assert m.record("bounds", 0).sigmas == math.inf


def test_events_outside_a_declared_cut_are_counted(truth, measured):
    reference, sample = (table[table["y"] < 0.5] for table in (truth(2000, 18), truth(3000, 19)))
    outside = truth(500, 20)
    outside = outside[outside["y"] > 0.6]
    assert len(outside) > 0
    worse = EventTable.concatenate([sample, outside])
    declared = Fiducial(4.0, cut="y < 0.5 and theta < 10")
    for table, expected in ((sample, 0), (worse, len(outside))):
        m = measured("bounds", reference, table, fiducial=declared)["outside declared cut", None]
        assert (m.value, m.law.mean, m.law.spread) == (expected, 0, 0)
    assert m.law.p_value(m.value) == 0
    undeclared = measured("bounds", reference, worse, fiducial=Fiducial(4.0))
    assert ("outside declared cut", None) not in undeclared
