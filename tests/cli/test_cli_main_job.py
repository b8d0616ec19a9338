"""The main job, from a file of events to a validated sample, with a tiny network."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import uproot

import fatgan as package
from fatgan.events import DERIVED


@pytest.mark.usefixtures("uncompiled", "one_figure")
def test_run_leaves_everything(fatgan, tiny_config, tmp_path):
    out = tmp_path / "there"
    settings = ("generation.events=30000", "validation.events=500", "training.max_steps=3")
    # with the skip, the scaling alone makes the shape of the sample
    settings += ("training.steps_per_call=1", "networks.skip=true")
    words = [word for item in settings for word in ("--set", item)]
    result = fatgan("run", tiny_config, "--out", out, "--seed", 5, *words)
    assert result.status == 0, result.err
    assert "training" in result.err  # the progress bar is on standard error
    assert "training" not in result.out
    for name in ("model/manifest.json", "events.root", "events.parquet", "report.html"):
        assert (out / name).stat().st_size > 0, name
    assert {path.stem for path in (out / "figures").glob("*.png")} == {"spectrum_px", "training"}

    records = json.loads((out / "metrics.json").read_text())
    needed = {"name", "observable", "value", "error", "floor", "floor_error"}
    needed |= {"n_reference", "n_sample", "seed"}
    assert all(needed <= set(record) for record in records)
    # one score looks at fewer events than the comparison has
    assert max(record["n_sample"] for record in records) == 500
    verdict = json.loads((out / "verdict.json").read_text())
    assert verdict["n_sample"] == 500
    assert verdict["sentence"] in result.out
    assert {record["seed"] for record in records} == {5}
    aucs = [r["value"] for r in records if r["name"].startswith("C2ST")]
    assert aucs
    assert all(0.4 < value <= 1 for value in aucs)

    written = package.read(out / "events.root")
    assert len(written) == 30_000
    assert written.collision.label == "27.5x920"
    other = package.read(out / "events.parquet")
    for ours, theirs in zip(written.momenta, other.momenta, strict=True):
        np.testing.assert_array_equal(ours, theirs)
    # what was judged is what was written
    again = package.load(out / "model").generate(30_000, seed=5)
    np.testing.assert_array_equal(again["px"], written["px"])


@pytest.mark.usefixtures("uncompiled")
def test_train_then_resume(fatgan, tiny_config, tmp_path):
    first = fatgan("train", tiny_config, "--set", "training.max_steps=2")
    assert first.status == 0, first.err
    second = fatgan("train", tiny_config, "--set", "training.max_steps=3", "--resume")
    assert second.status == 0, second.err
    manifest = json.loads((tmp_path / "run" / "model" / "manifest.json").read_text())
    assert manifest["training"]["steps"] == 3


def test_generate_writes_a_ttree_with_derived_columns(fatgan, tiny_run, tmp_path):
    path = tmp_path / "events.root"
    result = fatgan("generate", tiny_run.model, "-n", "1e4", "-o", path, "--derived", "--seed", 7)
    assert result.status == 0, result.err
    with uproot.open(path) as file:
        tree = file["events"]
        assert tree.classname == "TTree"
        assert set(tree.keys()) == {"px", "py", "pz", "E", *DERIVED}
        arrays = tree.arrays(library="np")
    events = package.load(tiny_run.model).generate(10_000, seed=7)
    for name in ("px", "E", "Q2", "theta"):
        np.testing.assert_array_equal(arrays[name], events[name])
    # HERA's frame, as the training file: electrons leave along -z
    assert np.median(arrays["pz"]) < 0


@pytest.mark.parametrize("name", ["events.csv", "events.parquet", "events.root"])
def test_convert_keeps_every_bit(fatgan, tiny_run, tmp_path, name):
    source = tmp_path / "source.root"
    assert fatgan("generate", tiny_run.model, "-n", 500, "-o", source).status == 0
    target = tmp_path / "converted" / name
    result = fatgan("convert", source, target)
    assert result.status == 0, result.err
    np.testing.assert_array_equal(package.read(source)["pz"], package.read(target)["pz"])


def test_rntuple_by_name(fatgan, tiny_run, tmp_path):
    path = tmp_path / "events.root"
    words = ("-n", 500, "-o", path, "--format", "rntuple")
    assert fatgan("generate", tiny_run.model, *words).status == 0
    assert "rntuple" in fatgan("inspect", path).out


@pytest.mark.usefixtures("one_figure")
def test_validate_two_files(fatgan, tiny_run, sample, tmp_path):
    truth, made, report = tmp_path / "truth.root", tmp_path / "made.parquet", tmp_path / "report"
    package.write(sample[:500], truth)
    package.write(tiny_run.generator.generate(500), made)
    result = fatgan("validate", truth, made, "-o", report)
    assert result.status == 0, result.err
    assert (report / "report.html").exists()
    assert "C2ST" in result.out


def test_inspect_a_file_and_a_model(fatgan, tiny_run, sample_path):
    file = fatgan("inspect", sample_path)
    assert "200,000" in file.out
    assert "27.5x920" in file.out
    model = fatgan("inspect", tiny_run.model)
    assert "4,500 learned" in model.out
    assert "name dis" in model.out


def test_inspect_a_model_needs_no_tensorflow(tiny_run):
    import subprocess
    import sys

    code = (
        f"import sys; sys.argv = ['fatgan', 'inspect', {str(tiny_run.model)!r}]\n"
        "from fatgan.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print('tensorflow' in sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"


@pytest.mark.usefixtures("uncompiled")
def test_simulate_then_train_on_it(fatgan, tiny_config, tmp_path):
    pytest.importorskip("pythia8mc")
    path = tmp_path / "dis.root"
    words = ("-n", 2000, "--beams", "18x275", "--q2-min", 1, "-o", path, "--seed", 4)
    assert fatgan("simulate", *words).status == 0
    events = package.read(path)
    assert len(events) == 2000
    assert events["Q2"].min() >= 1
    words = ("--data", path, "--beams", "18x275", "--set", "training.max_steps=1")
    result = fatgan("train", tiny_config, *words, "--out", tmp_path / "eic")
    assert result.status == 0, result.err
    assert package.load(Path(tmp_path / "eic" / "model")).collision.label == "18x275"


@pytest.mark.usefixtures("uncompiled")
def test_a_declared_cut_holds_for_generated_events(fatgan, tiny_config, tmp_path):
    out = tmp_path / "cut"
    words = ("--cut", "y < 0.3 and theta < 3.0", "--out", out, "--set", "training.max_steps=2")
    words += ("--set", "networks.skip=true")  # nearly right at the start, as the cut needs
    assert fatgan("train", tiny_config, *words).status == 0
    events = package.load(out / "model").generate(20_000)
    assert events["y"].max() < 0.3
    assert events["theta"].max() < 3.0
    assert "y < 0.3" in fatgan("inspect", out / "model").out


def test_an_output_folder_that_cannot_be(fatgan, tiny_config, tmp_path):
    (tmp_path / "file").write_text("in the way")
    result = fatgan("train", tiny_config, "--out", tmp_path / "file")
    assert str(tmp_path / "file") in result.complaint


@pytest.mark.usefixtures("uncompiled")
def test_steps_are_a_maximum(fatgan, tiny_config, tmp_path):
    words = ("--set", "training.max_steps=0.3e1", "--set", "training.steps_per_call=2")
    assert fatgan("train", tiny_config, *words).status == 0
    manifest = json.loads((tmp_path / "run" / "model" / "manifest.json").read_text())
    assert manifest["training"]["steps"] == 3
