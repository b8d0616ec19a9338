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
from fatgan.adversarial.divergence import Distance, Divergence
from fatgan.adversarial.mmd import unbiased_mmd2
from fatgan.errors import ConfigError, DataError, ModelError, TrainingError
from fatgan.generator import train as training
from fatgan.generator.config import load_config, parse_config
from fatgan.generator.data import read_split
from fatgan.generator.event_gan import build
from fatgan.generator.train import train
from fatgan.io import write

TERMS = {"critic_loss", "penalty", "generator_loss", "mmd"}
MEASURED = {"distance", "distance_error"}


def test_the_run_folder(tiny_run):
    folder = tiny_run.folder
    assert {"model", "checkpoint", "history.json"} <= {path.name for path in folder.iterdir()}
    manifest = json.loads((tiny_run.model / "manifest.json").read_text())
    assert manifest == tiny_run.generator.manifest
    assert manifest["seed"] == 3
    assert manifest["data"]["rows"] == 4500
    assert manifest["data"]["held_out"] == 1000
    assert manifest["data"]["selection"] == 500
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
    assert all(set(entry) - MEASURED == {"step", "seconds", *TERMS} for entry in history)
    assert all(np.isfinite(list(entry.values())).all() for entry in history)


def test_the_checks_are_in_the_history_and_the_choice_in_the_manifest(tiny_run):
    checks = [entry for entry in tiny_run.history if "distance" in entry]
    assert all(set(entry) >= MEASURED for entry in checks)
    # 20 places between 30 and 300, and a call every 10 steps
    assert (len(checks), checks[0]["step"], checks[-1]["step"]) == (20, 30, 300)
    least = min(checks, key=lambda entry: entry["distance"])
    limit = max(least["distance"], 0) + least["distance_error"]
    chosen = [entry for entry in checks if entry["distance"] <= limit][-1]
    assert tiny_run.generator.manifest["training"]["selection"] == {
        "step": chosen["step"],
        "distance": chosen["distance"],
        "error": chosen["distance_error"],
        "rows": 500,
        "checks": 20,
    }


def test_held_out_and_selection_rows_were_not_learned(tiny_run):
    parts = tiny_run.data
    assert len(parts.held_out) == 1000
    # float32 columns: px, py and pz together tell events apart
    rows = [set(zip(*(c.tolist() for c in part.momenta), strict=True)) for part in parts]
    assert not rows[0] & rows[1]
    assert not (rows[0] | rows[1]) & rows[2]


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
    tiny_entries["data"]["selection"] = 0  # the last generator is the result
    config = parse_config(tiny_entries)
    rows = read_split(config.data, seed=99)
    run = train(config, progress=False, data=rows, observe=observe)
    assert run.data is rows
    assert [step for step, *_ in seen] == [10, 20, 30]
    assert [share for _, _, share, _ in seen] == pytest.approx([1 / 3, 2 / 3, 1])
    assert [seconds for _, seconds, _, _ in seen] == [entry["seconds"] for entry in run.history]
    assert run.generator.manifest["training"]["seconds"] < 500
    assert run.generator.manifest["training"]["selection"] == {}
    assert not any(MEASURED & set(entry) for entry in run.history)
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
def measured(monkeypatch):
    """Distances of the checks to come, instead of what would be measured."""
    script: list[float] = []
    monkeypatch.setattr(Divergence, "measure", lambda self, _: Distance(script.pop(0), 0.01))
    return script


def test_the_nearest_generator_is_written_whatever_comes_after_it(tiny_entries, measured):
    """... and a training that is resumed with a larger budget still knows it."""
    seen = {}

    def observe(moment: training.Moment) -> None:
        seen[moment.step] = moment.generator.generate(50, seed=1)["px"]

    tiny_entries["training"]["max_steps"] = 30
    measured += [0.5, 0.2, 0.4, 0.3]
    for steps in (30, 40):
        tiny_entries["training"]["max_steps"] = steps
        run = train(parse_config(tiny_entries), progress=False, resume=steps > 30, observe=observe)
        np.testing.assert_array_equal(run.generator.generate(50, seed=1)["px"], seen[20])
        chosen = run.generator.manifest["training"]["selection"]
        assert (chosen["step"], chosen["distance"], chosen["checks"]) == (20, 0.2, steps // 10)
        assert run.generator.manifest["training"]["steps"] == steps
    assert [entry["distance"] for entry in run.history] == [0.5, 0.2, 0.4, 0.3]
    assert not np.array_equal(seen[20], seen[40])


def test_a_training_at_the_floor_ends_and_is_not_resumed(tiny_entries, measured):
    tiny_entries["training"] |= {"max_steps": 60, "stop_at_floor": True}
    measured += [0.5, 0.0, 0.0, 0.0, 0.0]
    shares: list[float] = []
    for resume in (False, True):
        run = train(
            parse_config(tiny_entries),
            progress=False,
            resume=resume,
            observe=lambda moment: shares.append(moment.share),
        )
        assert shares == pytest.approx([1 / 6, 2 / 6, 3 / 6, 1])  # the last is the end
        assert run.generator.manifest["training"]["steps"] == 40
        assert run.generator.manifest["training"]["selection"]["step"] == 40
    assert measured == [0.0]


def test_a_training_that_was_begun_anew_does_not_go_on_from_the_old_one(tiny_entries, monkeypatch):
    tiny_entries["training"]["max_steps"] = 20
    config = parse_config(tiny_entries)
    train(config, progress=False)
    with monkeypatch.context() as patch:
        patch.setattr(training.AdversarialModel, "fit", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train(config, progress=False)
    with pytest.raises(TrainingError, match="no checkpoint to resume"):
        train(config, progress=False, resume=True)


def interrupted(*_: object, **__: object) -> None:
    raise KeyboardInterrupt


def test_a_stop_at_the_floor_needs_rows_to_measure_with(tiny_entries):
    tiny_entries["training"]["stop_at_floor"] = True
    tiny_entries["data"]["selection"] = 50
    with pytest.raises(ConfigError, match=r"training\.stop_at_floor needs.*data\.selection"):
        train(parse_config(tiny_entries), progress=False)


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


def test_without_a_checkpoint_there_is_nothing_to_resume(tiny_entries):
    with pytest.raises(TrainingError, match="no checkpoint to resume"):
        train(parse_config(tiny_entries), resume=True, progress=False)


@pytest.mark.parametrize("file", ["state.keras", "state.json", "best.npz"])
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
