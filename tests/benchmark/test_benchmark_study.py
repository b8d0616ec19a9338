"""A benchmark: equal budgets, one truth, snapshots on the way, and going on where it stopped."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from fatgan.benchmark import study
from fatgan.benchmark.looks import COUNT, FIRST
from fatgan.benchmark.snapshots import Snapshots
from fatgan.benchmark.study import NO_LIMIT, load_study, run
from fatgan.errors import ConfigError, DataError


def test_every_training_has_the_budget_of_the_study(finished):
    assert [(cell["name"], cell["seed"]) for cell in finished.cells] == [("pairs", 1), ("logs", 1)]
    assert [cell["steps"] for cell in finished.cells] == [4, 4]
    for cell in finished.cells:
        assert cell["failure"] is None
        sizes = {record["n_reference"] for record in cell["records"]}
        assert max(sizes) <= 400 + 2000  # harmonics look at the training rows, too
        assert {record["score"] for record in cell["records"]} >= {"C2ST AUC", "chi2/ndf"}


@pytest.mark.parametrize("limits", [(None, 30.0), (50, None), (50, 30.0)], ids=str)
def test_a_budget_replaces_that_of_the_configurations(configs, limits):
    steps, seconds = limits
    made = load_study(configs, {}, max_steps=steps, max_seconds=seconds)
    for config in made.configs.values():
        assert config.training.max_steps == (steps or NO_LIMIT)
        assert config.training.max_seconds == seconds


def test_models_are_left_and_learned_the_same_rows(finished):
    manifests = [
        json.loads((finished.folder / "runs" / f"{name}-1" / "model/manifest.json").read_text())
        for name in ("pairs", "logs")
    ]
    assert manifests[0]["data"] == manifests[1]["data"]
    scalings = [manifest["transform"]["scalings"] for manifest in manifests]
    assert scalings[0] == scalings[1]  # fitted to the training rows
    assert [manifest["seed"] for manifest in manifests] == [1, 1]


def test_snapshots_go_to_the_end(finished):
    for cell in finished.cells:
        steps = [taken["step"] for taken in cell["snapshots"]]
        assert steps == [1, 2, 3, 4]
        seconds = [taken["seconds"] for taken in cell["snapshots"]]
        assert seconds == sorted(seconds)
        assert seconds[-1] == pytest.approx(cell["seconds"], abs=5)
        scored = [taken for taken in cell["snapshots"] if "area" in taken]
        assert all(0.3 < taken["area"] <= 1 and taken["chi2"] > 0 for taken in scored)
        assert all(0 <= taken["redrawn"] <= 1 for taken in cell["snapshots"])


def moments(shares: list[float]) -> list[SimpleNamespace]:
    generator = SimpleNamespace(rejected_share=lambda seed: 0.99)
    return [
        SimpleNamespace(step=i, seconds=1.0, share=share, generator=generator, data=None)
        for i, share in enumerate(shares)
    ]


def test_snapshots_lie_evenly_on_a_logarithmic_clock():
    shares = np.arange(1, 10_001) / 10_000
    taking = Snapshots(100, seed=1)
    for moment in moments(shares.tolist()):
        taking(moment)
    found = shares[[taken["step"] for taken in taking.taken]]
    np.testing.assert_allclose(found, np.geomspace(FIRST, 1, COUNT), atol=1e-4)
    # nearly all events unphysical: none is scored
    assert all(taken.keys() == {"step", "seconds", "redrawn"} for taken in taking.taken)


@pytest.mark.parametrize("shares", [[1.0], [0.4, 1.0], [0.004, 0.3, 0.31, 1.0]], ids=str)
def test_few_calls_give_few_snapshots_and_always_the_last(shares):
    taking = Snapshots(100, seed=1)
    for moment in moments(shares):
        taking(moment)
    assert taking.taken[-1]["step"] == len(shares) - 1
    assert len(taking.taken) <= len(shares)


@pytest.fixture
def copied(finished, tmp_path) -> Path:
    shutil.copytree(finished.folder, tmp_path / "out")
    return tmp_path / "out"


def never(*args: object) -> None:
    raise AssertionError("a cell that is done was trained again")


def test_what_is_done_is_not_done_again(finished, copied, monkeypatch, capsys):
    monkeypatch.setattr(study, "train_and_score", never)
    cells, _ = run(finished.study, copied)
    assert cells == finished.cells
    assert "benchmark" in capsys.readouterr().err


def test_a_cell_that_was_not_finished_starts_again(finished, copied, monkeypatch):
    journal = copied / "cells.jsonl"
    lines = journal.read_text().splitlines()
    journal.write_text(lines[0] + "\n")
    trained = []

    def make(conditions, told):
        trained.append(conditions.name)
        return finished.cells[1]

    monkeypatch.setattr(study, "train_and_score", make)
    cells, _ = run(finished.study, copied)
    assert trained == ["logs"]
    assert cells == finished.cells
    assert journal.read_text().splitlines() == lines


def test_more_seeds_are_added(finished, copied, monkeypatch):
    trained = []

    def make(conditions, told):
        told(0.5, "half")
        trained.append((conditions.name, conditions.seed, conditions.config.seed))
        return {"name": conditions.name, "seed": conditions.seed}

    monkeypatch.setattr(study, "train_and_score", make)
    run(replace(finished.study, seeds=(1, 2)), copied)
    assert trained == [("pairs", 2, 2), ("logs", 2, 2)]


@pytest.mark.parametrize("change", ["events", "budget"])
def test_cells_made_otherwise_are_not_mixed_in(finished, copied, change):
    other = replace(finished.study, events=300)
    if change == "budget":
        config = finished.study.common
        training = config.training.model_copy(update={"max_steps": 5})
        changed = config.model_copy(update={"training": training})
        other = replace(finished.study, configs={**finished.study.configs, "pairs": changed})
    with pytest.raises(ConfigError, match=r"'pairs' with seed 1 was made with another.*-o"):
        run(other, copied)


def test_a_damaged_journal_is_one_line(finished, copied):
    (copied / "cells.jsonl").write_text('{"name": "pairs"')
    with pytest.raises(DataError, match=r"cells\.jsonl: damaged"):
        run(finished.study, copied)


@pytest.mark.usefixtures("uncompiled")
def test_a_training_that_fails_is_a_result(configs, tmp_path):
    wild = {"training.learning_rate": 1e30}
    made = load_study(
        configs[:1], wild, max_steps=3, max_seconds=None, seeds=(1,), snapshot_events=100
    )
    (cell,), _ = run(made, tmp_path / "out")
    assert "training stopped" in cell["failure"]
    assert cell["records"] == []


def test_what_cannot_be_compared_is_refused(configs, tmp_path):
    with pytest.raises(ConfigError, match="--max-seconds or --max-steps"):
        load_study(configs, {}, max_steps=None, max_seconds=None)
    with pytest.raises(ConfigError, match="two configurations are called 'pairs'"):
        load_study([*configs, configs[0]], {}, max_steps=1, max_seconds=None)
    other = tmp_path / "other.yaml"
    other.write_text(configs[0].read_text().replace("limit: 2500", "limit: 2400"))
    with pytest.raises(ConfigError, match="'other' and 'pairs' learn different data"):
        load_study([configs[0], other], {}, max_steps=1, max_seconds=None)
    alike = load_study([configs[0], other], {"data.limit": 2000}, max_steps=1, max_seconds=None)
    assert len(alike.configs) == 2


@pytest.mark.usefixtures("uncompiled")
def test_models_may_choose_by_different_numbers_of_rows(configs, tmp_path):
    """As quickstart and the published ones do: the same rows in all, and the same held-out ones."""
    other = tmp_path / "last.yaml"
    other.write_text(configs[0].read_text().replace("limit: 2500", "limit: 2500\n  selection: 0"))
    made = load_study([configs[0], other], {}, max_steps=1, max_seconds=None, seeds=(1,))
    made = replace(made, events=200, snapshot_events=100)
    cells, _ = run(made, tmp_path / "out")
    found = []
    for name in ("pairs", "last"):
        manifest = tmp_path / "out" / "runs" / f"{name}-1" / "model" / "manifest.json"
        found.append(json.loads(manifest.read_text())["data"])
    assert [(data["rows"], data["selection"]) for data in found] == [(1800, 200), (2000, 0)]
    first, second = (cell["fingerprint"] for cell in cells)
    assert first != second


def test_without_held_out_events_there_is_no_truth(configs, tmp_path):
    made = load_study(configs, {"data.held_out": 10}, max_steps=1, max_seconds=None)
    with pytest.raises(ConfigError, match=r"10 events are held out.*data\.held_out"):
        run(made, tmp_path / "out")
