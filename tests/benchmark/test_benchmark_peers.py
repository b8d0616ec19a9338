"""Other packages beside ours: features and back, and one line for whatever goes wrong."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from fatgan.events.bounds import is_physical, table_invariants

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
COPY = """
import json, sys
import numpy as np
asked = dict(word.lstrip("-").split("=", 1) for word in sys.argv[1:])
train = np.load(asked["train"])
drawn = np.resize(train, (int(asked["events"]), train.shape[1]))
drawn[::4] = np.nan
np.save(asked["out"], drawn)
open(asked["report"], "w").write(json.dumps({"steps": 3, "seconds": float(asked["seconds"])}))
"""


@pytest.fixture(scope="module")
def peers() -> Iterator[SimpleNamespace]:
    """The modules, which are no part of the package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(BENCHMARKS)
        names = ("environment", "peers")
        yield SimpleNamespace(**{n: importlib.import_module(f"peers.{n}") for n in names})


@pytest.fixture
def script(peers, tmp_path, monkeypatch):
    """Write what runs in place of a peer, in the environment of the tests."""
    monkeypatch.setattr(peers.peers, "python_of", lambda peer: Path(sys.executable))
    monkeypatch.setattr(peers.peers, "HERE", tmp_path)
    return (tmp_path / "zuko_peer.py").write_text


@pytest.fixture
def table(sample):
    return sample[:2000]


def test_every_peer_has_a_script_and_pinned_requirements(peers):
    for peer in peers.peers.PEERS:
        assert (BENCHMARKS / "peers" / f"{peer}_peer.py").exists()
        lines = (BENCHMARKS / "peers" / f"{peer}.txt").read_text().splitlines()
        pinned = [line.split("==")[0] for line in lines if "==" in line]
        assert peer in pinned
        assert all("==" in line for line in lines if not line.startswith("#"))


def test_momenta_come_back_from_cartesian_features(peers, table):
    train, decode = peers.peers.prepared("cartesian", table, seed=1)
    assert train.dtype == np.float32
    np.testing.assert_allclose(train.std(axis=0), 1, rtol=1e-3)
    made, kept = decode(train)
    assert kept.all()
    assert made.collision == table.collision
    np.testing.assert_allclose(made.momenta, table.momenta, atol=1e-4)


def test_all_but_the_azimuth_comes_back_from_our_features(peers, table):
    train, decode = peers.peers.prepared("dis", table, seed=1)
    made, kept = decode(train)
    assert made.collision == table.collision
    assert kept.mean() > 0.99  # a float32 may fall beyond the outermost event
    for name in ("Q2", "x", "pT"):
        np.testing.assert_allclose(made[name][kept], table[name][kept], rtol=1e-3)
    assert abs(np.mean(np.exp(1j * (made["phi"] - table["phi"])))) < 5 / np.sqrt(len(table))


def test_unphysical_events_count_where_nobody_tells_the_peer_of_physics(peers, table):
    wild = np.random.default_rng(1).normal(0, 30, (500, 3)).astype(np.float32)
    made, kept = peers.peers.prepared("cartesian", table, seed=1).decode(wild)
    assert kept.all()
    assert not is_physical(table_invariants(made)).all()
    made, kept = peers.peers.prepared("dis", table, seed=1).decode(wild[:, :2])
    assert is_physical(table_invariants(made[kept])).all()


@pytest.mark.parametrize("features", ["cartesian", "dis"])
def test_a_script_is_given_features_and_its_finite_ones_become_events(
    features, peers, script, table, tmp_path
):
    script(COPY)
    made, report = peers.peers.generate("zuko", features, table, 5.0, 2, 400, tmp_path / "run")
    # three quarters of the drawn ones are finite
    assert abs(len(made) - 0.75 * peers.peers.SPARE * 400) < 5
    assert report["failure"] is None
    assert (report["steps"], report["seconds"], report["not_finite"]) == (3, 5.0, 0.25)
    assert np.isfinite(made.momenta).all()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("import nowhere_to_be_found", "zuko: it failed (ModuleNotFoundError: No module named"),
        (COPY.replace("[::4]", "[:]"), "zuko: it makes no event"),
    ],
    ids=["fails", "nothing finite"],
)
def test_a_script_without_events_gives_one_line(text, line, peers, script, table, tmp_path):
    script(text)
    made, report = peers.peers.generate("zuko", "dis", table, 5.0, 2, 400, tmp_path / "run")
    assert made is None
    assert report["failure"].startswith(line)
    assert "\n" not in report["failure"]


@pytest.fixture
def out_of_reach(peers, tmp_path, monkeypatch) -> list[str]:
    """No environment can be made; for whom it was tried."""
    tried = []

    def call(peer, command):
        tried.append(peer)
        raise peers.environment.PeerError(f"{peer}: its environment cannot be made (no net)")

    monkeypatch.setattr(peers.environment, "FOLDER", tmp_path)
    monkeypatch.setattr(peers.environment, "_call", call)
    return tried


def test_an_environment_that_cannot_be_made_is_no_result(peers, table, tmp_path, monkeypatch):
    monkeypatch.setattr(peers.environment, "FOLDER", tmp_path)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "no-python"))
    with pytest.raises(peers.environment.PeerError, match=r"^zuko: its environment .* \(.*\)$"):
        peers.peers.generate("zuko", "dis", table, 5.0, 2, 400, tmp_path / "run")


def test_the_study_skips_a_peer_out_of_reach_with_a_line_and_tries_it_once(
    peers, out_of_reach, table, tmp_path, monkeypatch, capsys
):
    names = ("contestants", "plan", "samples", "study")
    fidelity = SimpleNamespace(**{n: importlib.import_module(f"fidelity.{n}") for n in names})
    both = fidelity.samples.Samples(table[:800], table[800:1200], Path("none"))
    monkeypatch.setattr(fidelity.contestants, "samples", lambda *_: both)
    rows = tuple(fidelity.contestants.Peer("zuko", features) for features in peers.peers.FEATURES)
    monkeypatch.setitem(fidelity.plan.WHAT, "peers", rows)
    target = tmp_path / "page.md"
    how = {"folder": tmp_path / "study", "target": target, "figures": tmp_path}
    scale = fidelity.samples.Scale(800, 100, 400, 200, 1000)
    fidelity.study.study(what=["peers"], seeds=1, scale=scale, **how)
    said = [line for line in capsys.readouterr().err.splitlines() if line.startswith("skipped")]
    line = "seed 1: zuko: its environment cannot be made (no net)"
    assert said == [
        f"skipped: 27.5x920, zuko, {features}, {line}" for features in ("cartesian", "dis")
    ]
    assert out_of_reach == ["zuko"]
    assert not (tmp_path / "study" / "cells.jsonl").exists()
    assert "- `peers`: 2 of 2 cells\n" in target.read_text()


def test_a_peer_is_known_by_its_script_what_scripts_share_and_its_packages(peers, script, tmp_path):
    files = [tmp_path / name for name in ("zuko_peer.py", "common.py", "zuko.txt")]
    for file in files:
        file.write_text("once")
    found = {peers.peers.checksum("zuko")}
    for file in files:
        file.write_text("again")
        found.add(peers.peers.checksum("zuko"))
    assert len(found) == 4
    assert peers.peers.checksum("zuko") in found


def test_an_environment_is_made_once(peers, tmp_path, monkeypatch):
    calls = []
    monkeypatch.setattr(peers.environment, "FOLDER", tmp_path)

    def call(peer, command):
        calls.append(command)
        (tmp_path / peer / "venv").mkdir(parents=True, exist_ok=True)

    monkeypatch.setattr(peers.environment, "_call", call)
    python = peers.environment.python_of("zuko")
    assert peers.environment.python_of("zuko") == python
    assert len(calls) == 2  # the environment, and pip
    stamp = tmp_path / "zuko" / "venv" / "made-from.txt"
    stamp.write_text("zuko==0.0.1")
    peers.environment.python_of("zuko")
    assert len(calls) == 4


def test_the_reason_is_pip_s_error_or_the_last_line(peers):
    text = "WARNING: a\nERROR: No matching distribution\nERROR: b\n\nhint"
    assert peers.environment.reason(text) == "ERROR: No matching distribution"
    assert peers.environment.reason("Traceback\n  file\nValueError: x\n") == "ValueError: x"
    assert peers.environment.reason("") == "it says nothing"
