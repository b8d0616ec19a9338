"""A training goes on from its checkpoint: exactly, or not at all."""

from __future__ import annotations

import shutil

import keras
import pytest
from truths import FRAMES, dis_truth

from fatgan.adversarial.callbacks import StopOnNonFinite
from fatgan.adversarial.model import AdversarialModel
from fatgan.errors import ModelError, TrainingError
from fatgan.generator.config import parse_config
from fatgan.generator.train import train
from fatgan.io import write


def test_an_interrupted_training_goes_on_exactly(tiny_run, tiny_entries, monkeypatch, capsys):
    """Stopped after the checkpoint of step 200: the same model, history and bar at the end."""
    check = StopOnNonFinite.on_train_batch_end

    def interrupt(self, batch, logs=None):
        check(self, batch, logs)
        if int(self.model.step) == 250:
            raise KeyboardInterrupt

    config = parse_config(tiny_entries)
    with monkeypatch.context() as patch:
        patch.setattr(StopOnNonFinite, "on_train_batch_end", interrupt)
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


@pytest.mark.usefixtures("uncompiled")
def test_a_training_that_was_begun_anew_does_not_go_on_from_the_old_one(tiny_entries, monkeypatch):
    tiny_entries["training"]["max_steps"] = 2
    config = parse_config(tiny_entries)
    train(config, progress=False)
    with monkeypatch.context() as patch:
        patch.setattr(AdversarialModel, "fit", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train(config, progress=False)
    with pytest.raises(TrainingError, match="no checkpoint to resume"):
        train(config, progress=False, resume=True)


def interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_without_a_checkpoint_there_is_nothing_to_resume(tiny_entries):
    with pytest.raises(TrainingError, match="no checkpoint to resume"):
        train(parse_config(tiny_entries), resume=True, progress=False)


@pytest.fixture
def copied_entries(tiny_run, tiny_entries):
    """The tiny configuration, with a copy of the finished run in its folder."""
    shutil.copytree(tiny_run.folder, tiny_entries["out"])
    return tiny_entries


def test_a_finished_training_is_not_trained_further(copied_entries, tiny_run):
    again = train(parse_config(copied_entries), resume=True, progress=False)
    assert again.generator.manifest["checksum"] == tiny_run.generator.manifest["checksum"]
    assert again.history == tiny_run.history


@pytest.mark.usefixtures("uncompiled")
def test_a_larger_budget_goes_on_from_where_it_was(copied_entries, tiny_run):
    copied_entries["training"]["max_steps"] = 301
    copied_entries["generation"] = {"events": 5}
    more = train(parse_config(copied_entries), resume=True, progress=False)
    assert more.generator.manifest["training"]["steps"] == 301
    assert [entry["step"] for entry in more.history[-2:]] == [300, 301]
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
        (None, "penalty", {"weight": 0.3}),
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


@pytest.mark.parametrize("file", ["state.keras", "state.json", "best.npz"])
def test_a_damaged_checkpoint_is_one_line(copied_entries, file):
    config = parse_config(copied_entries)
    path = config.folder / "checkpoint" / file
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ModelError, match=file):
        train(config, resume=True, progress=False)
