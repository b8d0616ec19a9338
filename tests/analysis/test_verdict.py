"""The verdict: chance is seldom called a difference, a difference is named."""

import dataclasses

import numpy as np
import pytest

from analysis import Record, verdict
from analysis.verdicts import (
    ALPHA,
    FIVE_SIGMA,
    THREE_SIGMA,
    departure,
    families,
    light,
    plus_minus,
    probability,
    worst_first,
)


def record(p_value=0.5, value=1.0, name="KS", score="", observable=None, **more):
    fields = {"error": 0.1, "floor": 1.0, "floor_error": 0.1, "seed": 0}
    fields |= {"n_reference": 100, "n_sample": 100} | more
    return Record(name, observable, value, p_value=p_value, score=score, **fields)


def test_limits_are_three_and_five_sigmas():
    from scipy.stats import norm

    assert norm.sf(3) == pytest.approx(THREE_SIGMA, rel=1e-3)
    assert norm.sf(5) == pytest.approx(FIVE_SIGMA, rel=2e-3)
    lights = [light(record(p)) for p in (0.5, 0.0014, 0.0013, 1e-6, 2e-7, 0.0)]
    assert lights == ["good", "good", "fair", "fair", "poor", "poor"]


def test_chance_alone_is_called_a_difference_in_one_per_cent():
    """Independent p-values, the worst case of Bonferroni: 10,000 comparisons, 12 scores of 8."""
    rng = np.random.default_rng(1)
    p_values = rng.uniform(size=(10_000, 12, 8))
    smallest = np.minimum(1, 12 * np.minimum(1, 8 * p_values.min(axis=2)).min(axis=1))
    found = np.flatnonzero(smallest < ALPHA)
    # 100 are expected: 69 to 131 hold with a chance of 99.8 %, for this seed for ever
    assert 69 <= len(found) <= 131
    for index in (*found[:5], 0, 1, 2):
        records = [
            record(p, score=f"score {i}") for i, row in enumerate(p_values[index]) for p in row
        ]
        outcome = verdict(records)
        assert outcome.p_value == pytest.approx(smallest[index])
        assert outcome.distinguishable == (index in found)
        assert (outcome.passed < outcome.scores) == outcome.distinguishable


def test_a_family_counts_once():
    records = [record(1e-4, score="a")] + [record(0.9, score="b", name=f"b{i}") for i in range(50)]
    outcome = verdict(records)
    assert outcome.distinguishable
    assert (outcome.passed, outcome.scores) == (1, 2)
    assert outcome.p_value == pytest.approx(2e-4)
    # the same value among 60 of its score is chance
    many = [record(1e-4, score="a", observable=str(i)) for i in range(1)]
    many += [record(0.9, score="a", observable=str(i)) for i in range(1, 60)]
    assert not verdict([*many, record(0.9, score="b")]).distinguishable


def test_the_sentence_says_what_was_found():
    good = record(0.7, 0.5003, "C2ST AUC", floor=0.5, error=0.0009, n_sample=200_000)
    good = dataclasses.replace(good, n_reference=200_000)
    outcome = verdict([good])
    assert str(outcome) == (
        "Indistinguishable at 200,000 events: 1 of 1 scores find nothing; "
        "C2ST AUC 0.50030 ± 0.00090."
    )
    bad = record(2e-9, 1.9, "chi2/ndf", observable="Q2", floor_error=0.2, error=0.3)
    out = record(0.0, 12, "outside y < 1", "bounds", "y", error=3.5, floor=0, floor_error=0)
    outcome = verdict([good, bad])
    assert outcome.worst == "chi2/ndf of Q2"
    assert "by 1 of 2 scores; worst: chi2/ndf of Q2 (p = 2e-9, 1.90 ± 0.30 against" in str(outcome)
    outcome = verdict([good, bad, out])
    assert outcome.worst == "outside y < 1"
    assert "events out of bounds: 12 outside y < 1" in str(outcome)
    low = record(1e-9, 0.2, "C2ST AUC", floor=0.5, floor_error=0.01)
    assert "not independent" in str(verdict([low]))


def test_sizes_are_those_of_the_comparison():
    """Not those of a score that draws fewer, or that looks at further truth."""
    records = [record(n_reference=900, n_sample=1000, name=f"{i}") for i in range(3)]
    records += [record(n_reference=2000, n_sample=1000), record(n_reference=200, n_sample=200)]
    outcome = verdict(records)
    assert (outcome.n_reference, outcome.n_sample) == (900, 1000)
    assert "1,000 events against 900" in str(outcome)


def test_no_scores():
    outcome = verdict([])
    assert str(outcome) == "No score was computed."
    assert not outcome.distinguishable
    assert outcome.worst is None


def test_equal_p_values_are_put_in_order_by_sigmas():
    far, near = record(0.0, 100, "far"), record(0.0, 10, "near")
    assert worst_first([near, record(0.1), far]) == [far, near, record(0.1)]


def test_a_distance_below_its_floor_is_only_small():
    assert departure(record(0.99, 0.7)) == 0
    assert departure(record(1e-3, 0.7)) == pytest.approx(3)
    assert departure(record(1e-3, 1.3)) == pytest.approx(3)


def test_families_keep_their_order():
    records = [record(score="b"), record(score="a"), record(0.01, score="b", name="x")]
    first, second = families(records)
    assert (first.name, first.p_value, first.worst.name) == ("b", 0.02, "x")
    assert second.records == (records[1],)


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [(0.50312, 0.00131, "0.5031 ± 0.0013"), (1234.5, 35, "1234 ± 35"), (3, 0, "3")],
)
def test_numbers_are_rounded_to_their_error(value, error, text):
    assert plus_minus(value, error) == text


@pytest.mark.parametrize(
    ("p_value", "text"),
    [(1.0, "1"), (0.0421, "0.042"), (2.2e-9, "2e-9"), (1e-16, "1e-16"), (0.0, "< 1e-16")],
)
def test_p_values_have_the_digits_they_deserve(p_value, text):
    assert probability(p_value) == text
