"""A trained model in a loop, as Pythia 8 and chromo are used."""

from __future__ import annotations

import itertools
import json

import numpy as np
import pyhepmc
import pytest

from fatgan import Collision
from fatgan.errors import ConfigError, DataError, ModelError
from fatgan.generator import blocks, sample
from fatgan.io import read, write
from fatgan.mceg import Generator, RandomState
from fatgan.mceg import generator as module


@pytest.fixture(autouse=True)
def few_ahead(monkeypatch) -> None:
    """The few events of a test need not be preceded by a quarter of a million."""
    for each in (blocks, sample):
        monkeypatch.setattr(each, "BLOCK", 2 * blocks.SPARE)


@pytest.fixture
def generator(tiny_run) -> Generator:
    return Generator(tiny_run.generator, seed=7)


def momenta(events) -> np.ndarray:
    return np.array([(event.px, event.py, event.pz, event.en) for event in events])


def test_events_are_those_of_the_event_generator(tiny_run, generator):
    table = tiny_run.generator.generate(300, seed=7)
    for i, event in enumerate(generator(300)):
        (electron,) = np.flatnonzero((event.pid == 11) & (event.status == 1))
        found = [event.px[electron], event.py[electron], event.pz[electron], event.en[electron]]
        assert found == [table[name][i] for name in ("px", "py", "pz", "E")]
        assert (event.Q2, event.x, event.y) == tuple(table[n][i] for n in ("Q2", "x", "y"))
        assert event.nevent == i
        assert event.weight == 1


def test_a_folder_will_do(tiny_run, generator):
    assert next(Generator(str(tiny_run.model), seed=7)(1)).Q2 == next(generator(1)).Q2


def test_four_momentum_is_conserved(generator):
    for event in generator(200):
        four = np.array([event.px, event.py, event.pz, event.en])
        final = event.final_state()
        assert final.status.tolist() == [1, 1]
        beams = four[:, event.status == 4].sum(axis=1)
        out = np.array([final.px, final.py, final.pz, final.en]).sum(axis=1)
        assert np.abs(out - beams).max() < 1e-9 * beams[3]
        first, last = event.mothers[-1]
        assert four[:, first : last + 1].sum(axis=1) == pytest.approx(four[:, -1])


def test_beams_come_first_and_are_those_of_the_kinematics(generator):
    event = next(generator(1))
    assert event.kin == generator.kinematics == Collision.parse("27.5x920")
    assert event.pid[:2].tolist() == [11, 2212]
    assert event.status[:2].tolist() == [4, 4]
    assert event.en[:2].tolist() == [27.5, 920]
    assert len(event) == 5
    assert len(event[event.pid == 90]) == 1
    assert event.eta[0] == -np.inf
    assert event.generator[0] == "fatgan"


def test_the_other_frame_is_the_same_events_turned(tiny_run, generator):
    other = Generator(tiny_run.generator, seed=7, frame="electron")
    assert other.kinematics.frame == "electron"
    for one, two in zip(generator(50), other(50), strict=True):
        np.testing.assert_array_equal(two.pz, -one.pz)
        np.testing.assert_array_equal(two.px, one.px)
        assert one.Q2 == two.Q2
    (stated,) = Generator(tiny_run.generator, other.kinematics)(1)
    assert stated.kin == other.kinematics


def test_hadrons_can_be_left_out_of_the_final_state(tiny_run):
    event = next(Generator(tiny_run.generator, hadrons=False)(1))
    assert event.final_state().pid.tolist() == [11]
    assert len(event) == 5


@pytest.fixture
def small_blocks(monkeypatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 100)


@pytest.mark.usefixtures("small_blocks")
def test_two_runs_go_on_where_one_stopped(tiny_run, generator):
    whole = momenta(generator(450))
    for stop in (1, 100, 333):
        first = Generator(tiny_run.generator, seed=7)
        before = momenta(first(stop))
        kept = json.dumps(first.random_state)
        second = Generator(tiny_run.generator)
        second.random_state = json.loads(kept)
        assert second.random_state == RandomState(7, stop)
        after = momenta(second(450 - stop))
        assert np.concatenate([before, after]).tobytes() == whole.tobytes()


@pytest.mark.usefixtures("small_blocks")
def test_calls_and_tables_go_on_with_the_same_events(tiny_run, generator):
    table = tiny_run.generator.generate(500, seed=7)
    assert [event.Q2 for event in generator(30)] == list(table["Q2"][:30])
    part = generator.table(200)
    np.testing.assert_array_equal(part["px"], table["px"][30:230])
    assert part.provenance["first_event"] == 30
    # left early: only what was taken counts
    taken = list(itertools.islice(generator(1e9), 15))
    assert [event.nevent for event in taken] == list(range(230, 245))
    assert generator.random_state == (7, 245)
    pairs = list(zip(generator(5), generator(5), strict=True))
    assert [event.nevent for pair in pairs for event in pair] == list(range(245, 255))
    assert len(generator.table(0)) == 0
    assert list(generator(0)) == []


def test_kept_events_keep_no_block(generator):
    event = next(generator(1))
    assert event.px.base.base is None
    assert event.px.base.size == 25


@pytest.mark.parametrize("state", [(7,), "7", (7, -1), None, ("a", "b")])
def test_states_that_are_none(generator, state):
    with pytest.raises(ConfigError, match=r"random_state = .*"):
        generator.random_state = state


@pytest.mark.parametrize("n", [-1, 2.5])
def test_numbers_that_make_no_sense(generator, n):
    with pytest.raises(ModelError, match="cannot generate"):
        generator(n)


def test_other_beams_than_the_models_are_refused(tiny_run):
    with pytest.raises(ModelError, match=r"the model knows .* only"):
        Generator(tiny_run.generator, "18x275")
    with pytest.raises(ConfigError, match="frame 'lab' is unknown"):
        Generator(tiny_run.generator, frame="lab")


def test_the_cross_section_is_the_models_or_unknown(tiny_run, generator, monkeypatch):
    manifest = tiny_run.generator.manifest
    known = {"points": [[]], "columns": 0, "sigma_pb": [250.0], "error_pb": [2.0]}
    monkeypatch.setitem(manifest, "cross_sections", known)
    tiny_run.generator.__dict__.pop("_cross_sections", None)
    value, error = generator.cross_section()
    assert (value, error) == pytest.approx((250.0, 2.0))
    assert next(generator(1)).to_hepmc3().cross_section.xsec() == value
    tiny_run.generator.__dict__.pop("_cross_sections", None)
    monkeypatch.setitem(manifest, "cross_sections", None)
    with pytest.raises(ModelError, match="does not know cross-sections"):
        generator.cross_section()
    unknown = Generator(tiny_run.generator)
    assert next(unknown(1)).to_hepmc3().cross_section is None


def described(event: pyhepmc.GenEvent) -> list:
    return [
        (
            particle.pid,
            particle.status,
            particle.generated_mass,
            [getattr(particle.momentum, name) for name in ("px", "py", "pz", "e")],
            [parent.id for parent in particle.parents],
        )
        for particle in event.particles
    ]


def test_hepmc3_events_are_those_of_the_written_file(tiny_run, generator, tmp_path):
    write(tiny_run.generator.generate(20, seed=7), tmp_path / "e.hepmc")
    with pyhepmc.open(tmp_path / "e.hepmc") as file:
        for read_back, event in zip(file, generator(20), strict=True):
            made = event.to_hepmc3()
            assert described(made) == described(read_back)
            assert list(made.weights) == list(read_back.weights) == [1.0]
            assert list(made.weight_names) == list(read_back.weight_names)
            assert made.event_number == read_back.event_number
            assert made.momentum_unit == read_back.momentum_unit == pyhepmc.Units.GEV


def test_hepmc3_events_can_be_written_and_read_as_a_file_of_fatgan(generator, tmp_path):
    again = pyhepmc.GenEvent()
    with pyhepmc.open(tmp_path / "e.hepmc", "w") as file:
        for event in generator(10):
            assert event.to_hepmc3(again) is again
            file.write(again)
    back = read(tmp_path / "e.hepmc")
    generator.random_state = (7, 0)
    assert back.collision == generator.kinematics
    assert back.provenance["origin"]["seed"] == 7
    np.testing.assert_array_equal(back["px"], generator.table(10)["px"])


def test_events_name_the_seed_that_they_are_of(generator):
    for seed in (7, 8):
        generator.random_state = (seed, 0)
        run = next(generator(1)).to_hepmc3().run_info
        assert json.loads(run.attributes["fatgan"])["provenance"]["seed"] == seed


def test_a_filtered_event_has_no_vertices(generator):
    event = next(generator(1)).final_state()
    assert event.mothers is None
    with pytest.raises(DataError, match="a filtered event has no vertices"):
        event.to_hepmc3()
