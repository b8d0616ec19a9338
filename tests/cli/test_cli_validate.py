"""``fatgan validate``: one sample or several, judged as they are, with a status for machines."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest

import fatgan as package
from fatgan.events import EventTable

pytestmark = pytest.mark.usefixtures("one_figure")
QUICK = ("--scores", "edges,bounds,phi harmonics")


@pytest.fixture(scope="module")
def files(sample, tmp_path_factory):
    """Parts of one truth, one of them with its azimuths halved, one with 3 unphysical events."""
    folder = tmp_path_factory.mktemp("files")
    parts = {name: sample[i * 2000 : (i + 1) * 2000] for i, name in enumerate("rgbd")}
    px, py, pz = parts["b"].momenta
    pT, phi = np.hypot(px, py), np.arctan2(py, px) / 2
    parts["b"] = EventTable(pT * np.cos(phi), pT * np.sin(phi), pz, sample.collision)
    px, py, pz = (column.copy() for column in parts["d"].momenta)
    pz[:3] = -2 * sample.collision.electron_energy  # more than the beam has: y < 0
    px[:3], py[:3] = 1.0, 1.0
    parts["d"] = EventTable(px, py, pz, sample.collision)
    paths = {}
    names = {"r": "reference", "g": "good", "b": "bad", "d": "dirty"}
    for key, table in parts.items():
        paths[names[key]] = folder / f"{names[key]}.parquet"
        package.write(table, paths[names[key]])
    return paths


def test_one_sample(fatgan, files, tmp_path):
    words = ("validate", files["reference"], files["good"], "-o", tmp_path, "--check", *QUICK)
    result = fatgan(*words)
    assert result.status == 0, result.err
    assert {p.name for p in tmp_path.iterdir()} == {
        "report.html",
        "report.md",
        "metrics.json",
        "verdict.json",
        "figures",
    }
    verdict = json.loads((tmp_path / "verdict.json").read_text())
    assert result.out.splitlines()[-1] == verdict["sentence"]
    assert verdict["scores"] == 3
    assert "good.parquet" in (tmp_path / "report.html").read_text()


def test_unphysical_events_of_a_sample_are_judged(fatgan, files, tmp_path, caplog):
    words = ("validate", files["reference"], files["dirty"], "-o", tmp_path, *QUICK)
    result = fatgan(*words)
    assert result.status == 0, result.err
    assert re.search(r"events out of bounds: .*3 outside", result.out)
    records = json.loads((tmp_path / "metrics.json").read_text())
    assert {record["n_sample"] for record in records} == {2000}
    # the reference's own are no events: they are dropped
    words = ("validate", files["dirty"], files["good"], "-o", tmp_path, *QUICK)
    assert fatgan(*words).status == 0
    assert "dropped 3 of 2,000 rows as unphysical" in caplog.text
    records = json.loads((tmp_path / "metrics.json").read_text())
    assert {record["n_reference"] for record in records} == {1997}


def test_check_tells_by_its_status(fatgan, files, tmp_path):
    words = ("validate", files["reference"], files["bad"], "-o", tmp_path, *QUICK)
    result = fatgan(*words, "--check")
    assert result.status == 2, result.err
    verdict = json.loads((tmp_path / "verdict.json").read_text())
    assert verdict["distinguishable"]
    assert result.out.splitlines()[-1] == verdict["sentence"]


def test_several_samples_are_ranked(fatgan, files, tmp_path):
    labels = ("bad one/2", "good")
    words = [word for label in labels for word in ("--label", label)]
    result = fatgan(
        "validate", files["reference"], files["bad"], files["good"], "-o", tmp_path, *words,
        "--check", "--pdf", *QUICK,
    )  # fmt: skip
    assert result.status == 2, result.err
    assert {p.name for p in tmp_path.iterdir()} == {
        "bad_one_2",
        "good",
        "ranking.json",
        "report.html",
        "report.md",
    }
    for folder in ("bad_one_2", "good"):
        assert (tmp_path / folder / "report.html").exists()
        assert len(list((tmp_path / folder / "figures").glob("*.pdf"))) == 1
    ranking = json.loads((tmp_path / "ranking.json").read_text())
    assert [sample["label"] for sample in ranking["samples"]] == ["good", "bad one/2"]
    said = result.out.splitlines()[-2:]
    assert said == [f"{s['label']}: {s['sentence']}" for s in ranking["samples"]]
    page = (tmp_path / "report.html").read_text()
    links = re.findall(r'<a href="([^"]*)"', page)
    assert links == ["good/report.html", "bad_one_2/report.html"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--label", "a"), "--label names 1 of 2 samples"),
        (("--label", "a/b", "--label", "A_b"), "share the label"),
        (("--label", "..", "--label", "b"), "no name of a folder"),
        (("--label", "report.html", "--label", "b"), "no name of a folder"),
        (("--scores", "KS,edgs"), "no score 'edgs'; did you mean 'edges'"),
        (("--scores", ","), "names no score"),
    ],
)
def test_mistakes_are_named_before_anything_is_done(fatgan, files, tmp_path, words, complaint):
    out = tmp_path / "out"
    result = fatgan("validate", files["reference"], files["good"], files["bad"], "-o", out, *words)
    assert complaint in result.complaint
    assert not out.exists()


def test_the_same_file_twice_needs_labels(fatgan, files, tmp_path):
    result = fatgan("validate", files["reference"], *[files["good"]] * 2, "-o", tmp_path / "out")
    assert "share the label 'good.parquet'" in result.complaint
