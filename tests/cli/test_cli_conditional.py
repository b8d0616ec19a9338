"""One model of several beams at the command line: train, generate, scan, inspect."""

from __future__ import annotations

import json

import numpy as np
import pytest
import yaml
from truths import dis_truth

import fatgan as package
from fatgan.errors import ConfigError
from fatgan.events import Collision


@pytest.fixture
def config(tmp_path):
    for number, beams in enumerate(("10x10", "50x50")):
        events = dis_truth(Collision.parse(beams), 600, seed=number)
        package.write(events, tmp_path / f"e_{beams}.root")
    entries = {
        "name": "beams",
        "out": str(tmp_path / "run"),
        "condition": ["Ee", "Ep"],
        "data": {"path": str(tmp_path / "e_*.root"), "held_out": 200},
        "networks": {"generator": [8], "critic": [8]},
        "training": {"batch": 64, "jit": False, "max_steps": 3, "steps_per_call": 3},
        "mmd": {"rows": 32},
        "generation": {"events": 2000, "formats": ["parquet"]},
    }
    path = tmp_path / "beams.yaml"
    path.write_text(yaml.safe_dump(entries))
    return path


@pytest.mark.usefixtures("uncompiled")
def test_run_writes_events_of_all_beams_and_compares_them_beam_by_beam(
    fatgan, config, tmp_path, monkeypatch
):
    judged = []

    def validate_settings(pairs, folder, *, progress, **how):
        judged.extend((pair.label, pair.kind, len(pair.sample)) for pair in pairs)
        raise ConfigError("far enough")

    monkeypatch.setattr("analysis.settings.validate_settings", validate_settings)
    assert fatgan("run", config).complaint.endswith("far enough")
    assert [(label, kind) for label, kind, _ in judged] == [
        ("e- 10x10", "trained"),
        ("e- 50x50", "trained"),
    ]
    assert sum(events for *_, events in judged) == 200
    written = package.read(tmp_path / "run" / "events.parquet")
    assert len(written) == 2000
    assert {collision.label for collision in written.collision.settings()} == {"10x10", "50x50"}


@pytest.mark.usefixtures("uncompiled")
def test_one_model_serves_beams_in_between(fatgan, config, tmp_path, caplog):
    assert fatgan("train", config).status == 0
    model, target = tmp_path / "run" / "model", tmp_path / "events.root"
    made = fatgan("generate", model, "-n", 500, "-o", target, "--beams", "14x30")
    assert made.status == 0, made.err
    events = package.read(target)
    assert events.collision.label == "14x30"
    assert len(events) == 500

    told = fatgan("inspect", model)
    assert "Ee from 10 to 50" in told.out
    assert "10x10, 50x50" in told.out

    far = tmp_path / "far.root"
    refused = fatgan("generate", model, "-n", 5, "-o", far, "--beams", "60x60", "--strict")
    assert refused.status == 1
    assert "Ee = 60 is outside the range of the training, 10 to 50" in refused.err
    assert not far.exists()
    warned = fatgan("generate", model, "-n", 5, "-o", far, "--beams", "60x60")
    assert warned.status == 0
    assert "extrapolated" in caplog.text
    without = fatgan("generate", model, "-n", 5, "-o", far)
    assert without.status == 1
    assert "--beams 14x166" in without.err

    truth = tmp_path / "truth.root"
    package.write(dis_truth(Collision.parse("30x30"), 400, seed=7), truth)
    scanned = fatgan("scan", model, truth, "-o", tmp_path / "scan")
    assert scanned.status == 0, scanned.err
    (entry,) = json.loads((tmp_path / "scan" / "settings.json").read_text())
    assert (entry["label"], entry["kind"]) == ("e- 30x30", "interpolated")
    assert "1 settings" not in scanned.out
    assert "1 setting, AUC at most" in scanned.out


@pytest.mark.usefixtures("uncompiled")
def test_a_table_of_beams_gives_one_event_for_each_of_its_rows(fatgan, config, tmp_path):
    assert fatgan("train", config).status == 0
    model, rows, target = (tmp_path / name for name in ("run/model", "rows.csv", "events.root"))
    Ee, Ep = [12.0, 40.0, 12.0, 31.5], [10.0, 41.0, 50.0, 22.0]
    text = [f"{number},{a},{b}" for number, (a, b) in enumerate(zip(Ee, Ep, strict=True))]
    rows.write_text("run,Ee,Ep\n" + "\n".join(text) + "\n")
    made = fatgan("generate", model, "--table", rows, "-o", target, "-s", 3)
    assert made.status == 0, made.err
    events = package.read(target)
    assert events["Ee"].tolist() == Ee
    assert events["Ep"].tolist() == Ep

    # an event depends on its own row alone
    rows.write_text("run,Ee,Ep\n" + "\n".join(text[:2]) + "\n")
    assert fatgan("generate", model, "--table", rows, "-o", target, "-s", 3).status == 0
    np.testing.assert_array_equal(package.read(target)["pz"], events["pz"][:2])

    def complaint(content: str, *further: object) -> str:
        rows.write_text(content)
        (tmp_path / "no.root").unlink(missing_ok=True)
        result = fatgan("generate", model, "--table", rows, "-o", tmp_path / "no.root", *further)
        assert result.status == 1
        assert not (tmp_path / "no.root").exists()
        return result.complaint

    assert "no columns 'Ee' and 'Ep'" in complaint("run,kind,Ee\n1,1,10\n")
    assert "'Ee' is NaN or infinite in 1 of 2 rows" in complaint("run,Ee,Ep\n1,10,nan\n2,nan,10\n")
    assert "not both" in complaint("run,Ee,Ep\n1,10,10\n", "-n", 1)
    assert "both say beams" in complaint("run,Ee,Ep\n1,10,10\n", "--beams", "10x10")


def test_a_condition_is_a_number(fatgan, tmp_path):
    result = fatgan(
        "generate", tmp_path, "-n", 5, "-o", tmp_path / "x.root", "--condition", "kind=high"
    )
    assert result.status == 1
    assert "kind=high" in result.err


def test_frame_belongs_to_beams(fatgan, tmp_path):
    result = fatgan("generate", tmp_path, "-n", 5, "-o", tmp_path / "x.root", "--frame", "electron")
    assert result.status == 1
    assert "--beams" in result.err
