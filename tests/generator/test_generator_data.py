"""The rows of a run: read from one file or several, and split."""

from __future__ import annotations

import logging

import numpy as np
import pytest
from truths import FRAMES, dis_truth

from fatgan.errors import DataError
from fatgan.events import Collision, EventTable
from fatgan.generator.config import DataConfig
from fatgan.generator.data import read_split, split
from fatgan.io import read, write


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


def test_the_rows_keep_their_weights(table, tmp_path):
    path = tmp_path / "weighted.root"
    weights = np.random.default_rng(4).uniform(-0.2, 1, 5000)
    write(with_weights(table, weights), path)
    parts = read_split(DataConfig(path=path, held_out=500), seed=1)
    assert [len(part) for part in parts] == [4050, 500, 450]
    place = np.argsort(table["px"])
    for part in parts:
        rows = place[np.searchsorted(table["px"][place], part["px"])]
        np.testing.assert_array_equal(part.weights, weights[rows])


@pytest.fixture
def two_files(tmp_path):
    for beams, n in (("10x10", 600), ("50x50", 400)):
        write(dis_truth(Collision.parse(beams), n, seed=n), tmp_path / f"e_{beams}.root")
    return tmp_path


def test_a_pattern_stands_for_all_its_files(two_files):
    parts = read_split(DataConfig(path=two_files / "e_*.root", held_out=200), seed=1)
    assert sum(len(part) for part in parts) == 1000
    whole = EventTable.concatenate(list(parts))
    assert {c.label: len(rows) for c, rows in whole.by_setting()} == {"10x10": 600, "50x50": 400}
    # each row with its own beams: nothing is physical with those of the other file
    assert whole["y"].max() < 1


def test_a_list_of_foreign_files_says_the_beams_of_each(two_files):
    for beams in ("10x10", "50x50"):
        events = read(two_files / f"e_{beams}.root")
        events.to_pandas().to_csv(two_files / f"{beams}.csv", index=False)
    entries = [{"path": two_files / f"{beams}.csv", "beams": beams} for beams in ("10x10", "50x50")]
    parts = read_split(DataConfig(path=entries), seed=1)
    found = {c.label: len(rows) for c, rows in EventTable.concatenate(list(parts)).by_setting()}
    assert found == {"10x10": 600, "50x50": 400}


def test_a_pattern_without_files_says_how_to_make_them(tmp_path):
    with pytest.raises(DataError, match=r"e_\*.root: no file matches.*fatgan simulate CONFIG"):
        read_split(DataConfig(path=tmp_path / "e_*.root"), seed=1)


def test_a_file_without_weights_has_no_note(table, tmp_path, caplog):
    path = tmp_path / "plain.root"
    write(table, path)
    with caplog.at_level(logging.WARNING, logger="fatgan"):
        parts = read_split(DataConfig(path=path, limit=4000, cut="y < 0.5", held_out=100), seed=1)
    assert not caplog.records
    assert sum(len(part) for part in parts) == np.count_nonzero(table["y"][:4000] < 0.5)
