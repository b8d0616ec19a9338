"""From a configuration to a run folder, and back from its checkpoint."""

from __future__ import annotations

import json
import shutil
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from truths import FRAMES, dis_truth

from fatgan.adversarial import callbacks
from fatgan.adversarial.mmd import unbiased_mmd2
from fatgan.errors import DataError, ModelError, TrainingError
from fatgan.generator import train as training
from fatgan.generator.config import load_config, parse_config
from fatgan.generator.data import read_split
from fatgan.generator.event_gan import build
from fatgan.generator.train import train
from fatgan.io import write

TERMS = {"critic_loss", "penalty", "generator_loss", "mmd"}


def test_the_run_folder(tiny_run):
    folder = tiny_run.folder
    assert {"model", "checkpoint", "history.json"} <= {path.name for path in folder.iterdir()}
    manifest = json.loads((tiny_run.model / "manifest.json").read_text())
    assert manifest == tiny_run.generator.manifest
    assert manifest["seed"] == 3
    assert manifest["data"]["rows"] == 5000
    assert manifest["data"]["held_out"] == 1000
    assert manifest["data"]["provenance"]["source"] == "ep_nc_dis_27.5x920.root"
    assert manifest["training"]["steps"] == 300
    assert {"fatgan", "tensorflow", "keras", "numpy", "python"} <= set(manifest["versions"])
    assert parse_config(manifest["config"]) == tiny_run.config


def test_the_resolved_configuration_is_left_in_the_folder(tiny_run):
    assert load_config(tiny_run.folder / "config.yaml") == tiny_run.config


def test_the_history_tells_every_call(tiny_run):
    history = json.loads((tiny_run.folder / "history.json").read_text())
    assert history == tiny_run.history
    assert [entry["step"] for entry in history] == list(range(10, 301, 10))
    assert all(set(entry) == {"step", "seconds", *TERMS} for entry in history)
    assert all(np.isfinite(list(entry.values())).all() for entry in history)


def test_held_out_rows_were_not_learned(tiny_run):
    parts = tiny_run.data
    assert len(parts.held_out) == 1000
    # float32 columns: px, py and pz together tell events apart
    rows = [set(zip(*(c.tolist() for c in part.momenta), strict=True)) for part in parts]
    assert not rows[0] & rows[1]


def test_it_learns(tiny_run):
    """The MMD to held-out events falls to less than a third of what it was at the start."""
    transform, held_out = tiny_run.generator.transform, tiny_run.data.held_out
    real = transform.forward(held_out)
    noise = np.random.default_rng(1).normal(size=(1000, 4)).astype("float32")
    start = np.asarray(build(tiny_run.config, transform).averaged(noise))
    end = transform.forward(tiny_run.generator.generate(1000, seed=2))
    before, after = (float(unbiased_mmd2(real, fake, (0.3, 1.0))) for fake in (start, end))
    assert before > 0.05
    assert after < before / 3


def test_an_observer_sees_every_call_at_no_cost(tiny_entries, monkeypatch):
    """Ten minutes with each moment leave the seconds of the training as they are."""
    late = 0.0
    now = callbacks.time.monotonic
    monkeypatch.setattr(callbacks, "time", SimpleNamespace(monotonic=lambda: now() + late))
    seen = []

    def observe(moment: training.Moment) -> None:
        nonlocal late
        late += 600.0
        px = moment.generator.generate(50, seed=1)["px"] if moment.share == 1 else None
        seen.append((moment.step, moment.seconds, moment.share, px))

    tiny_entries["training"] |= {"max_steps": 30, "max_seconds": 500}
    config = parse_config(tiny_entries)
    rows = read_split(config.data, seed=99)
    run = train(config, progress=False, data=rows, observe=observe)
    assert run.data is rows
    assert [step for step, *_ in seen] == [10, 20, 30]
    assert [share for _, _, share, _ in seen] == pytest.approx([1 / 3, 2 / 3, 1])
    assert [seconds for _, seconds, _, _ in seen] == [entry["seconds"] for entry in run.history]
    assert run.generator.manifest["training"]["seconds"] < 500
    # what it saw last is the generator that the training leaves
    np.testing.assert_array_equal(seen[-1][3], run.generator.generate(50, seed=1)["px"])


def test_an_interrupted_training_goes_on_exactly(tiny_run, tiny_entries, monkeypatch, capsys):
    """Stopped after the checkpoint of step 200: the same model, history and bar at the end."""
    check = training.StopOnNonFinite.on_train_batch_end

    def interrupt(self, batch, logs=None):
        check(self, batch, logs)
        if int(self.model.step) == 250:
            raise KeyboardInterrupt

    config = parse_config(tiny_entries)
    with monkeypatch.context() as patch:
        patch.setattr(training.StopOnNonFinite, "on_train_batch_end", interrupt)
        with pytest.raises(KeyboardInterrupt):
            train(config, progress=False)
    assert not (config.folder / "model").exists()
    keras.utils.set_random_seed(77)  # no global seed plays a part
    resumed = train(config, resume=True, progress=True)
    assert "training" in capsys.readouterr().err
    assert resumed.generator.manifest["checksum"] == tiny_run.generator.manifest["checksum"]
    # The weights are the same bit for bit; the reported terms are sums over threads, which may
    # differ in their last bits.
    for one, other in zip(resumed.history, tiny_run.history, strict=True):
        terms = {k: v for k, v in other.items() if k != "seconds"}
        assert {k: one[k] for k in terms} == pytest.approx(terms, rel=1e-5, abs=1e-7)
    seconds = [entry["seconds"] for entry in resumed.history]
    assert seconds == sorted(seconds)


@pytest.fixture
def copied_entries(tiny_run, tiny_entries):
    """The tiny configuration, with a copy of the finished run in its folder."""
    shutil.copytree(tiny_run.folder, tiny_entries["out"])
    return tiny_entries


def test_a_finished_training_is_not_trained_further(copied_entries, tiny_run):
    again = train(parse_config(copied_entries), resume=True, progress=False)
    assert again.generator.manifest["checksum"] == tiny_run.generator.manifest["checksum"]
    assert again.history == tiny_run.history


def test_a_larger_budget_goes_on_from_where_it_was(copied_entries, tiny_run):
    copied_entries["training"]["max_steps"] = 320
    copied_entries["generation"] = {"events": 5}
    more = train(parse_config(copied_entries), resume=True, progress=False)
    assert more.generator.manifest["training"]["steps"] == 320
    assert [entry["step"] for entry in more.history[-3:]] == [300, 310, 320]
    assert more.generator.manifest["checksum"] != tiny_run.generator.manifest["checksum"]


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("training", "batch", 64),
        ("training", "learning_rate", 1e-3),
        ("networks", "critic", [16]),
        ("mmd", "weight", 2.0),
        ("data", "held_out", 900),
        (None, "seed", 4),
        (None, "penalty", {"gamma": 0.3}),
    ],
)
def test_changed_parameters_are_not_resumed(copied_entries, section, key, value):
    (copied_entries[section] if section else copied_entries)[key] = value
    name = ".".join(filter(None, (section, key)))
    with pytest.raises(TrainingError, match=rf"cannot resume: {name}[a-z.]* changed since"):
        train(parse_config(copied_entries), resume=True, progress=False)


def test_changed_data_are_not_resumed(copied_entries, tmp_path):
    copied_entries["data"]["path"] = str(tmp_path / "other.root")
    write(dis_truth(FRAMES["proton"], 6000, seed=1), tmp_path / "other.root")
    with pytest.raises(TrainingError, match=r"cannot resume: data\.sha256 changed"):
        train(parse_config(copied_entries), resume=True, progress=False)


def test_without_a_checkpoint_there_is_nothing_to_resume(tiny_entries):
    with pytest.raises(TrainingError, match="no checkpoint to resume"):
        train(parse_config(tiny_entries), resume=True, progress=False)


@pytest.mark.parametrize("file", ["state.keras", "state.json"])
def test_a_damaged_checkpoint_is_one_line(copied_entries, file):
    config = parse_config(copied_entries)
    path = config.folder / "checkpoint" / file
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ModelError, match=file):
        train(config, resume=True, progress=False)


def test_fewer_rows_than_a_batch_end_before_anything_is_written(tiny_entries):
    tiny_entries["data"] |= {"limit": 200, "held_out": 100}
    config = parse_config(tiny_entries)
    with pytest.raises(DataError, match="100 training rows are fewer than one batch of 128"):
        train(config, progress=False)
    assert not config.folder.exists()


def test_a_learning_rate_that_explodes_leaves_no_model(tiny_entries):
    tiny_entries["training"] |= {"learning_rate": 1e30, "max_steps": 20}
    config = parse_config(tiny_entries)
    with pytest.raises(TrainingError, match="before any checkpoint; lower"):
        train(config, progress=False)
    assert not (config.folder / "model").exists()
    assert not (config.folder / "checkpoint" / "state.keras").exists()
