"""What every format of the registry must do; a new format is tested by being in it."""

from __future__ import annotations

import math
import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from samples import EXAMPLES, HERA, dis_events, same_momenta

from fatgan.errors import DataError, SchemaError
from fatgan.events import DERIVED, MOMENTUM, Collision, EventTable
from fatgan.io import FORMATS, describe, iterate, open_writer, read, write

NUMBERS = npst.arrays(
    np.float64, st.tuples(st.just(3), st.integers(1, 20)), elements=st.floats(allow_nan=False)
)


@pytest.mark.parametrize("name", [known.name for known in FORMATS if known.tabular])
@given(momenta=NUMBERS)
@example(momenta=np.full((3, 3), -0.0))
@settings(max_examples=EXAMPLES, deadline=None)
def test_round_trip_to_the_bit(name, momenta):
    finite = np.where(np.isfinite(momenta), momenta, 0.0)
    table = EventTable(*finite, HERA)
    with tempfile.TemporaryDirectory() as folder, np.errstate(over="ignore"):
        path = Path(folder) / "events.any"
        write(table, path, format=name)
        (back,) = iterate(path)
    assert np.stack(back.momenta).tobytes() == np.stack(table.momenta).tobytes()


def test_names_are_unique_and_suffixes_too():
    names = [known.name for known in FORMATS]
    suffixes = [suffix for known in FORMATS for suffix in known.suffixes]
    assert len(set(names)) == len(names)
    assert len(set(suffixes)) == len(suffixes)


def test_content_tells_the_format_whatever_the_name(known, table, tmp_path):
    path = tmp_path / "events.root.parquet.csv"
    write(table, path, format=known.name)
    assert same_momenta(read(path), table)
    assert describe(path).format == known.name


def test_suffix_picks_the_format(known, table, tmp_path):
    for suffix in known.suffixes:
        write(table, tmp_path / f"events{suffix}")
        assert describe(tmp_path / f"events{suffix}").format == known.name


def test_collision_and_provenance_survive(known, tmp_path):
    collision = Collision(10.5, 99.25, "electron", lepton_pdg=-11)
    table = dis_events(collision).with_provenance(seed=np.int64(7), edges=[1.5, math.pi])
    path = tmp_path / "e"
    write(table, path, format=known.name, provenance={"note": 'ü, "quoted"\nline'})
    back = read(path)
    assert back.collision == collision
    origin = {"seed": 7, "edges": [1.5, math.pi], "note": 'ü, "quoted"\nline'}
    assert back.provenance["origin"] == origin
    assert back.provenance["source"] == "e"
    assert back.provenance["entries"] == len(table)
    assert len(back.provenance["sha256"]) == 64
    description = describe(path)
    assert description.collision == collision
    assert description.provenance == origin
    assert description.entries == len(table)


def test_weights_survive(known, table, tmp_path):
    weights = np.linspace(-1, 2, len(table))
    weighted = EventTable(*table.momenta, HERA, weights=weights)
    write(weighted, tmp_path / "e", format=known.name)
    np.testing.assert_array_equal(read(tmp_path / "e").weights, weights)
    (chunk,) = iterate(tmp_path / "e")
    np.testing.assert_array_equal(chunk.weights, weights)


def test_derived_columns_are_written(known, table, tmp_path):
    write(table, tmp_path / "e", format=known.name, derived=True)
    assert list(describe(tmp_path / "e").columns) == [*MOMENTUM, *DERIVED]
    assert same_momenta(read(tmp_path / "e", cut="Q2 > 0"), table)


def test_float32_is_the_rounded_column(known, table, tmp_path):
    write(table, tmp_path / "e", format=known.name, dtype="float32")
    back = read(tmp_path / "e", max_unphysical=1.0)
    for name in ("px", "py", "pz"):
        np.testing.assert_array_equal(back[name], table[name].astype("float32"))


def test_streaming_equals_one_shot(known, table, tmp_path):
    write(table, tmp_path / "whole", format=known.name)
    with open_writer(tmp_path / "pieces", HERA, format=known.name) as writer:
        for start in range(0, len(table), 150):
            writer.write(table[start : start + 150])
    assert same_momenta(read(tmp_path / "pieces"), table)
    for path in (tmp_path / "whole", tmp_path / "pieces"):
        chunks = list(iterate(path, chunk=130))
        assert [len(chunk) for chunk in chunks] == [130, 130, 130, 10]
        assert same_momenta(EventTable.concatenate(chunks), table)


def test_limit_is_counted_before_the_cut(known, table, tmp_path):
    write(table, tmp_path / "e", format=known.name)
    assert same_momenta(read(tmp_path / "e", limit=30), table[:30])
    assert [len(chunk) for chunk in iterate(tmp_path / "e", chunk=20, limit=30)] == [20, 10]
    cut = read(tmp_path / "e", limit=100, cut="Q2 > 10")
    assert same_momenta(cut, table[:100][table["Q2"][:100] > 10])
    assert cut.provenance["entries"] == 100


def test_the_writer_turns_tables_into_its_frame(known, table, tmp_path):
    with open_writer(tmp_path / "e", HERA, format=known.name) as writer:
        writer.write(table.with_frame("electron"))
    assert same_momenta(read(tmp_path / "e"), table)


@pytest.mark.parametrize("interrupt", [ValueError, KeyboardInterrupt])
@pytest.mark.parametrize("before", [None, b"earlier"])
def test_an_interrupted_write_leaves_nothing(known, table, tmp_path, interrupt, before):
    path = tmp_path / "e"
    if before is not None:
        path.write_bytes(before)

    def interrupted():
        with open_writer(path, HERA, format=known.name) as writer:
            writer.write(table)
            raise interrupt

    with pytest.raises(interrupt):
        interrupted()
    if before is None:
        assert list(tmp_path.iterdir()) == []
    else:
        assert path.read_bytes() == before
        assert list(tmp_path.iterdir()) == [path]


def test_folders_are_made_and_files_replaced(known, table, tmp_path):
    path = tmp_path / "a" / "b" / "e"
    write(table[:5], path, format=known.name)
    write(table, path, format=known.name)
    assert len(read(path)) == len(table)
    assert [item.name for item in path.parent.iterdir()] == ["e"]


def test_a_file_without_events(known, tmp_path):
    with open_writer(tmp_path / "e", HERA, format=known.name):
        pass
    assert describe(tmp_path / "e").entries == 0
    with pytest.raises(DataError, match="there is not one event"):
        read(tmp_path / "e")


@pytest.mark.parametrize("share", [0.02, 0.5, 0.9, 0.999])
def test_truncated_files_are_named(known, table, tmp_path, share):
    if known.name == "csv":
        pytest.skip("a text file carries no length")
    path = tmp_path / "e"
    write(table, path, format=known.name)
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(DataError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}: truncated")
    assert "\n" not in str(caught.value)


def test_missing_columns_get_near_matches(known, table, tmp_path):
    path = tmp_path / "e"
    write(table, path, format=known.name)
    with pytest.raises(SchemaError, match="no column 'pxx'; did you mean 'px'"):
        read(path, columns={"px": "pxx"})
    with pytest.raises(SchemaError, match="no column or observable 'thet'; did you mean 'theta'"):
        read(path, cut="thet > 1")


def test_contradictions_name_both(known, table, tmp_path):
    path = tmp_path / "e"
    write(table, path, format=known.name)
    assert same_momenta(read(path, beams="hera", frame="proton"), table)
    with pytest.raises(DataError, match=r"file says beams 27\.5x920, --beams says 18x275"):
        read(path, beams="18x275")
    with pytest.raises(DataError, match=r"file says proton along \+z, --frame says electron"):
        read(path, frame="electron")
    with pytest.raises(DataError, match="file says GeV, --units says MeV"):
        read(path, units="MeV")
    with pytest.raises(DataError, match="file says lepton 11, --lepton says -11"):
        read(path, lepton=-11)
    assert read(path, beams=HERA).collision == HERA
    with pytest.raises(DataError, match=r"--frame says electron"):
        read(path, beams=HERA.with_frame("electron"))
    with pytest.raises(DataError, match="--lepton says -11"):
        read(path, beams=Collision.parse("hera", lepton_pdg=-11))


def test_tables_that_do_not_fit_the_file(known, table, tmp_path):
    others = {
        "do not belong": dis_events(Collision.parse("18x275")),
        "has weights": EventTable(*table.momenta, HERA, weights=np.ones(len(table))),
    }
    for message, other in others.items():
        with (
            pytest.raises(DataError, match=message),
            open_writer(tmp_path / "e", HERA, format=known.name) as writer,
        ):
            writer.write(other)
    assert list(tmp_path.iterdir()) == []
