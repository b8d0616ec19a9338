"""Several files are read into one table."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from samples import HERA, dis_events, foreign_tree, same_momenta

from fatgan.errors import DataError
from fatgan.events import Collision, EventTable
from fatgan.io import ReadOptions, read, read_many, write

EIC = Collision.parse("18x275")


def with_hel(table: EventTable) -> EventTable:
    return EventTable(*table.momenta, table.collision, conditions={"hel": np.ones(len(table))})


def test_many_files_become_one_table(table, momenta, tmp_path):
    eic = dis_events(EIC.with_frame("electron"), 50)
    write(eic, tmp_path / "a.root")
    foreign_tree(tmp_path / "b.root", momenta)
    files = [
        (tmp_path / "a.root", ReadOptions(limit=30)),
        (str(tmp_path / "b.root"), ReadOptions(beams="hera", cut="Q2 > 10")),
    ]
    joined = read_many(files)
    (first, a), (second, b) = joined.by_setting()
    assert (first, second) == (EIC.with_frame("electron"), HERA.with_frame("electron"))
    assert same_momenta(a, eic[:30])
    assert same_momenta(b.with_frame("proton"), table[table["Q2"] > 10])
    tables = [read(*file) for file in files]
    sources = [{**t.provenance, "collision": t.collision.to_dict()} for t in tables]
    checksums = "".join(source["sha256"] for source in sources).encode()
    expected = {"sources": sources, "sha256": hashlib.sha256(checksums).hexdigest()}
    assert joined.provenance == expected
    write(joined, tmp_path / "c.parquet")
    assert read(tmp_path / "c.parquet").provenance["origin"] == expected


def test_many_files_of_one_collision_keep_it(table, tmp_path):
    for name, rows in (("a", slice(0, 250)), ("b", slice(250, None))):
        write(table[rows], tmp_path / f"{name}.root")
    joined = read_many([(tmp_path / f"{name}.root", ReadOptions()) for name in "ab"])
    assert joined.collision == HERA
    assert same_momenta(joined, table)


def test_files_that_do_not_fit_together_are_named(table, tmp_path):
    write(table, tmp_path / "a.root")
    write(table.with_weights(np.ones(400)), tmp_path / "b.root")
    write(with_hel(table), tmp_path / "c.root")
    for name, message in (("b", "has weights where"), ("c", "has conditions hel where .* none")):
        with pytest.raises(DataError, match=message) as caught:
            read_many([(tmp_path / f"{n}.root", ReadOptions()) for n in ("a", name)])
        assert str(caught.value).startswith(str(tmp_path / f"{name}.root"))
