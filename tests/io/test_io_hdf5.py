"""HDF5 of others: a dataset for each column, in the root or a group, or a dataset of records."""

from __future__ import annotations

import h5py
import numpy as np
import pytest
from samples import HERA, same_momenta

from fatgan.errors import DataError, SchemaError
from fatgan.io import describe, iterate, read, write


@pytest.fixture
def path(tmp_path):
    return tmp_path / "f.h5"


def refusal(path, kind=SchemaError, **keywords) -> str:
    with pytest.raises(kind) as caught:
        read(path, beams="hera", **keywords)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_columns_in_the_root(momenta, table, path):
    with h5py.File(path, "w") as file:
        for name, array in momenta.items():
            file[name] = array
    assert same_momenta(read(path, beams="hera"), table)
    assert (describe(path).format, describe(path).tree) == ("hdf5", "/")
    assert [len(part) for part in iterate(path, beams="hera", chunk=300)] == [300, 100]


def test_columns_in_one_of_several_groups(momenta, table, path):
    with h5py.File(path, "w") as file:
        for name, array in momenta.items():
            file[f"reco/{name}"] = array[:50]
            file[f"true/electron/{name}"] = array
    assert "several groups (reco, true/electron); choose one with --tree" in refusal(path)
    assert same_momenta(read(path, beams="hera", tree="/true/electron"), table)
    assert "no group or compound dataset 'rico'; did you mean 'reco'" in refusal(path, tree="rico")


def test_a_dataset_of_records(momenta, table, path):
    kinds = [("px", ">f8"), ("py", "f8"), ("pz", "f8"), ("four", "f4", (4,)), ("word", "S3")]
    records = np.zeros(400, kinds)
    for name, array in momenta.items():
        records[name] = array
    with h5py.File(path, "w") as file:
        file["events"] = records
    assert same_momenta(read(path, beams="hera"), table)
    assert read(path, beams="hera").provenance["tree"] == "events"
    for column in ("four", "word"):
        assert "not one number per event" in refusal(path, columns={"px": column})


def test_datasets_that_are_no_columns_are_named_when_asked_for(momenta, table, path):
    with h5py.File(path, "w") as file:
        for name, array in momenta.items():
            file[name] = array
        file["edges"] = np.arange(5.0)
        file["matrix"] = np.zeros((400, 4))
        file["run"] = 7
        file["gone"] = h5py.SoftLink("/nowhere")
        file["away"] = h5py.ExternalLink("elsewhere.h5", "/px")
        file["names"] = ["a"] * 400
    assert same_momenta(read(path, beams="hera"), table)
    held = refusal(path, columns={"px": "edges"})
    assert "'edges' holds 5 values where others hold 400, not one number per event" in held
    assert "'matrix' holds an array (400, 4)" in refusal(path, columns={"px": "matrix"})
    assert "no column 'gone'" in refusal(path, columns={"px": "gone"})
    assert "not one number per event" in refusal(path, columns={"px": "names"})


def test_a_shorter_column_is_named(momenta, path):
    momenta["py"] = momenta["py"][:-1]
    with h5py.File(path, "w") as file:
        for name, array in momenta.items():
            file[name] = array
    assert "column 'py' holds 399 values where others hold 400" in refusal(path)


def test_the_layout_of_pandas_is_refused(path):
    with h5py.File(path, "w") as file:  # what HDFStore writes
        file.create_group("df").attrs["pandas_type"] = "frame_table"
        file["df/table"] = np.zeros(5, [("index", "i8"), ("values_block_0", "f8", (3,))])
    assert "laid out by pandas' HDFStore" in refusal(path, DataError)


def test_files_without_columns(path):
    with h5py.File(path, "w") as file:
        file["image"] = np.zeros((3, 3))
    assert "no one-dimensional dataset" in refusal(path)


def test_damaged_pieces_are_named(table, path):
    write(table, path)
    with h5py.File(path, "r") as file:
        piece = file["px"].id.get_chunk_info(0)
    content = bytearray(path.read_bytes())
    content[piece.byte_offset : piece.byte_offset + 100] = bytes(100)
    path.write_bytes(content)
    with pytest.raises(DataError, match="truncated or damaged hdf5 file"):
        read(path)


def test_columns_come_in_the_order_in_which_they_were_written(table, path):
    write(table.with_weights(np.ones(400)), path)
    assert list(describe(path).columns) == ["px", "py", "pz", "E", "weight"]
    assert describe(path).collision == HERA
    with h5py.File(path) as file:
        np.testing.assert_array_equal(file["px"][:], table["px"])
