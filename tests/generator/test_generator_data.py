"""The rows of a run: split and unweighted."""

from __future__ import annotations

import logging

import numpy as np
import pytest
from truths import FRAMES, dis_truth

from fatgan.errors import DataError
from fatgan.events import EventTable
from fatgan.events.unweighting import unweight
from fatgan.generator.config import DataConfig
from fatgan.generator.data import read_split, split
from fatgan.io import write


@pytest.fixture(scope="module")
def table() -> EventTable:
    return dis_truth(FRAMES["proton"], 5000, seed=1)


def with_weights(table: EventTable, weights: np.ndarray) -> EventTable:
    return EventTable(*table.momenta, table.collision, weights=weights)


def test_the_parts_are_disjoint_and_complete(table):
    parts = split(table, 1200, 300, 7, "a file")
    assert [len(part) for part in parts] == [3500, 1200, 300]
    joined = np.concatenate([part["px"] for part in parts])
    assert len(np.unique(table["px"])) == len(table)
    np.testing.assert_array_equal(np.sort(joined), np.sort(table["px"]))
    # whole rows, not columns shuffled each for itself
    order = np.argsort(table["px"])
    place = order[np.searchsorted(table["px"][order], joined)]
    np.testing.assert_array_equal(
        np.concatenate([part["pz"] for part in parts]), table["pz"][place]
    )


def test_the_split_is_at_random_and_depends_on_the_seed_only(table):
    one, again, other = (split(table, 1000, 200, seed, "a file") for seed in (7, 7, 8))
    np.testing.assert_array_equal(one.held_out["px"], again.held_out["px"])
    np.testing.assert_array_equal(one.training["px"], again.training["px"])
    np.testing.assert_array_equal(one.selection["px"], again.selection["px"])
    assert not np.array_equal(one.selection["px"], other.selection["px"])
    shared = np.intersect1d(one.held_out["px"], other.held_out["px"]).size
    # 200 expected of 1000 out of 5000, with a deviation of 11 (5 sigma)
    assert abs(shared - 200) < 57
    first_half = np.isin(one.held_out["px"], table["px"][:2500]).sum()
    assert abs(first_half - 500) < 5 * 14.2


@pytest.mark.parametrize(("held_out", "kept"), [(0, 5000), (2500, 2500), (10**6, 2500)])
def test_at_most_half_is_held_out(table, held_out, kept):
    parts = split(table, held_out, 0, 1, "a file")
    assert len(parts.training) == kept
    assert len(parts.held_out) == 5000 - kept


@pytest.mark.parametrize(
    ("held_out", "selection", "kept"),
    [(0, 10**6, 500), (1000, 10**6, 400), (1000, 150, 150), (1000, 0, 0), (1000, 99, 0)],
)
def test_at_most_a_tenth_of_the_rest_selects_and_too_few_not_at_all(
    table, held_out, selection, kept
):
    parts = split(table, held_out, selection, 1, "a file")
    assert [len(part) for part in parts] == [5000 - held_out - kept, held_out, kept]
    # what is held out does not depend on it
    others = split(table, held_out, 0, 1, "a file")
    np.testing.assert_array_equal(parts.held_out["px"], others.held_out["px"])


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_rows(table, n):
    with pytest.raises(DataError, match=f"a file: {n} rows are too few"):
        split(table[:n], 0, 100, 1, "a file")


def test_unweighted_events_follow_the_weights(table):
    """Means and shares within 4 sigma: off by chance once in 15,000 each."""
    big = dis_truth(FRAMES["proton"], 200_000, seed=2)
    weights = 1 / (1 + big["Q2"])  # steep: the largest weight is 10^4 times the smallest
    kept = unweight(with_weights(big, weights), "a file")
    assert kept.weights is None
    expected_size = weights.sum() / weights.max()
    assert abs(len(kept) - expected_size) < 4 * np.sqrt(expected_size)
    for values, sample in (
        (np.log(big["Q2"]), np.log(kept["Q2"])),
        (big["y"], kept["y"]),
        ((big["Q2"] > 10).astype(float), (kept["Q2"] > 10).astype(float)),
    ):
        expected = np.average(values, weights=weights)
        error = np.sqrt(np.average((values - expected) ** 2, weights=weights) / len(kept))
        assert abs(sample.mean() - expected) < 4 * error
        assert abs(sample.mean() - values.mean()) > 10 * error  # the weights matter here


def test_unweighting_repeats_no_event_and_depends_on_the_seed_only(table):
    weighted = with_weights(table, np.random.default_rng(3).uniform(0, 2, len(table)))
    one, again, other = (unweight(weighted, "a file", seed) for seed in (1, 1, 2))
    assert len(np.unique(one["px"])) == len(one)
    np.testing.assert_array_equal(one["px"], again["px"])
    assert not np.array_equal(one["px"], other["px"][: len(one)])


def test_events_of_weight_zero_go_and_equal_weights_all_stay(table):
    weights = np.where(np.arange(5000) % 2, 3.0, 0.0)
    kept = unweight(with_weights(table, weights), "a file")
    np.testing.assert_array_equal(kept["px"], table["px"][1::2])
    assert unweight(table, "a file") is table


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (np.r_[-1.0, -0.5, np.ones(4998)], "negative in 2 of 5,000 rows.*--cut"),
        (np.zeros(5000), "zero in all 5,000 rows"),
    ],
)
def test_weights_that_cannot_be_learned_from(table, weights, message):
    with pytest.raises(DataError, match=f"a file: column 'weight' is {message}"):
        unweight(with_weights(table, weights), "a file")


def test_a_weighted_file_is_unweighted_with_a_note(table, tmp_path, caplog):
    path = tmp_path / "weighted.root"
    write(with_weights(table, np.random.default_rng(4).uniform(0, 1, 5000)), path)
    with caplog.at_level(logging.WARNING, logger="fatgan"):
        parts = read_split(DataConfig(path=path, held_out=500), seed=1)
    assert all(part.weights is None for part in parts)
    assert len(parts.held_out) == 500
    # half of the uniform weights are kept: 2500 +- 35
    kept = sum(len(part) for part in parts)
    assert abs(kept - 2500) < 150
    assert f"kept {kept:,} of 5,000 rows" in caplog.text


def test_a_file_without_weights_has_no_note(table, tmp_path, caplog):
    path = tmp_path / "plain.root"
    write(table, path)
    with caplog.at_level(logging.WARNING, logger="fatgan"):
        parts = read_split(DataConfig(path=path, limit=4000, cut="y < 0.5", held_out=100), seed=1)
    assert not caplog.records
    assert sum(len(part) for part in parts) == np.count_nonzero(table["y"][:4000] < 0.5)
