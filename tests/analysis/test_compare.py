"""Comparisons: p-values between samples of one truth, refusals, edge cases."""

import math

import numpy as np
import pytest
from scipy import stats

from analysis import Comparison, Sample, compare
from analysis.scores import DEFAULT, SCORES
from analysis.scores.chi2 import Chi2
from analysis.scores.coverage import Coverage
from analysis.scores.edges import Edges
from analysis.scores.harmonics import PhiHarmonics
from analysis.scores.kolmogorov import KolmogorovSmirnov
from analysis.scores.memorisation import Memorisation
from analysis.scores.plane import PlaneChi2
from analysis.scores.tails import Tails
from analysis.scores.wasserstein import Wasserstein
from analysis.scoring import chosen_scores
from fatgan.errors import ConfigError, DataError
from fatgan.events import Collision, EventTable

BINNED = ["chi2/ndf", "W1/sigma", "KS", "tails", "x-Q2 chi2/ndf", "phi harmonics"]
BINNED += ["edges", "bounds"]
NEIGHBOURS = ["coverage", "duplicates", "memorisation"]
QUICK = [*BINNED, *NEIGHBOURS]
CORE = [*QUICK, "C2ST AUC", "C2ST weights"]


def finite(records):
    keys = ("value", "error", "floor", "floor_error", "p_value")
    return all(math.isfinite(getattr(r, key)) for r in records for key in keys)


def repeated(table, number):
    return EventTable(*(np.repeat(c, number) for c in table.momenta), table.collision)


def test_p_values_between_samples_of_one_truth_are_uniform(truth):
    """30 pairs of 500 events, one number per family; false alarm 1e-4 for each of 10.

    Counts cannot have uniform p-values: theirs must not be small too often.
    """

    def one(score, observable):  # of 11 that are alike
        return type("One", (score,), {"observables": (observable,)})()

    smooth = {"chi2/ndf", "W1/sigma", "KS", "x-Q2 chi2/ndf", "phi harmonic 3"}
    smooth.add("nearest in training")
    counts = {"high tail", "near Q2 edge", "uncovered reference", "uncovered sample"}
    scores = [one(Chi2, "x"), one(Wasserstein, "pT"), one(KolmogorovSmirnov, "y"), PlaneChi2()]
    scores += [PhiHarmonics(), Tails(), Edges(), Coverage(), Memorisation()]
    found = {name: [] for name in smooth | counts}
    for seed in range(30):
        reference, sample, more = (truth(500, 1000 * part + seed) for part in (1, 2, 3))
        comparison = Comparison(reference, sample, truth=more, seed=seed)
        measured = (m for s in scores for m in s.measure(comparison))
        for m in (m for m in measured if m.name in found):
            found[m.name].append(m.law.p_value(m.value))
    for name in smooth:
        assert stats.kstest(found[name], "uniform").pvalue > 1e-4, name
    for name in counts:
        p = np.array(found[name])
        for level in (0.05, 0.5):
            # several tails of one sample are about as good as one
            most = stats.binom(30, level).isf(5e-5) / 30
            assert np.mean(p <= level) <= most, name


def test_every_score_gives_whole_records(truth):
    steps = []
    names = [*QUICK, "C2ST AUC"]
    tables = truth(400, 1), truth(500, 2)
    records = compare(*tables, truth=truth(400, 3), seed=5, scores=names, progress=steps.append)
    assert {r.seed for r in records} == {5}
    assert len({(r.name, r.observable) for r in records}) == len(records)
    assert set(steps) == {r.score for r in records} == set(names)
    assert steps[-1] == "C2ST AUC"  # classifiers learn while the others are worked out
    assert {(r.n_reference, r.n_sample) for r in records if r.score in BINNED} == {(400, 500)}
    assert finite(records)
    assert all(0 <= r.p_value <= 1 for r in records)


def test_names_do_not_depend_on_the_sample(truth):
    samples = truth(300, 4), truth(400, 5, edge=50.0), repeated(truth(20, 6), 10)
    names = [
        [(r.name, r.observable) for r in compare(truth(300, 7), s, scores=QUICK)] for s in samples
    ]
    assert names[0] == names[1] == names[2]


def test_same_seed_same_records(truth):
    tables = truth(300, 1), truth(300, 2)
    names = ["C2ST AUC", "KS", "coverage", "phi harmonics"]
    assert compare(*tables, seed=3, scores=names) == compare(*tables, seed=3, scores=names)


def test_default_scores_are_known():
    assert set(DEFAULT) <= {s.name for s in SCORES}
    assert [s.name for s in chosen_scores(None)] == [s.name for s in SCORES if s.name in DEFAULT]
    with pytest.raises(ConfigError, match="did you mean 'KS'"):
        chosen_scores(["KSS"])


@pytest.mark.parametrize("name", ["W1/sigma", "KS", "phi harmonics"])
def test_floors_follow_the_law_of_sizes(truth, name):
    reference, sample = truth(4000, 5), truth(1000, 6)
    big = compare(reference, sample, scores=[name])
    small = compare(reference[:1000], sample[:250], scores=[name])
    ratio = np.mean([s.floor for s in small]) / np.mean([b.floor for b in big])
    assert ratio == pytest.approx(2, rel=0.15)


def test_other_frame_is_the_same_comparison(truth):
    a, b = truth(500, 1), truth(500, 2)
    names = ["KS", "coverage"]
    turned = compare(a, b.with_frame("electron"), scores=names)
    assert compare(a, b, scores=names) == turned


def test_weights_of_one_are_no_weights(truth):
    a, b = truth(400, 1), truth(400, 2)
    ones = EventTable(*b.momenta, b.collision, weights=np.ones(400))
    names = ["KS", "W1/sigma", "phi harmonics", "coverage", "chi2/ndf", "C2ST AUC"]
    for plain, weighted in zip(
        compare(a, b, scores=names), compare(a, ones, scores=names), strict=True
    ):
        assert plain.value == pytest.approx(weighted.value), plain.label
        assert plain.p_value == pytest.approx(weighted.p_value), plain.label


def test_shared_work_is_done_once(truth):
    comparison = Comparison(truth(300, 1), truth(200, 2), truth=truth(100, 3))
    assert comparison.summaries is comparison.summaries
    assert comparison.standardised is comparison.standardised
    assert comparison.pool.events == 400
    assert comparison.sizes == (300, 200)
    assert comparison.labels == ("data", "sample")
    assert Comparison(Sample(truth(50, 1), "H1"), truth(50, 2)).labels == ("H1", "sample")
    draws = [comparison.rng(purpose).random() for purpose in ("a", "b", "a")]
    assert draws[0] == draws[2] != draws[1]


@pytest.mark.parametrize("case", ["constant sample", "constant reference", "disjoint", "20 events"])
def test_extreme_samples_give_numbers_and_alarms(truth, case):
    constant = repeated(truth(1, 9), 300)
    pairs = {
        "constant sample": (truth(300, 10), constant),
        "constant reference": (constant, truth(300, 10)),
        "disjoint": (truth(300, 11), truth(300, 12, edge=2000.0)),
        "20 events": (truth(20, 13), truth(20, 14, edge=2000.0)),
    }
    records = compare(*pairs[case])
    assert finite(records)
    assert max(r.value for r in records if r.name == "KS") > 0.9
    assert min(r.p_value for r in records if r.name == "KS") < 0.01


def test_two_different_constants_are_told_apart(truth):
    records = compare(*(repeated(truth(1, seed), 100) for seed in (15, 16)), scores=BINNED)
    assert finite(records)
    assert min(r.p_value for r in records if r.name == "KS") < 1e-9


def test_a_reference_of_few_values_gives_numbers(truth):
    table = truth(400, 17)
    px, py, pz = (np.round(column / 5) * 5 for column in table.momenta)
    coarse = EventTable(px, py + 1.0, pz, table.collision)
    records = compare(coarse, truth(300, 18), scores=QUICK)
    assert finite(records)


def test_unphysical_samples_give_numbers(truth):
    table = truth(300, 13)
    px, py, pz = (column.copy() for column in table.momenta)
    pz[:150] *= 20
    px[150:155], py[150:155] = 0.0, 0.0  # along the beam
    records = compare(truth(300, 14), EventTable(px, py, pz, table.collision))
    assert finite(records)
    assert sum(r.value for r in records if r.name.startswith("outside")) >= 100


@pytest.mark.parametrize("weights", ["one negative", "mixed", "one heavy", "some zero"])
def test_any_weights_of_positive_sum_give_numbers(truth, weights):
    rng = np.random.default_rng(0)
    w = {
        "one negative": np.where(np.arange(300) == 7, -1.0, 1.0),
        "mixed": rng.choice([-1.0, 1.0], 300, p=[0.3, 0.7]),
        "one heavy": np.where(np.arange(300) == 7, 1e6, 1.0),
        "some zero": rng.choice([0.0, 1.0], 300),
    }[weights]
    table = truth(300, 19)
    weighted = EventTable(*table.momenta, table.collision, weights=w)
    for pair in ((truth(300, 20), weighted), (weighted, truth(300, 20))):
        assert finite(compare(*pair, scores=CORE if weights == "mixed" else QUICK))


def test_what_cannot_be_compared_is_refused(truth):
    good, other = truth(100, 1), truth(100, 2)
    px, py, pz = (column.copy() for column in other.momenta)

    def weighted(w):
        return EventTable(px, py, pz, good.collision, weights=w)

    with pytest.raises(DataError, match=r"weights of the sample's 100 events sum to 0; .*positive"):
        compare(good, weighted(np.zeros(100)))
    with pytest.raises(DataError, match="weights of the reference's 100 events sum to -100"):
        compare(weighted(-np.ones(100)), good)
    with pytest.raises(DataError, match="'weight' is NaN or infinite in 1 of 100"):
        compare(good, weighted(np.append(np.ones(99), np.inf)))
    with pytest.raises(DataError, match="the sample has 1 event; scores need at least 20"):
        compare(good, other[:1])
    with pytest.raises(DataError, match="the reference has 19 events"):
        compare(good[:19], other)
    px[7] = np.nan
    with pytest.raises(DataError, match="the sample's column 'px' is NaN or infinite in 1 of 100"):
        compare(good, EventTable(px, py, pz, good.collision))
    with pytest.raises(DataError, match="same beams"):
        compare(good, truth(100, 2, collision=Collision.parse("18x275")))
    with pytest.raises(DataError, match="the truth has 5 events"):
        compare(good, other, truth=truth(5, 3))
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
