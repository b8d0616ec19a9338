"""``fatgan measure hera``: files and models against measured cross-sections."""

from __future__ import annotations

import json

import numpy as np
import pytest
from truths import dis_truth

import fatgan as package
from analysis.measurements import hera
from analysis.measurements.hera import Measurement
from fatgan.events import Collision

BEAMS = Collision.parse("27.5x920")
FACTS = {"cross_section_pb": 1e5, "cross_section_error_pb": 1e2, "events": 6000}


@pytest.fixture(autouse=True)
def measured(monkeypatch) -> None:
    """Twelve points in place of the package's, which take a second to read."""
    rows = [(x, Q2) for Q2 in (6.0, 8.0, 11.0) for x in (1e-3, 1.5e-3, 2.2e-3, 3.3e-3)]
    x, Q2 = np.array(rows).T
    flat = np.ones(len(x))
    y = Q2 / (x * BEAMS.beams.two_kP)
    points = Measurement("a set", BEAMS, x, Q2, y, flat, 0.02 * flat, 0.01 * flat[:, None])
    monkeypatch.setattr(hera, "load", lambda known: points)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Two samples, one with its cross-section, and one of other beams."""
    folder = tmp_path_factory.mktemp("files")
    other = Collision.parse("27.5x820", lepton_pdg=-11)
    cut = {**FACTS, "cut": "y < 0.3"}
    for name, beams, facts in (
        ("known", BEAMS, FACTS),
        ("cut", BEAMS, cut),
        ("silent", BEAMS, {}),
        ("other", other, FACTS),
        ("eic", Collision.parse("18x275"), FACTS),
    ):
        table = dis_truth(beams, 6000, seed=len(name), Q2_min=4.0)
        package.write(table, folder / f"{name}.parquet", provenance=facts)
    return {path.stem: path for path in folder.iterdir()}


def test_a_file_that_tells_its_cross_section(fatgan, files, tmp_path):
    result = fatgan("measure", "hera", files["known"], "-o", tmp_path / "new", "--pdf")
    assert result.status == 0, result.err
    names = {path.name for path in (tmp_path / "new").iterdir()}
    assert names == {"hera.json", "hera.md", "hera.csv", "hera.png", "hera.pdf"}
    assert result.out.splitlines()[0] == "a set: 12 of 12 points"
    assert result.out.splitlines()[1].startswith("known.parquet: chi2/ndf ")


def test_a_cross_section_that_is_given_scales_the_prediction(fatgan, files, tmp_path):
    found = []
    for factor in (1, 2):
        words = ("--sigma", 1e5, "--sigma", factor * 1e5, "--label", "a", "--label", "b")
        result = fatgan("measure", "hera", files["known"], files["silent"], "-o", tmp_path, *words)
        assert result.status == 0, result.err
        found.append(json.loads((tmp_path / "hera.json").read_text())["samples"])
    assert [sample["label"] for sample in found[0]] == ["a", "b"]
    assert found[0][1]["shape"]["factor"] == pytest.approx(
        2 * found[1][1]["shape"]["factor"], rel=1e-3
    )
    assert found[0][0] == found[1][0]
    # independent samples of one law; false alarm 1e-6
    assert found[0][1]["to_first"]["p_value"] > 1e-6
    assert found[1][1]["to_first"]["p_value"] < 1e-6


def test_what_is_refused_is_one_line(fatgan, files, tmp_path):
    def complaint(*words):
        return fatgan("measure", *words, "-o", tmp_path / "none").complaint

    assert "did you mean 'hera'" in complaint("herra", files["known"])
    assert "give it in pb with --sigma" in complaint("hera", files["silent"])
    assert "keep the cut 'y < 0.3'" in complaint("hera", files["cut"])
    for value in (0, "nan", -5):
        assert "number of pb above 0" in complaint("hera", files["known"], "--sigma", value)
    assert "no set for e- p 18x275" in complaint("hera", files["eic"])
    assert "compare samples of one setting" in complaint("hera", files["known"], files["other"])
    assert "--sigma is given 1 times for 2" in complaint(
        "hera", files["known"], files["known"], "--sigma", 5
    )
    assert "--alpha strange" in complaint("hera", files["known"], "--alpha", "strange")
    assert "at most 5" in complaint("hera", *[files["known"]] * 6)
    assert not (tmp_path / "none").exists()


def test_a_model_brings_its_cross_section(fatgan, tiny_run, tmp_path):
    model = tiny_run.folder / "model"
    result = fatgan("measure", "hera", model, "-n", 20_000, "-o", tmp_path)
    assert result.status == 0, result.err
    assert result.out.splitlines()[1].startswith("run: chi2/ndf ")
    # Pythia's sigma_r is about one at these points
    factor = json.loads((tmp_path / "hera.json").read_text())["samples"][0]["shape"]["factor"]
    assert 0.5 < factor < 2
