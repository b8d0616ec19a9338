"""A generator of several beams: one training, events for any setting in between."""

from __future__ import annotations

import logging

import numpy as np
import pytest
from truths import dis_truth

from fatgan.errors import ConfigError, DataError, ModelError
from fatgan.events import Collision, Collisions, EventTable
from fatgan.events.bounds import is_physical, table_invariants
from fatgan.generator.blocks import BLOCK
from fatgan.generator.config import parse_config
from fatgan.generator.sample import load
from fatgan.generator.target import Target
from fatgan.generator.train import train
from fatgan.io import write

TINY = {
    "seed": 5,
    "condition": ["s", "lepton"],
    "networks": {"generator": [16, 16], "critic": [16, 16]},
    "mmd": {"rows": 64},
    "training": {
        "batch": 128,
        "jit": False,
        "max_steps": 200,
        "steps_per_call": 20,
        "learning_rate": 3e-3,
        "averaging": 0.98,
    },
}
SETTINGS = ("11x0", "10x10", "50x50", "27.5x920")


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("settings")
    for number, beams in enumerate(SETTINGS):
        for lepton in (11, -11):
            collision = Collision.parse(beams, "electron", lepton)
            events = dis_truth(collision, 800, seed=2 * number + (lepton > 0))
            origin = {
                "cross_section_pb": 10.0 * collision.s,
                "cross_section_error_pb": 0.01,
                "events": 800,
            }
            write(events, folder / f"{beams}_{lepton}.root", provenance=origin)
    return folder


@pytest.fixture(scope="module")
def entries(files):
    return {**TINY, "data": {"path": str(files / "*.root"), "held_out": 1000}}


@pytest.fixture(scope="module")
def run(entries, tmp_path_factory):
    out = tmp_path_factory.mktemp("conditional") / "run"
    return train(parse_config({**entries, "out": str(out)}), progress=False)


@pytest.fixture(scope="module")
def generator(run):
    return load(run.model)


@pytest.mark.parametrize("beams", ["11x0", "20x0", "30x30", "27.5x920"])
@pytest.mark.parametrize("lepton", [11, -11])
def test_events_are_physical_for_any_beams_in_the_range(generator, beams, lepton):
    collision = Collision.parse(beams, lepton_pdg=lepton)
    events = generator.generate(20_000, seed=1, collision=collision)
    assert events.collision == collision
    values = table_invariants(events)
    assert is_physical(values).all()
    assert events["Q2"].min() >= generator.transform.fiducial.Q2_min
    # ln y is flat between its limits, which are these beams' own: 0.46 to 0.54 in this truth
    place = np.log(events["y"]) / np.log(events["Q2"] / collision.beams.two_kP)
    assert abs(np.mean(place) - 0.5) < 0.1


def test_text_is_enough(generator):
    one = generator.generate(100, seed=3, collision="30x30")
    other = generator.generate(100, seed=3, collision=Collision.parse("30x30"))
    np.testing.assert_array_equal(one["px"], other["px"])


def test_rows_keep_their_order_whatever_the_chunk(generator):
    rng = np.random.default_rng(2)
    n = BLOCK + 500
    beams = Collisions(rng.uniform(15, 45, n), rng.uniform(15, 45, n), "electron")
    whole = generator.generate(n, seed=4, collision=beams)
    np.testing.assert_array_equal(whole["Ee"], beams.electron_energy)
    assert is_physical(table_invariants(whole)).all()
    parts = list(generator.stream(n, chunk=30_000, seed=4, collision=beams))
    for name in ("px", "py", "pz", "Ep"):
        np.testing.assert_array_equal(np.concatenate([part[name] for part in parts]), whole[name])


def test_a_row_does_not_depend_on_the_others_beams(generator):
    """Only what had to be drawn again may differ: 1 row of 100 at most here."""
    fixed = generator.generate(1000, seed=6, collision="30x30")
    energies = np.where(np.arange(1000) % 2, 30.0, 45.0)
    mixed = generator.generate(1000, seed=6, collision=Collisions(energies, energies))
    odd = np.arange(1000) % 2 == 1
    assert np.mean(mixed["px"][odd] == fixed["px"][odd]) > 0.98


def test_outside_the_range_is_warned_of_or_refused(generator, caplog):
    with caplog.at_level(logging.WARNING, logger="fatgan"):
        generator.generate(10, collision="50x920")
    assert "s = " in caplog.text
    assert "outside the range of the training" in caplog.text
    with pytest.raises(ConfigError, match=r"outside the range of the training, 2.* to 1"):
        generator.generate(10, collision="50x920", strict=True)


def test_beams_must_be_said(generator):
    with pytest.raises(ModelError, match=r"depend on s, lepton: say the beams.*--beams 14x166"):
        generator.generate(10)


def test_unknown_conditions_and_lengths_are_refused(generator):
    with pytest.raises(ConfigError, match="no condition 'pol'"):
        generator.generate(10, collision="30x30", conditions={"pol": 1.0})
    with pytest.raises(ModelError, match=r"10 events were asked for, with beams .* of 12"):
        generator.generate(10, collision=Collisions(np.full(12, 30.0), np.full(12, 30.0)))


def test_a_model_of_one_beam_says_so(tiny_run):
    with pytest.raises(ModelError, match=r"knows e- p 27.5x920 .* only, and e- p 10x10"):
        tiny_run.generator.generate(10, collision="10x10")
    same = tiny_run.generator.generate(10, seed=1, collision="27.5x920")
    np.testing.assert_array_equal(same["px"], tiny_run.generator.generate(10, seed=1)["px"])


@pytest.mark.parametrize(
    ("beams", "place"),
    [
        ("10x10", "trained"),
        ("30x30", "interpolated"),
        ("11x0", "trained"),
        ("50x920", "extrapolated"),
    ],
)
def test_settings_have_their_place(generator, beams, place):
    assert generator.place_of(Target(Collision.parse(beams))) == place


def test_cross_sections_are_interpolated_and_travel_with_the_events(generator):
    """The samples' is 10 s pb here; a Gaussian process of four points has it to some per cent."""
    sigma, error = generator.cross_section("30x30")
    expected = 10 * Collision.parse("30x30").s
    assert abs(sigma / expected - 1) < 0.1
    assert error > 0
    events = generator.generate(5, collision="30x30")
    assert events.provenance["cross_section_pb"] == sigma
    known, small = generator.cross_section("50x50")
    assert abs(known / (10 * Collision.parse("50x50").s) - 1) < 0.01
    assert small < error


@pytest.mark.usefixtures("uncompiled")
def test_a_training_of_several_beams_goes_on_where_it_stopped(entries, tmp_path):
    half = {**entries, "out": str(tmp_path / "half")}
    steps = {"max_steps": 3, "steps_per_call": 1, "decay_to": 1.0}
    half["training"] = {**entries["training"], **steps}
    full = {**half, "training": {**half["training"], "max_steps": 6}}
    train(parse_config(half), progress=False)
    resumed = train(parse_config(full), progress=False, resume=True)
    whole = train(parse_config({**full, "out": str(tmp_path / "whole")}), progress=False)
    a, b = (one.generator.generate(50, collision="30x30") for one in (resumed, whole))
    np.testing.assert_array_equal(a["px"], b["px"])


def test_several_beams_need_a_condition(entries, tmp_path):
    without = {**entries, "condition": [], "out": str(tmp_path)}
    with pytest.raises(ConfigError, match="condition"):
        train(parse_config(without), progress=False)


def test_other_columns_are_conditions_too(tmp_path):
    """A column that moves the edge of y: events follow what was asked for, row by row."""
    truth = dis_truth(Collision.parse("50x50"), 4000, seed=9)
    kind = (truth["y"] > np.median(truth["y"])).astype(float)
    path = tmp_path / "kinds.root"
    table = EventTable(*truth.momenta, truth.collision, conditions={"kind": kind})
    write(table, path)
    entries = {**TINY, "condition": ["kind"], "data": {"path": str(path), "held_out": 100}}
    run = train(parse_config({**entries, "out": str(tmp_path / "run")}), progress=False)
    asked = np.tile([0.0, 1.0], 2000)
    events = run.generator.generate(4000, seed=1, conditions={"kind": asked})
    np.testing.assert_array_equal(events["kind"], asked)
    low, high = (np.median(np.log(events["y"][asked == value])) for value in (0, 1))
    assert high - low > 1
    with pytest.raises(ModelError, match="say kind"):
        run.generator.generate(10)
    with pytest.raises(DataError, match="finite"):
        run.generator.generate(2, conditions={"kind": [0.0, np.nan]})


def test_beams_are_no_condition_to_be_given(generator):
    with pytest.raises(ConfigError, match="'Ee' is told by the beams"):
        generator.generate(10, collision="30x30", conditions={"Ee": 30.0})
