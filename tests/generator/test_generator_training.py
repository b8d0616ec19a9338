"""From a configuration to a run folder."""

from __future__ import annotations

import json
from types import SimpleNamespace

import numpy as np
import pytest

from fatgan.adversarial import callbacks
from fatgan.adversarial.mmd import unbiased_mmd2
from fatgan.errors import DataError, TrainingError
from fatgan.generator.config import load_config, parse_config
from fatgan.generator.data import read_split
from fatgan.generator.event_gan import build
from fatgan.generator.train import Moment, train

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


@pytest.mark.usefixtures("uncompiled")
def test_an_observer_sees_every_call_at_no_cost(tiny_entries, monkeypatch):
    """Ten minutes with each moment leave the seconds of the training as they are."""
    late = 0.0
    now = callbacks.time.monotonic
    monkeypatch.setattr(callbacks, "time", SimpleNamespace(monotonic=lambda: now() + late))
    seen = []

    def observe(moment: Moment) -> None:
        nonlocal late
        late += 600.0
        px = moment.generator.generate(50, seed=1)["px"] if moment.share == 1 else None
        seen.append((moment.step, moment.seconds, moment.share, px))

    tiny_entries["training"] |= {"max_steps": 3, "steps_per_call": 1, "max_seconds": 500}
    tiny_entries["data"]["selection"] = 0  # the last generator is the result
    config = parse_config(tiny_entries)
    rows = read_split(config.data, seed=99)
    run = train(config, progress=False, data=rows, observe=observe)
    assert run.data is rows
    assert [step for step, *_ in seen] == [1, 2, 3]
    assert [share for _, _, share, _ in seen] == pytest.approx([1 / 3, 2 / 3, 1])
    assert [seconds for _, seconds, _, _ in seen] == [entry["seconds"] for entry in run.history]
    assert run.generator.manifest["training"]["seconds"] < 500
    assert run.generator.manifest["training"]["selection"] == {}
    assert not any(MEASURED & set(entry) for entry in run.history)
    # what it saw last is the generator that the training leaves
    np.testing.assert_array_equal(seen[-1][3], run.generator.generate(50, seed=1)["px"])


def test_fewer_rows_than_a_batch_end_before_anything_is_written(tiny_entries):
    tiny_entries["data"] |= {"limit": 200, "held_out": 100}
    config = parse_config(tiny_entries)
    with pytest.raises(DataError, match="100 training rows are fewer than one batch of 128"):
        train(config, progress=False)
    assert not config.folder.exists()


@pytest.mark.usefixtures("uncompiled")
def test_a_learning_rate_that_explodes_leaves_no_model(tiny_entries):
    tiny_entries["training"] |= {"learning_rate": 1e30, "max_steps": 3}
    config = parse_config(tiny_entries)
    with pytest.raises(TrainingError, match="before any checkpoint; lower"):
        train(config, progress=False)
    assert not (config.folder / "model").exists()
    assert not (config.folder / "checkpoint" / "state.keras").exists()
