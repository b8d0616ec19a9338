"""Generated events: a function of the seed, physical, in the frame of the training."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys

import numpy as np
import pytest
import tensorflow as tf
from truths import FRAMES, dis_truth

from fatgan.errors import ModelError
from fatgan.events import EventTable
from fatgan.events.bounds import violations
from fatgan.generator import blocks
from fatgan.generator.blocks import BLOCK
from fatgan.generator.config import parse_config
from fatgan.generator.sample import EventGenerator, load
from fatgan.generator.train import train
from fatgan.io import write


@pytest.fixture(scope="module")
def generator(tiny_run) -> EventGenerator:
    return tiny_run.generator


def assert_same(one: EventTable, other: EventTable) -> None:
    assert one.collision == other.collision
    for a, b in zip(one.momenta, other.momenta, strict=True):
        np.testing.assert_array_equal(a, b)


def test_a_loaded_bundle_generates_the_same_events(tiny_run, generator, tmp_path):
    shutil.copytree(tiny_run.model, tmp_path / "moved")
    assert_same(
        load(str(tmp_path / "moved")).generate(2000, seed=7), generator.generate(2000, seed=7)
    )


@pytest.fixture(scope="module")
def whole(generator) -> EventTable:
    """Three blocks, the last of them in part."""
    return generator.generate(140_000, seed=5)


@pytest.mark.parametrize("chunk", [1000, 30_000, BLOCK, BLOCK + 1, 140_000, 10**9])
def test_chunks_do_not_matter(generator, whole, chunk):
    n = len(whole)
    tables = list(generator.stream(n, chunk=chunk, seed=5))
    assert [len(table) for table in tables[:-1]] == [chunk] * (len(tables) - 1)
    assert 0 < len(tables[-1]) <= chunk
    assert_same(EventTable.concatenate(tables), whole)


def test_a_longer_sample_begins_with_the_shorter_one(generator, whole):
    for n in (1, 7, 1000, BLOCK, BLOCK + 499):
        assert_same(generator.generate(n, seed=5), whole[:n])


@pytest.mark.parametrize("seed", [1, -1, 2**31, 2**80])
def test_other_seeds_share_no_event(generator, seed):
    """20,000 events each; float32 noise leaves a coincidence of px once in 1000 such tests."""
    one, other = generator.generate(20_000, seed=0), generator.generate(20_000, seed=seed)
    assert len(np.unique(one["px"])) == len(one)
    assert np.intersect1d(one["px"], other["px"]).size == 0


def test_blocks_of_a_sample_share_no_event(generator):
    events = generator.generate(3 * BLOCK, seed=2)
    assert len(np.unique(events["pT"])) > 0.999 * len(events)


def test_every_event_is_physical_and_inside_the_fiducial_region(generator):
    events = generator.generate(200_000, seed=3)
    assert len(events) == 200_000
    assert events.weights is None
    assert all(np.isfinite(component).all() for component in events.momenta)
    assert set(violations(events, generator.transform.fiducial).values()) == {0}
    assert generator.transform.fiducial.Q2_min >= 4  # the edge of the shipped sample
    assert 0 <= generator.rejected_share() < 0.05


def test_no_events(generator):
    events = generator.generate(0, seed=1)
    assert len(events) == 0
    assert events.collision == generator.collision
    assert [len(table) for table in generator.stream(0)] == [0]


@pytest.mark.parametrize(("n", "chunk"), [(-1, 10), (5, 0), (5, -3)])
def test_numbers_that_make_no_sense(generator, n, chunk):
    with pytest.raises(ModelError, match="cannot generate"):
        next(generator.stream(n, chunk=chunk))


def test_events_say_where_they_come_from(generator):
    origin = generator.generate(1, seed=9).provenance
    assert origin["seed"] == 9
    assert origin["model"] == "tiny"
    assert origin["model_checksum"] == generator.manifest["checksum"]


def test_phi_is_drawn_uniformly(generator):
    """Harmonics of 200,000 events: N |<exp(i n phi)>|^2 above 12 once in 27,000 (6 times)."""
    assert generator.transform.draws_azimuth
    phi = generator.generate(200_000, seed=6)["phi"]
    power = [200_000 * abs(np.mean(np.exp(1j * n * phi))) ** 2 for n in range(1, 7)]
    assert max(power) < 12


def test_noise_and_angle_share_no_numbers(generator):
    """Correlations of phi with Q2 and y; off by chance once in 15,000 each (4 sigma)."""
    events = generator.generate(100_000, seed=8)
    for observable in ("Q2", "y"):
        rank = np.argsort(np.argsort(events[observable]))
        assert abs(np.corrcoef(rank, events["phi"])[0, 1]) < 4 / np.sqrt(len(events))


def test_a_network_that_gives_nothing_is_refused(tiny_run, monkeypatch):
    broken = load(tiny_run.model)
    monkeypatch.setattr(blocks, "MAX_SPARES", 2)
    monkeypatch.setattr(
        broken._blocks, "_network", lambda noise: tf.fill((len(noise), 2), math.nan)
    )
    with pytest.raises(ModelError, match="not trained enough"):
        broken.generate(10)


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.pop("transform"),
        lambda manifest: manifest["transform"].pop("fiducial"),
        lambda manifest: manifest["transform"]["settings"].update(name="polar"),
        lambda manifest: manifest["transform"].update(standards=[]),
        lambda manifest: manifest.update(transform=3),
        lambda manifest: manifest["transform"]["collisions"][0].update(frame="lab"),
    ],
)
def test_a_damaged_transform_is_refused(tiny_run, tmp_path, change):
    shutil.copytree(tiny_run.model, tmp_path / "model")
    path = tmp_path / "model" / "manifest.json"
    manifest = json.loads(path.read_text())
    change(manifest)
    path.write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match="transform cannot be read"):
        load(tmp_path / "model")


def test_features_of_an_older_layout_are_not_read_as_if_they_were_todays(tiny_run, tmp_path):
    shutil.copytree(tiny_run.model, tmp_path / "model")
    path = tmp_path / "model" / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["transform"]["layout"] = 1
    path.write_text(json.dumps(manifest))
    with pytest.raises(
        ModelError, match=r"model: its features are of layout 1.*train the model again"
    ):
        load(tmp_path / "model")


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("frame", ["electron", "fixed-target"])
def test_the_frame_is_that_of_the_training(frame, tiny_entries, tmp_path):
    truth = dis_truth(FRAMES[frame], 3000, seed=1)
    write(truth, tmp_path / "truth.root")
    tiny_entries["data"] = {"path": str(tmp_path / "truth.root"), "held_out": 100}
    # with the skip, the scaling alone makes the shape of the sample
    tiny_entries["networks"]["skip"] = True
    tiny_entries["training"]["max_steps"] = 2
    run = train(parse_config(tiny_entries), progress=False)
    events = run.generator.generate(5000, seed=1)
    assert events.collision == FRAMES[frame]
    assert set(violations(events, run.generator.transform.fiducial).values()) == {0}
    # forward is along the electron beam: the mirrored frame would have it the other way round
    share, expected = (np.mean(table["pz"] > 0) for table in (events, truth))
    assert share == pytest.approx(expected, abs=0.15)
    assert expected > 0.9


def test_a_learned_angle_is_loaded_by_another_process(tiny_entries, tmp_path, python_steps):
    truth = dis_truth(FRAMES["proton"], 6000, seed=1, ripple=0.8)
    write(truth, tmp_path / "truth.root")
    tiny_entries["data"] = {"path": str(tmp_path / "truth.root"), "held_out": 100}
    tiny_entries["training"]["max_steps"] = 2
    with python_steps():
        run = train(parse_config(tiny_entries), progress=False)
    assert run.generator.transform.learns_azimuth
    code = "import sys, fatgan; print(*fatgan.load(sys.argv[1]).generate(50, seed=4)['px'])"
    command = [sys.executable, "-c", code, str(run.model)]
    output = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    np.testing.assert_array_equal(
        [float(word) for word in output.split()], run.generator.generate(50, seed=4)["px"]
    )
