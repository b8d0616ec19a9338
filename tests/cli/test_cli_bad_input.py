"""Bad input: one clear line with file, column and count, exit status 1, nothing half-written."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import uproot

from fatgan.events import EventTable


def write_tree(path: Path, table: EventTable, *, scale: float = 1.0, **columns: np.ndarray) -> Path:
    """Write a foreign file: a bare tree without provenance."""
    arrays = {name: table[name] * scale for name in ("px", "py", "pz", "E")} | columns
    arrays = {name: array for name, array in arrays.items() if array is not None}
    with uproot.recreate(path) as file:
        tree = file.mktree("events", {name: array.dtype for name, array in arrays.items()})
        if len(table):
            tree.extend(arrays)
    return path


@pytest.fixture
def refused(fatgan, tiny_config, tmp_path):
    """Train on a file that cannot be used, and return the complaint."""

    def refuse(path: Path, *words: object) -> str:
        out = tmp_path / "refused"
        result = fatgan("train", tiny_config, "--data", path, "--out", out, *words)
        assert not out.exists(), "something was written"
        return result.complaint

    return refuse


def test_missing_file(refused, tmp_path):
    assert "none.root" in refused(tmp_path / "none.root")


def test_missing_configuration(fatgan, tmp_path):
    assert "none.yaml" in fatgan("run", tmp_path / "none.yaml").complaint


def test_missing_column_names_near_matches(refused, sample, tmp_path):
    table = sample[:2000]
    path = write_tree(tmp_path / "e.root", table, px=None, e_px=table["px"])
    complaint = refused(path)
    assert "e.root" in complaint
    assert "'px'" in complaint
    assert "e_px" in complaint


@pytest.mark.usefixtures("uncompiled")
def test_column_map_helps(fatgan, tiny_config, sample, tmp_path):
    table = sample[:2000]
    path = write_tree(tmp_path / "e.root", table, px=None, e_px=table["px"])
    words = ("--data", path, "--columns", "px=e_px", "--set", "training.max_steps=1")
    result = fatgan("train", tiny_config, *words)
    assert result.status == 0, result.err


def test_unknown_tree(refused, sample, tmp_path):
    complaint = refused(write_tree(tmp_path / "e.root", sample[:2000]), "--tree", "event")
    assert "'event'" in complaint
    assert "'events'" in complaint


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_rows_that_are_not_finite(refused, sample, tmp_path, bad):
    py = sample[:2000]["py"].copy()
    py[[3, 7]] = bad
    complaint = refused(write_tree(tmp_path / "e.root", sample[:2000], py=py))
    assert "'py'" in complaint
    assert "2 of 2,000" in complaint


def test_empty_tree(refused, sample, tmp_path):
    assert "e.root" in refused(write_tree(tmp_path / "e.root", sample[:0]))


def test_truncated_file(refused, sample, tmp_path):
    path = write_tree(tmp_path / "e.root", sample[:20_000])
    path.write_bytes(path.read_bytes()[:100_000])
    assert "truncated" in refused(path)


def test_not_a_file_of_events(refused, tmp_path):
    path = tmp_path / "e.root"
    path.write_bytes(b"\x00\x01\x02 nonsense")
    assert "e.root" in refused(path)


def test_the_other_frame_is_named(refused, sample, tmp_path):
    path = write_tree(tmp_path / "e.root", sample[:2000])
    complaint = refused(path, "--frame", "electron")
    assert "--frame proton" in complaint
    assert "pz" in complaint


@pytest.mark.usefixtures("uncompiled")
def test_mev_instead_of_gev(refused, fatgan, tiny_config, sample, tmp_path):
    path = write_tree(tmp_path / "e.root", sample[:2000], scale=1000.0)
    assert "--units MeV" in refused(path)
    words = ("--data", path, "--units", "MeV", "--set", "training.max_steps=1")
    assert fatgan("train", tiny_config, *words).status == 0


def test_fewer_rows_than_a_batch(refused, sample, tmp_path):
    complaint = refused(write_tree(tmp_path / "e.root", sample[:200]))
    assert "batch" in complaint
    assert "100" in complaint  # half of the 200 is held out


@pytest.mark.parametrize(
    ("setting", "unknown", "near"),
    [
        ("trainning.batch=128", "trainning", "training"),
        ("training.bach=128", "bach", "batch"),
        ("penalty.wieght=1", "wieght", "weight"),
        ("representation.nam=direct", "nam", "name"),
        ("data.beam=27.5x920", "beam", "beams"),
    ],
)
def test_unknown_keys_name_near_matches(fatgan, tiny_config, setting, unknown, near):
    complaint = fatgan("train", tiny_config, "--set", setting).complaint
    assert f"{unknown}'" in complaint
    assert f"'{near}'" in complaint


@pytest.mark.parametrize(
    "setting",
    ["training.batch=0", "training.batch=many", "objective.name=best", "representation.name=polar"],
)
def test_values_out_of_range(fatgan, tiny_config, setting):
    key = setting.split("=")[0].split(".")[0]
    assert key in fatgan("train", tiny_config, "--set", setting).complaint


@pytest.mark.parametrize("beams", ["27.5", "27.5y920", "-1x20", "nanx920", "heraa"])
def test_beams_that_are_not_beams(refused, sample_path, beams):
    assert refused(sample_path, "--beams", beams)


def test_beams_against_the_file(refused, sample_path):
    complaint = refused(sample_path, "--beams", "18x275")
    assert "18x275" in complaint
    assert "27.5x920" in complaint


def test_model_of_a_newer_schema(fatgan, tiny_run, tmp_path):
    model = tmp_path / "model"
    shutil.copytree(tiny_run.model, model)
    manifest = json.loads((model / "manifest.json").read_text())
    (model / "manifest.json").write_text(json.dumps({**manifest, "schema": 99}))
    result = fatgan("generate", model, "-n", 10, "-o", tmp_path / "x.root")
    assert "99" in result.complaint
    assert "newer" in result.complaint
    assert not (tmp_path / "x.root").exists()


def test_not_a_model(fatgan, tmp_path):
    result = fatgan("generate", tmp_path, "-n", 10, "-o", tmp_path / "x.root")
    assert "model" in result.complaint
    assert list(tmp_path.iterdir()) == []


def test_unknown_format_of_output(fatgan, tiny_run, tmp_path):
    result = fatgan("generate", tiny_run.model, "-n", 10, "-o", tmp_path / "x.docx")
    assert ".docx" in result.complaint
    assert list(tmp_path.iterdir()) == []
