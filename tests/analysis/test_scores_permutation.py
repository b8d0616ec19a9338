"""Permutation laws of all scores: uniform p-values, what they must see, awkward samples."""

import numpy as np
import pytest
from permuted import records, weighted
from scipy import stats

from analysis.comparison import Comparison
from analysis.scores import mmd, permutation, sliced
from analysis.scores.permutation import Blocks
from fatgan.events import EventTable


@pytest.fixture
def quick(monkeypatch):
    """Fewer directions, frequencies and blocks, for tests that need many pairs of samples."""
    monkeypatch.setattr(permutation, "BLOCKS", 30)
    monkeypatch.setattr(sliced, "DIRECTIONS", 4)
    monkeypatch.setattr(mmd, "FREQUENCIES", 32)


@pytest.mark.usefixtures("quick")
def test_p_values_are_uniform_between_samples_of_one_truth(truth):
    found = {}
    for seed in range(20):
        a, b = truth(400, 2 * seed), truth(300, 2 * seed + 1)
        if seed % 2:
            b = weighted(b, np.where(np.arange(300) % 20 == 0, -1.0, 1.0))
        for record in records(Comparison(a, b, seed=seed)):
            found.setdefault(record.name, []).append(record.p_value)
    assert len(found) == 11
    for name, p_values in found.items():
        # 11 such tests: a false alarm of 1e-3 in all
        assert stats.kstest(p_values, "uniform").pvalue > 1e-4, name


@pytest.mark.usefixtures("quick")
def test_a_scaled_transverse_momentum_is_seen(truth):
    a, b = truth(8000, 1), truth(8000, 2)
    px, py, pz = b.momenta
    sample = EventTable(1.1 * px, 1.1 * py, pz, b.collision)
    found = {record.name: record for record in records(Comparison(a, sample))}
    for name, record in found.items():
        if "correlations" not in name and name not in ("kernel distance", "mutual information"):
            assert record.p_value < 1e-6, name
            assert record.value - record.floor > 5 * record.error, name


@pytest.mark.usefixtures("quick")
def test_shuffled_pairs_are_seen_as_lost_correlations(truth):
    a, b = truth(2000, 1), truth(2000, 2)
    px, py, pz = b.momenta
    sample = EventTable(px, py, np.random.default_rng(0).permutation(pz), b.collision)
    found = {record.name: record.p_value for record in records(Comparison(a, sample))}
    assert found["rank correlations"] < 1e-6
    assert found["mutual information"] < 1e-6


def awkward(kind, truth):
    a, b = truth(20, 1), truth(20, 2)
    rng = np.random.default_rng(0)
    px, py, pz = b.momenta
    if kind == "one event repeated":
        return a, b[np.zeros(20, dtype=int)]
    if kind == "disjoint":
        return a, EventTable(20 * px, 20 * py, pz, b.collision)
    if kind == "weights that nearly cancel":
        w = np.where(rng.permutation(20) < 9, -1.0, 1.0)
        return weighted(a, rng.permutation(w)), weighted(b, w)
    if kind == "one weight outweighs all":
        return a, weighted(b, np.where(np.arange(20) == 3, 1e9, 1.0))
    if kind == "unphysical":
        return a, EventTable(0 * px, 0 * py, pz, b.collision)
    return a, truth(700, 3)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "kind",
    [
        "one event repeated",
        "disjoint",
        "weights that nearly cancel",
        "one weight outweighs all",
        "unphysical",
        "unequal",
    ],
)
def test_records_of_awkward_samples_are_finite(truth, kind):
    for record in records(Comparison(*awkward(kind, truth))):
        assert 0 <= record.p_value <= 1
        assert record.floor_repeats == 200


def test_blocks_leave_few_events_out_and_cap_the_larger_side(truth):
    for (n, m), sizes in {
        (20, 700): (20, 100),
        (399, 301): (399, 300),
        (1000, 3456): (1000, 3450),
    }.items():
        assert Blocks(Comparison(truth(n, 1), truth(m, 2))).sizes == sizes


def test_the_same_seed_gives_the_same_records(pair):
    again = Comparison(pair.reference, pair.sample, seed=5)
    assert records(again) == records(pair)
