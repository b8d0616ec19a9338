"""Everything a user can get wrong with a file: one line that says what, where and what to do."""

from __future__ import annotations

import json
import logging
from decimal import Decimal

import numpy as np
import pandas
import pyarrow
import pyarrow.parquet
import pytest
from samples import HERA, foreign, foreign_tree

from fatgan.errors import ConfigError, DataError, FatganError, SchemaError
from fatgan.events import Collision, EventTable
from fatgan.io import FORMATS, describe, open_writer, read, write


def refusal(path, kind=DataError, **keywords) -> str:
    with pytest.raises(kind) as caught:
        read(path, **keywords)
    assert isinstance(caught.value, FatganError)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_missing_file(tmp_path):
    assert refusal(tmp_path / "f.root") == f"{tmp_path / 'f.root'}: no such file"


def test_folder(tmp_path):
    assert "is a folder" in refusal(tmp_path)


def test_empty_file(tmp_path):
    (tmp_path / "f.root").touch()
    assert "the file is empty (0 bytes)" in refusal(tmp_path / "f.root")


@pytest.mark.parametrize(
    "content", [b"\x89PNG\r\n\x1a\n" + bytes(100), b"hello\n", b"\xff\xfe\x00a b c", b"  \n"]
)
def test_unknown_format(tmp_path, content):
    (tmp_path / "f.root").write_bytes(content)
    message = refusal(tmp_path / "f.root")
    assert f"of no known format ({', '.join(known.name for known in FORMATS)})" in message


@pytest.mark.parametrize("content", [b"root", b"root" + bytes(60), b"PAR1", b"PAR1" + bytes(60)])
def test_files_that_only_begin_well(tmp_path, content):
    (tmp_path / "f").write_bytes(content)
    assert "truncated" in refusal(tmp_path / "f")


def test_beams_must_be_told(momenta, tmp_path):
    path = foreign_tree(tmp_path / "f.root", momenta)
    assert "--beams 27.5x920" in refusal(path)
    assert refusal(path, ConfigError, beams="27.5").startswith("beams '27.5' are not understood")


def test_missing_column_names_file_and_tree(momenta, tmp_path):
    path = foreign_tree(tmp_path / "f.root", {"px": momenta["px"], "py_": momenta["py"]})
    message = refusal(path, SchemaError, beams="hera")
    assert message == f"{path}, tree 'events': no column 'py'; did you mean 'py_'?"


def test_beams_may_be_a_collision(momenta, tmp_path):
    path = foreign_tree(tmp_path / "f.root", momenta)
    positrons = Collision.parse("hera", lepton_pdg=-11)
    assert read(path, beams=positrons, frame="proton").collision == positrons
    assert "contradicts the beams (e+ p" in refusal(
        path, ConfigError, beams=positrons, frame="electron"
    )
    assert "contradicts the beams" in refusal(path, ConfigError, beams=HERA, lepton=-11)


def test_positrons(momenta, tmp_path):
    path = foreign_tree(tmp_path / "f.root", momenta)
    assert read(path, beams="hera").collision.lepton_pdg == 11
    assert read(path, beams="hera", lepton=-11).collision.lepton_pdg == -11
    assert "11 (e-) or -11 (e+)" in refusal(path, ConfigError, beams="hera", lepton=13)


@pytest.mark.parametrize(
    ("option", "value"),
    [("beams", 27.5), ("beams", (27.5, 920)), ("limit", 1e3), ("cut", 4), ("columns", "px=a")],
)
def test_options_of_a_wrong_type(momenta, tmp_path, option, value):
    path = foreign_tree(tmp_path / "f.root", momenta)
    message = refusal(path, ConfigError, **{"beams": "hera", option: value})
    assert message.startswith(f"{option} = {value!r}: must be ")


def test_unknown_options_get_near_matches(tmp_path):
    message = refusal(tmp_path / "f.root", ConfigError, beamz="hera")
    assert message == "no reading option 'beamz'; did you mean 'beams'?"


@pytest.mark.parametrize("suffix", [".root", ".parquet", ".csv"])
@pytest.mark.parametrize("column", ["weight", "Weights", "WGHT", "w"])
def test_weights_that_are_not_used_are_named(momenta, tmp_path, caplog, suffix, column):
    path = foreign(tmp_path / f"f{suffix}", {**momenta, column: np.ones(400)})
    assert read(path, beams="hera").weights is None
    (record,) = caplog.records
    assert (record.name, record.levelname) == ("fatgan", "WARNING")
    assert record.message.startswith(str(path))
    assert f"column '{column}' is not used" in record.message
    assert f"say --columns weight={column}" in record.message
    caplog.clear()
    assert read(path, beams="hera", columns={"weight": column}).weights is not None
    assert caplog.records == []


def test_no_word_of_weights_where_there_are_none(table, momenta, tmp_path, caplog):
    path = foreign(tmp_path / "f.root", {**momenta, "W": np.ones(400)})  # the hadronic mass
    read(path, beams="hera")
    write(EventTable(*table.momenta, HERA, weights=np.ones(400)), tmp_path / "g.root")
    read(tmp_path / "g.root")
    assert caplog.records == []


def test_column_map(momenta, tmp_path):
    renamed = {f"el_{name}": array for name, array in momenta.items()}
    path = foreign_tree(tmp_path / "f.root", renamed)
    columns = {name: f"el_{name}" for name in momenta}
    table = read(path, beams="hera", columns=columns)
    np.testing.assert_array_equal(table["pz"], momenta["pz"])
    assert table.provenance["columns"] == columns
    assert "did you mean 'pz'" in refusal(path, ConfigError, columns={"pzz": "el_pz"})


def test_mev(momenta, tmp_path):
    in_mev = {name: 1000 * array for name, array in momenta.items()}
    path = foreign_tree(tmp_path / "f.root", in_mev)
    assert "--units MeV" in refusal(path, beams="hera")
    table = read(path, beams="hera", units="MeV")
    np.testing.assert_allclose(table["px"], momenta["px"], rtol=1e-15)
    assert table.provenance["units"] == "MeV"
    assert "GeV or MeV" in refusal(path, ConfigError, units="TeV")


def test_a_cut_on_a_column_of_the_file_is_in_its_units(momenta, tmp_path):
    in_mev = {name: 1000 * array for name, array in momenta.items()}
    path = foreign_tree(tmp_path / "f.root", in_mev)
    table = read(path, beams="hera", units="MeV", cut="pz < -20000 and pT > 3")
    expected = (momenta["pz"] < -20) & (np.hypot(momenta["px"], momenta["py"]) > 3)
    assert len(table) == expected.sum()


def test_the_other_frame(table, tmp_path):
    px, py, pz = table.electron_frame()
    path = foreign_tree(tmp_path / "f.root", {"px": px, "py": py, "pz": pz})
    assert "--frame electron" in refusal(path, beams="hera")
    assert read(path, beams="hera", frame="electron").collision == HERA.with_frame("electron")


def test_nan_rows_are_refused_and_can_be_cut(momenta, tmp_path):
    momenta["py"][:3] = np.nan
    path = foreign_tree(tmp_path / "f.root", momenta)
    message = refusal(path, beams="hera")
    assert "column 'py' is NaN or infinite in 3 of 400 rows" in message
    assert len(read(path, beams="hera", cut="py == py")) == 397


@pytest.mark.parametrize(("own", "word"), [("e_px", "e_px"), ("e.px", "px")])
def test_nan_rows_are_named_as_in_the_file(momenta, tmp_path, own, word):
    momenta["px"][:3] = np.nan
    path = foreign_tree(tmp_path / "f.root", {own: momenta.pop("px"), **momenta})
    message = refusal(path, beams="hera", columns={"px": own})
    assert f"column '{own}' (px) is NaN or infinite in 3 of 400 rows" in message
    cut = f"{word} == {word}"
    assert f"--cut '{cut}'" in message
    assert len(read(path, beams="hera", columns={"px": own}, cut=cut)) == 397


def test_dirt_is_dropped_with_a_warning(momenta, tmp_path, caplog):
    momenta["pz"][:2] = -60.0
    path = foreign_tree(tmp_path / "f.root", momenta)
    with caplog.at_level(logging.WARNING, "fatgan"):
        assert len(read(path, beams="hera")) == 398
    assert f"{path}: dropped 2 of 400 rows" in caplog.text
    assert "2 of 400 rows are unphysical" in refusal(path, beams="hera", max_unphysical=0.0)


def test_cuts_that_leave_nothing_or_make_no_sense(table, tmp_path):
    write(table, tmp_path / "f.root")
    message = refusal(tmp_path / "f.root", cut="Q2 > 1e9")
    assert "none of 400 events passes the cut 'Q2 > 1e9'" in message
    assert "may not call" in refusal(tmp_path / "f.root", ConfigError, cut="exec('x') > 1")


@pytest.mark.parametrize("limit", [0, -1])
def test_limits_are_positive(table, tmp_path, limit):
    write(table, tmp_path / "f.root")
    assert "must be at least 1" in refusal(tmp_path / "f.root", ConfigError, limit=limit)


def test_parquet_of_others(momenta, tmp_path):
    path = tmp_path / "f.parquet"
    n = len(momenta["px"])
    extra = {"word": ["a"] * n, "list": [[1.0]] * n, "money": [Decimal("1.5")] * n}
    extra["i"] = np.arange(n)
    pandas.DataFrame({**momenta, **extra}).to_parquet(path)
    np.testing.assert_array_equal(read(path, beams="hera", cut="i < 7")["px"], momenta["px"][:7])
    for column in ("word", "list", "money"):
        message = refusal(path, SchemaError, beams="hera", columns={"px": column})
        assert "not one number per event" in message


def test_nulls_are_not_finite(tmp_path):
    columns = {"px": [1.0, None], "py": [1.0, 2.0], "pz": [-20.0, -20.0]}
    pyarrow.parquet.write_table(pyarrow.table(columns), tmp_path / "f.parquet")
    message = refusal(tmp_path / "f.parquet", beams="hera")
    assert "column 'px' is NaN or infinite in 1 of 2 rows" in message


def test_newer_and_damaged_headers(table, tmp_path):
    path = tmp_path / "f.csv"
    write(table, path)
    first, rest = path.read_text().split("\n", 1)
    entries = json.loads(first.removeprefix("# fatgan: "))
    path.write_text("# fatgan: " + json.dumps({**entries, "schema": 99}) + "\n" + rest)
    assert "written by a newer fatgan" in refusal(path)
    path.write_text("# fatgan: {oops\n" + rest)
    assert "header is damaged" in refusal(path)


def test_unknown_targets(table, tmp_path):
    with pytest.raises(SchemaError, match=r"suffix '\.npz' stands for no format \(\.root, "):
        write(table, tmp_path / "f.npz")
    with pytest.raises(SchemaError, match="format 'rootple' is unknown; did you mean 'rntuple'"):
        write(table, tmp_path / "f.root", format="rootple")
    with pytest.raises(SchemaError, match="no observable 'pTT' to write; did you mean 'pT'"):
        open_writer(tmp_path / "f.root", HERA, columns=("px", "pTT")).__enter__()
    with pytest.raises(SchemaError, match="lack pz"):
        open_writer(tmp_path / "f.root", HERA, columns=("px", "py")).__enter__()
    assert list(tmp_path.iterdir()) == []


def test_targets_that_cannot_be_written(table, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(DataError, match="cannot be written"):
        write(table, tmp_path / "file" / "f.root")
    with pytest.raises(DataError, match="is a folder"):
        write(table, tmp_path, format="ttree")
    with pytest.raises(DataError, match="cannot be written"):
        write(table, "/proc/f.root")


@pytest.mark.parametrize("format", ["ttree", "rntuple", "parquet", "csv"])
def test_targets_are_checked_before_an_event_is_made(tmp_path, format):
    def enter(path, format=format):
        with pytest.raises(DataError) as caught:
            open_writer(path, HERA, format=format).__enter__()
        return str(caught.value)

    assert "cannot be written" in enter("/proc/f.root")
    assert "is a folder; name a file to write" in enter(tmp_path)
    assert "is a folder; name a file to write" in enter(tmp_path, format=None)
    (tmp_path / "file").touch()
    assert "cannot be written" in enter(tmp_path / "file" / "f.root")
    assert [item.name for item in tmp_path.iterdir()] == ["file"]


def test_describe_needs_no_beams_but_takes_them(momenta, tmp_path):
    path = foreign_tree(tmp_path / "f.root", momenta)
    assert describe(path).collision is None
    description = describe(path, beams="hera")
    assert description.collision == HERA
    assert (description.tree, description.entries) == ("events", 400)
    assert description.provenance == {}
