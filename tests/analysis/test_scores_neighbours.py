"""Coverage, memorisation and duplicates: brute force, exact laws, and what they must see."""

import math

import numpy as np
import pytest
from scipy import stats
from sklearn.neighbors import NearestNeighbors

from analysis import Comparison
from analysis.features import standardised
from analysis.scores.coverage import NEIGHBOURS, _labels, _uncovered, nearest
from analysis.scores.duplicates import of_pairs
from analysis.scores.memorisation import _share_below
from fatgan.events import EventTable


def changed(table, rows, source, noise=0.0):
    """Return a table with its first rows replaced by other events, up to relative noise."""
    rng = np.random.default_rng(0)
    momenta = [column.copy() for column in table.momenta]
    for column, new in zip(momenta, source.momenta, strict=True):
        column[:rows] = new[:rows] * (1 + noise * rng.normal(size=rows))
    return EventTable(*momenta, table.collision)


def hole(table):
    """Return which events are in a compact part of the Q2-x plane, at all phi."""
    ln_Q2, ln_x = np.log(table["Q2"]), np.log(table["x"])
    return (ln_Q2 > 1.6) & (ln_Q2 < 2.2) & (ln_x > -7.5) & (ln_x < -6.0)


def test_coverage_is_one_minus_that_of_the_source(truth, measured):
    """By its definition: balls up to the 5th nearest neighbour of the same side."""
    a, b = truth(400, 1), truth(400, 2, edge=5.0)
    found = measured("coverage", a, b)
    points = standardised(a, b)
    for side, name in enumerate(("reference", "sample")):
        mine, other = points[side], points[1 - side]
        # of one side, each event is the first neighbour of itself
        radii = NearestNeighbors(n_neighbors=6).fit(mine).kneighbors(mine)[0][:, -1]
        gap = NearestNeighbors(n_neighbors=1).fit(other).kneighbors(mine)[0][:, 0]
        m = found[f"uncovered {name}", None]
        assert m.value == pytest.approx(np.mean(gap > radii))
        assert (m.n_reference, m.n_sample) == (400, 400)


@pytest.mark.parametrize("size", [25, 800])
def test_coverage_floor_is_the_closed_form_for_any_truth(size):
    """Labels at random on clustered points: 2,000 draws, 5 sigmas of their mean."""
    rng = np.random.default_rng(3)
    points = rng.normal(size=(2 * size, 3)) * rng.choice([0.01, 1, 5], size=(2 * size, 1))
    _, near = nearest(points, NEIGHBOURS, rng)
    draws = np.array([_uncovered(near, _labels(size, rng)) for _ in range(2000)])
    expected = math.comb(size - 1, 5) / math.comb(2 * size - 1, 5)
    error = draws.std(axis=0) / math.sqrt(2000)
    assert np.all(np.abs(draws.mean(axis=0) - expected) < 5 * error)


def test_neighbours_equal_sklearns():
    rng = np.random.default_rng(4)
    points = rng.normal(size=(300, 4))
    order, near = nearest(points, 3, rng)
    expected = NearestNeighbors(n_neighbors=4).fit(points).kneighbors(points[order])[1][:, 1:]
    assert np.array_equal(order[near].T, expected)


def test_labels_are_halves_at_random():
    """Each place and each pair of places as often as hypergeometric; false alarm 1e-6."""
    rng = np.random.default_rng(5)
    draws = np.array([_labels(4, rng) for _ in range(4000)])
    assert np.all(draws.sum(axis=1) == 4)
    assert draws.mean(axis=0) == pytest.approx(0.5, abs=5.5 * 0.5 / math.sqrt(4000))
    both = np.mean(draws[:, 0] * draws[:, 5])
    assert both == pytest.approx(3 / 14, abs=5 * math.sqrt(0.17 / 4000))


@pytest.mark.parametrize("seen", ["reference", "sample"])
def test_a_hole_and_stray_events_are_told_apart(truth, measured, seen):
    full, whole = truth(8000, 6), truth(8000, 7)
    holed = whole[~hole(whole)]
    assert 0.04 < 1 - len(holed) / 8000 < 0.1
    found = measured("coverage", *((full, holed) if seen == "reference" else (holed, full)))
    high, low = sorted(found.values(), key=lambda m: -m.value)
    assert high.name == f"uncovered {seen}"
    assert high.law.p_value(high.value) < 1e-6
    assert high.value > low.value + 3 * high.law.spread


def test_events_that_are_all_one_have_neighbours_at_random(truth, measured):
    base = truth(1, 8)
    constant = EventTable(*(np.repeat(c, 300) for c in base.momenta), base.collision)
    found = measured("coverage", constant, truth(300, 9))
    assert found["uncovered reference", None].value == 1
    equal = np.zeros((4000, 2))
    order, near = nearest(equal, 5, np.random.default_rng(0))
    share = _uncovered(near, (order >= 2000).astype(np.int8))[0]
    assert share == pytest.approx(1 / 32, abs=5 * 1.5 * math.sqrt(1 / 32 / 2000))


def test_coverage_of_weighted_events_is_of_their_law(truth, measured):
    """Flat events weighted to a ripple against rippled ones; false alarm 1e-3."""
    rippled, flat = truth(4000, 10, ripple=0.9), truth(8000, 11)
    weights = 1 + 0.9 * np.cos(3 * flat["phi"])
    sample = EventTable(*flat.momenta, flat.collision, weights=weights)
    right = measured("coverage", rippled, sample)
    wrong = measured("coverage", rippled, flat)
    assert min(m.law.p_value(m.value) for m in right.values()) > 5e-4
    assert min(m.law.p_value(m.value) for m in wrong.values()) < 1e-4
    ones = EventTable(*flat.momenta, flat.collision, weights=np.ones(8000))
    alike = zip(measured("coverage", rippled, ones).values(), wrong.values(), strict=True)
    assert all((a.value, a.law.mean) == (b.value, b.law.mean) for a, b in alike)


@pytest.mark.parametrize("weights", [-1.0, 1e9])
def test_what_cannot_be_unweighted_is_not_judged(truth, measured, weights):
    table = truth(500, 12)
    w = np.ones(500)
    w[0] = weights
    found = measured(
        "coverage", truth(500, 13), EventTable(*table.momenta, table.collision, weights=w)
    )
    for m in found.values():
        assert (m.value, m.n_reference, m.n_sample, m.law.p_value(m.value)) == (0, 0, 0, 1)


def test_memorisation_needs_the_training_events(truth, measured):
    assert measured("memorisation", truth(100, 1), truth(100, 2)) == {}


def test_nearest_in_training_equals_sklearns(truth, measured):
    a, b, t = truth(300, 14), truth(500, 15), truth(300, 16)
    found = measured("memorisation", a, b, truth=t)
    pool = np.concatenate([standardised(a, t)[1], standardised(a, a)[0]])
    near = NearestNeighbors(n_neighbors=1).fit(pool).kneighbors(standardised(a, b)[1])[1][:, 0]
    m = found["nearest in training", None]
    assert m.value == np.mean(near < 300)
    assert (m.law.mean, m.n_reference, m.n_sample) == (0.5, 300, 500)


def test_law_of_labels_is_that_of_permutations():
    """Mean and variance in closed form (sampling without replacement), to 5 sigmas."""
    rng = np.random.default_rng(6)
    near = rng.choice(100, 400, p=rng.dirichlet(np.full(100, 0.3)))
    share, law = _share_below(50, near, rng)
    events = np.bincount(near, minlength=100)
    assert share == events[:50].sum() / 400
    expected = math.sqrt(25 * events.var(ddof=1)) / 400
    assert law.mean == pytest.approx(0.5, abs=5 * expected / 100)
    assert law.spread == pytest.approx(expected, rel=0.05)


@pytest.mark.parametrize(("share", "of_all", "of_closest"), [(0.0, 1e-3, 1e-3), (0.02, 0, 1e-9)])
def test_noisy_copies_of_training_events_stand_out_of_the_closest(
    truth, measured, share, of_all, of_closest
):
    a, b, t = truth(5000, 17), truth(5000, 18), truth(5000, 19)
    b = changed(b, int(share * 5000), t, noise=1e-4)
    found = measured("memorisation", a, b, truth=t)
    p = {name: m.law.p_value(m.value) for (name, _), m in found.items()}
    assert p["nearest in training"] > of_all
    assert (p["closest in training"] < of_closest) == (share > 0)
    assert found["copied events", None].value == 0


def test_a_wrong_law_is_no_memory(truth, measured):
    """Events elsewhere, each many times: labels stay a matter of chance."""
    few = truth(40, 20, edge=30.0)
    sample = few[np.arange(2000) % 40]
    found = measured("memorisation", truth(2000, 21), sample, truth=truth(2000, 22))
    assert found["nearest in training", None].law.spread > 0.05  # 40 events, not 2000
    assert all(m.law.p_value(m.value) > 1e-3 for m in found.values())


def test_copies_bit_for_bit_are_counted(truth, measured):
    a, b, t = truth(1000, 23), truth(1000, 24), truth(3000, 25)
    copied = changed(b, 30, t)
    for sample in (copied, copied.with_frame("electron")):
        m = measured("memorisation", a, sample, truth=t)["copied events", None]
        assert (m.value, m.n_reference, m.n_sample) == (30, 3000, 1000)
        assert m.law.mean == 0
        assert m.law.p_value(30) < 1e-8


def test_duplicates_count_what_pandas_and_numpy_count(truth, measured):
    table = truth(1000, 26)
    rows = np.append(np.arange(950), np.random.default_rng(7).integers(0, 950, 50))
    sample = table[rows]
    m = measured("duplicates", truth(1000, 27), sample)["repeated events", None]
    assert m.value == 1000 - len(np.unique(np.stack(sample.momenta), axis=1).T) == 50
    assert (m.law.mean, m.error) == (0, pytest.approx(math.sqrt(50)))
    assert m.law.p_value(50) == pytest.approx(0.5**50)


@pytest.mark.parametrize(("n", "m"), [(1500, 4500), (4000, 1500)])
def test_chance_duplicates_grow_as_pairs_of_events(truth, measured, n, m):
    """Momenta rounded to 50 MeV: no alarm at any ratio of the sizes; false alarm 1e-3 each."""

    def rounded(n, seed, shift):
        # each side on a lattice of its own: what both share is refused as a copy
        table = truth(n, seed)
        px, py, pz = (np.round(20 * column) / 20 for column in table.momenta)
        return EventTable(px + shift, py, pz, table.collision)

    found = measured("duplicates", rounded(n, 28, 0.0), rounded(m, 29, 1e-3))
    repeated = found["repeated events", None]
    assert repeated.value > 5
    assert repeated.law.mean > 5
    assert repeated.law.p_value(repeated.value) > 1e-3


def test_law_of_pairs_is_the_conditional_binomial():
    law = of_pairs(12, 100, 5, 200)
    assert law.mean == 2.5
    expected = stats.binomtest(12, 17, 1 / 3, alternative="greater").pvalue
    assert law.p_value(12) == pytest.approx(expected)
    assert of_pairs(0, 10, 0, 10).p_value(0) == 1


def test_streams_and_seeds_give_the_same_numbers(truth):
    """Only the seed draws: two comparisons of one seed agree in every number."""
    from analysis.scoring import score

    def records(seed):
        comparison = Comparison(truth(300, 31), truth(300, 32), truth=truth(300, 33), seed=seed)
        return score(comparison, ["coverage", "memorisation", "duplicates"])

    assert records(1) == records(1)
    assert len({r.name for r in records(1)}) == 6
    assert {r.score for r in records(1)} == {"coverage", "memorisation", "duplicates"}
