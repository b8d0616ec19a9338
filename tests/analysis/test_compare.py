"""Comparisons: floors, false alarms, refusals, edge cases."""

import math

import numpy as np
import pytest

from analysis import compare
from analysis.scores import SCORES, Context
from analysis.scores.floors import floors_from_pairs, pair_sizes
from fatgan.errors import ConfigError, DataError
from fatgan.events import Collision, EventTable

QUICK = [score.name for score in SCORES if score.name != "C2ST AUC"]


def test_truth_against_truth_rarely_alarms(truth):
    """8 comparisons of 47 quick scores: at most 2 % above 3 sigmas, none above 6."""
    sigmas = []
    for seed in range(8):
        reference, sample = truth(3000, 100 + seed), truth(3000, 200 + seed)
        records = compare(reference, sample, truth=truth(6000, 300 + seed), scores=QUICK)
        sigmas += [r.sigmas for r in records]
    sigmas = np.array(sigmas)
    assert len(sigmas) == 8 * 47
    assert np.mean(sigmas > 3) < 0.02
    assert sigmas.max() < 6
    assert abs(np.mean(sigmas)) < 0.3


def test_every_score_gives_a_whole_record(truth):
    steps = []
    records = compare(truth(600, 1), truth(800, 2), seed=5, progress=steps.append)
    assert {r.seed for r in records} == {5}
    assert len({(r.name, r.observable) for r in records}) == len(records)
    assert {r.n_reference for r in records} == {600}
    assert {(r.name, r.n_sample) for r in records if r.n_sample != 800} == {("C2ST AUC", 600)}
    assert steps == [s for score in SCORES for s in (score.name, f"{score.name}: floor")]
    assert all(math.isfinite(r.floor_error) for r in records)


def test_same_seed_same_records(truth):
    tables = truth(500, 1), truth(500, 2)
    assert compare(*tables, seed=3) == compare(*tables, seed=3)


@pytest.mark.parametrize("name", ["W1/sigma", "KS", "phi harmonics"])
def test_quick_floors_equal_those_of_pairs(truth, name):
    """The floors by resampling agree with scores of pairs at the same size, within 15 %."""
    score = next(s for s in SCORES if s.name == name)
    pool, context = truth(8000, 4), Context(0)
    values = list(score.measure(pool[:1500], pool[1500:3000], context))
    quick = np.array(score.floors(values, pool, context))[:, 0]
    copy = type("Pairs", (type(score),), {"repeats": 40})()
    direct = np.array(floors_from_pairs(copy, values, pool, context))[:, 0]
    assert quick.mean() == pytest.approx(direct.mean(), rel=0.15)


@pytest.mark.parametrize("name", ["W1/sigma", "KS"])
def test_floors_follow_the_law_of_sizes(truth, name):
    reference, sample = truth(4000, 5), truth(1000, 6)
    big = compare(reference, sample, scores=[name])
    small = compare(reference[:1000], sample[:250], scores=[name])
    ratio = np.mean([s.floor for s in small]) / np.mean([b.floor for b in big])
    assert ratio == pytest.approx(2, rel=0.15)


def test_chi2_floor_is_one(truth):
    records = compare(truth(6000, 7), truth(6000, 8), scores=["chi2/ndf", "x-Q2 chi2/ndf"])
    assert np.mean([r.floor for r in records]) == pytest.approx(1, abs=0.05)
    assert records[0].floor_error == pytest.approx(math.sqrt(2 / 49), rel=0.5)


@pytest.mark.parametrize(
    ("n", "m", "most", "expected"),
    [
        (100, 100, 1000, (100, 100)),
        (100, 100, 100, (50, 50)),
        (20, 10**6, 10**4, (20, 9980)),
        (10**6, 20, 10**4, (9980, 20)),
        (50, 50, 40, (20, 20)),
    ],
)
def test_pair_sizes(n, m, most, expected):
    assert pair_sizes(n, m, most) == expected


def test_other_frame_is_the_same_comparison(truth):
    a, b = truth(500, 1), truth(500, 2)
    assert compare(a, b, scores=["KS"]) == compare(a, b.with_frame("electron"), scores=["KS"])


def test_constant_columns_and_disjoint_supports_give_numbers(truth):
    base = truth(1, 9)
    px, py, pz = (np.repeat(column, 300) for column in base.momenta)
    constant = EventTable(px, py, pz, base.collision)
    for score in (s for s in SCORES if s.name in ("chi2/ndf", "W1/sigma", "KS")):
        assert all(m.value == 0 for m in score.measure(constant, constant, Context(0)))
    other = compare(constant, truth(300, 10))
    disjoint = compare(truth(300, 11), truth(300, 12, edge=2000.0))
    for records in (other, disjoint):
        assert max(r.value for r in records if r.name == "KS") > 0.9
        assert all(math.isfinite(r.value + r.error + r.floor + r.floor_error) for r in records)


def test_unphysical_samples_give_numbers(truth):
    table = truth(500, 13)
    px, py, pz = (column.copy() for column in table.momenta)
    pz[:250] *= 20
    records = compare(truth(500, 14), EventTable(px, py, pz, table.collision))
    assert sum(r.value for r in records if r.name.startswith("outside")) >= 100


def test_what_cannot_be_compared_is_refused(truth):
    good = truth(100, 1)
    px, py, pz = (column.copy() for column in good.momenta)
    weighted = EventTable(px, py, pz, good.collision, weights=np.ones(100))
    with pytest.raises(DataError, match="the sample is weighted"):
        compare(good, weighted)
    with pytest.raises(DataError, match="the sample has 1 event"):
        compare(good, good[:1])
    with pytest.raises(DataError, match="the reference has 30 events; scores need at least 40"):
        compare(good[:30], good)
    px[7] = np.nan
    with pytest.raises(DataError, match="'px' is NaN or infinite in 1 of 100"):
        compare(good, EventTable(px, py, pz, good.collision))
    with pytest.raises(DataError, match="same beams"):
        compare(good, truth(100, 2, collision=Collision.parse("18x275")))
    with pytest.raises(ConfigError, match="did you mean 'KS'"):
        compare(good, good, scores=["KSS"])


def test_copies_of_the_reference_are_refused(truth):
    reference, sample = truth(1000, 1), truth(5000, 2)
    message = "1,000 of the sample's 1,000 events are events of the reference, bit for bit"
    with pytest.raises(DataError, match=message):
        compare(reference, reference.with_frame("electron"), scores=["KS"])
    with pytest.raises(DataError, match="the truth must be independent of the reference"):
        compare(reference, sample, truth=reference, scores=["KS"])
    mixed = EventTable.concatenate([reference[:6], sample[6:]])
    with pytest.raises(DataError, match="6 of the sample's 5,000 events"):
        compare(reference, mixed, scores=["KS"])


@pytest.mark.parametrize(("size", "shared"), [(500, 3), (5000, 5)])
def test_a_few_common_events_are_chance(truth, size, shared):
    reference, sample = truth(1000, 1), truth(size, 2)
    mixed = EventTable.concatenate([reference[:shared], sample[shared:]])
    assert compare(reference, mixed, scores=["phi harmonics"])
