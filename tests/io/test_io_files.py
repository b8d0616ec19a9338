"""A folder, a pattern and a file are read alike."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from samples import HERA, dis_events, foreign, foreign_tree, same_momenta

from fatgan.errors import DataError
from fatgan.events import Collision, EventTable
from fatgan.io import FORMATS, describe, iterate, read, read_many, write
from fatgan.io.files import files_at
from fatgan.io.options import ReadOptions

WRITTEN = [known.name for known in FORMATS if known.tabular and known.can_write]


@pytest.fixture
def folder(table, tmp_path):
    """Three files of 150, 150 and 100 events in two folders."""
    for number, rows in enumerate((slice(0, 150), slice(150, 300), slice(300, None))):
        write(table[rows], tmp_path / f"run{number // 2}" / f"events_{number}.parquet")
    return tmp_path


def refusal(path, **keywords) -> str:
    with pytest.raises(DataError) as caught:
        read(path, **keywords)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_pattern_is_read_as_one_file(folder, table):
    pattern = folder / "run*" / "events_*.parquet"
    together = read(pattern)
    assert same_momenta(together, table)
    assert together.collision == HERA
    assert describe(pattern).entries == 400
    assert len(describe(pattern).files) == 3
    assert [len(part) for part in iterate(pattern, chunk=120)] == [120, 30, 120, 30, 100]


@pytest.mark.parametrize("name", WRITTEN)
def test_a_folder_of_any_format_is_read_as_one_file(name, table, tmp_path):
    for number in range(2):
        rows = table[200 * number : 200 * (number + 1)]
        write(rows, tmp_path / f"{number}", format=name)
    assert same_momenta(read(tmp_path), table)


def test_provenance_names_the_files_only_if_they_are_several(folder):
    together = read(folder / "run?" / "*.parquet", cut="Q2 > 10").provenance
    each = together["sources"]
    names = ["run0/events_0.parquet", "run0/events_1.parquet", "run1/events_2.parquet"]
    assert [source["source"] for source in each] == names
    assert [source["entries"] for source in each] == [150, 150, 100]
    assert sum(source["events"] for source in each) == together["events"]
    assert {source["cut"] for source in each} == {"Q2 > 10"}
    assert all(source["origin"] == {"generator": "test", "seed": 3} for source in each)
    checksums = "".join(source["sha256"] for source in each)
    assert together["sha256"] == hashlib.sha256(checksums.encode()).hexdigest()
    assert together["source"] == "*.parquet"
    (part, *_) = iterate(folder / "run?" / "*.parquet")
    assert [source["source"] for source in part.provenance["sources"]] == names
    single = read(folder / "run1")
    assert single.provenance == read(folder / "run1" / "events_2.parquet").provenance
    assert "sources" not in single.provenance


def test_unphysical_rows_are_counted_by_file(momenta, tmp_path):
    momenta["pz"][200:202] = -60.0
    for number in range(2):
        half = {name: array[200 * number :][:200] for name, array in momenta.items()}
        foreign_tree(tmp_path / f"{number}.root", half)
    sources = read(tmp_path, beams="hera").provenance["sources"]
    assert [source["events"] for source in sources] == [200, 198]


def test_several_files_in_a_list_of_files(folder, table):
    joined = read_many([(folder / "run0", ReadOptions()), (folder / "run1", ReadOptions())])
    assert same_momenta(joined, table)
    assert [s["source"] for s in joined.provenance["sources"]] == [
        f"events_{number}.parquet" for number in range(3)
    ]
    assert all("collision" in source for source in joined.provenance["sources"])


@pytest.mark.parametrize("limit", [100, 150, 200, 399])
def test_the_limit_is_that_of_all_files(folder, table, limit):
    limited = read(folder / "run*" / "*", limit=limit)
    assert same_momenta(limited, table[:limit])
    assert sum(len(part) for part in iterate(folder / "run*" / "*", limit=limit)) == limit


def test_files_beyond_the_limit_are_not_looked_at(folder, table):
    (folder / "run1" / "events_2.parquet").write_bytes(b"PAR1 and no more")
    assert same_momenta(read(folder / "run*" / "*", limit=300), table[:300])
    assert "truncated" in refusal(folder / "run*" / "*", limit=301)


def test_hidden_and_unfinished_files_are_left_out(folder):
    for name in (".hidden.parquet", "events_9.parquet.part", "_SUCCESS", "a.tmp", "b.parquet~"):
        (folder / "run0" / name).write_text("not finished")
    (folder / "run0" / "more").mkdir()
    assert [path.name for path in files_at(folder / "run0")] == [
        "events_0.parquet",
        "events_1.parquet",
    ]
    assert files_at(folder / "run0" / "*") == files_at(folder / "run0")


def test_a_file_may_be_called_like_a_pattern(table, tmp_path):
    write(table[:5], tmp_path / "a[1].csv")
    write(table, tmp_path / "a1.csv")
    assert len(read(tmp_path / "a[1].csv")) == 5


def test_symbolic_links_are_followed(folder, table):
    (folder / "link").symlink_to(folder / "run0", target_is_directory=True)
    (folder / "one").symlink_to(folder / "run1" / "events_2.parquet")
    assert same_momenta(read(folder / "link"), table[:300])
    assert same_momenta(read(folder / "one"), table[300:])


def test_what_no_file_matches(tmp_path):
    assert refusal(tmp_path / "*.root") == f"{tmp_path / '*.root'}: no file matches"
    assert "is a folder without files" in refusal(tmp_path)
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    assert "no such file" in refusal(tmp_path / "gone")


def test_files_without_events_are_passed_over(momenta, tmp_path):
    none = {name: array[:0] for name, array in momenta.items()}
    for number, columns in enumerate((none, momenta, none)):
        foreign_tree(tmp_path / f"{number}.root", columns)
    assert len(read(tmp_path, beams="hera")) == 400
    assert describe(tmp_path).entries == 400
    (tmp_path / "1.root").unlink()
    assert "not one event in 2 files" in refusal(tmp_path, beams="hera")


def weighted(table: EventTable) -> EventTable:
    return table.with_weights(np.ones(len(table)))


def conditional(table: EventTable) -> EventTable:
    return EventTable(*table.momenta, HERA, conditions={"hel": np.ones(len(table))})


@pytest.mark.parametrize(
    ("make", "word"),
    [
        (weighted, "has column 'weight' where"),
        (conditional, "has column 'hel' where"),
        (lambda table: dis_events(Collision.parse("18x275")), "says beams e- p 18x275"),
        (lambda table: table.with_frame("electron"), "says beams e- p 27.5x920 GeV, electron"),
    ],
)
def test_the_first_file_that_differs_is_named(folder, table, make, word):
    odd = folder / "run0" / "events_5.parquet"
    write(make(table), odd)
    message = refusal(folder / "run0")
    assert message.startswith(f"{odd}: {word}")
    assert str(folder / "run0" / "events_0.parquet") in message


def test_formats_trees_and_columns_must_be_the_same(momenta, table, tmp_path):
    first = foreign_tree(tmp_path / "a.root", momenta)
    for name, make, message in (
        ("b.csv", lambda path: foreign(path, momenta), "is a csv file where"),
        ("c.root", lambda path: foreign_tree(path, momenta, "dis"), "has the tree 'dis' where"),
        ("d.root", lambda path: foreign_tree(path, {"px": momenta["px"]}), "lacks column 'py'"),
        ("e.txt", lambda path: path.write_text("notes"), "of no known format"),
    ):
        make(tmp_path / name)
        found = refusal(tmp_path, beams="hera")
        assert found.startswith(f"{tmp_path / name}: ")
        assert message in found
        assert name == "e.txt" or str(first) in found
        (tmp_path / name).unlink()
    write(table, tmp_path / "f.root", format="ttree")
    assert "has column 'E' where" in refusal(tmp_path, beams="hera")


def test_weights_of_others_are_named_once(momenta, tmp_path, caplog):
    for number in range(3):
        foreign_tree(tmp_path / f"{number}.root", {**momenta, "w": np.ones(400)})
    read(tmp_path, beams="hera")
    assert len(caplog.records) == 1
