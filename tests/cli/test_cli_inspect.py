"""``fatgan inspect`` and ``fatgan convert`` on files of events, folders and patterns."""

from __future__ import annotations

import gzip

import numpy as np
import pandas
import pytest

import fatgan as package
from fatgan.events import EventTable


@pytest.fixture
def events(sample) -> EventTable:
    return sample[:300].with_weights(np.linspace(-0.1, 1, 300))


def test_inspect_shows_columns_with_units_and_ranges(fatgan, events, tmp_path):
    package.write(events.with_provenance(generator="Pythia"), tmp_path / "e.parquet", derived=True)
    out = fatgan("inspect", tmp_path / "e.parquet").out
    facts, columns, provenance = out.split("\n\n")
    lines = {line.split()[0]: line.split() for line in f"{facts}\n{columns}".splitlines()}
    assert lines["format:"] == ["format:", "parquet"]
    assert lines["events:"] == ["events:", "300"]
    assert "e- p 27.5x920 GeV, proton along +z" in out
    assert "9.33 % negative" in out
    low, high = (f"{value:.6g}" for value in (events["Q2"].min(), events["Q2"].max()))
    assert lines["Q2"] == ["Q2", "float64", "GeV^2", low, high]
    assert "generator: Pythia" in provenance


def test_inspect_a_file_of_others(fatgan, events, tmp_path):
    columns = {f"e_{name}": events[name] for name in ("px", "py", "pz")}
    path = tmp_path / "f.csv.gz"
    path.write_bytes(gzip.compress(pandas.DataFrame(columns).to_csv(index=False).encode()))
    assert "not stated in the file: give --beams and --frame" in fatgan("inspect", path).out
    names = ",".join(f"{name}=e_{name}" for name in ("px", "py", "pz"))
    out = fatgan("inspect", path, "--beams", "hera", "--columns", names).out
    assert "each row: e_px, e_py, e_pz" in out
    assert "none, every event counts once" in out
    assert "computed" in out
    wrong = fatgan("inspect", path, "--beams", "hera", "--columns", names, "--frame", "electron")
    assert "problem: " in wrong.out
    assert "say --frame proton" in wrong.out
    assert "format 'cvs' is unknown; did you mean 'csv'" in (
        fatgan("inspect", path, "--format", "cvs").complaint
    )


def test_folders_and_patterns(fatgan, events, tmp_path):
    for number in range(2):
        rows = events[150 * number :][:150]
        package.write(rows, tmp_path / f"run{number}" / "e.root")
    assert "300 in 2 files" in fatgan("inspect", tmp_path / "run*" / "*.root").out
    assert "events: 150" in fatgan("inspect", tmp_path / "run0").out
    result = fatgan("convert", tmp_path / "run*" / "*.root", tmp_path / "all.h5")
    assert result.status == 0, result.err
    np.testing.assert_array_equal(package.read(tmp_path / "all.h5")["px"], events["px"])
    assert "no file matches" in fatgan("inspect", tmp_path / "ran*" / "*").complaint


def test_a_folder_of_neither_events_nor_a_model(fatgan, tmp_path):
    complaint = fatgan("inspect", tmp_path).complaint
    assert "folder without files of events; nor is it a model bundle" in complaint
