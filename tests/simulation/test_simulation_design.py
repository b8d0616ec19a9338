"""The samples of a design: a file for each setting, kept where it is there, each by itself."""

from __future__ import annotations

import numpy as np
import pytest

from fatgan.configuration.reading import checked
from fatgan.errors import ConfigError, DataError
from fatgan.events import Collision
from fatgan.io import describe, read, write
from fatgan.simulation import SimulationConfig, design, pool, sample, simulate, simulate_design
from fatgan.simulation.pythia import Block, BlockResult

ENTRIES = {
    "beams": ["18x275", "27.5x0"],
    "leptons": [11, -11],
    "events": 900,
    "q2_min": 2.0,
    "w2_min": 4.0,
    "seed": 3,
}


def config(folder: object = "samples", **changes: object) -> SimulationConfig:
    return checked(SimulationConfig, {**ENTRIES, "folder": folder, **changes}, "c.yaml")


@pytest.fixture
def quick(monkeypatch):
    """Blocks whose events cost nothing: what is kept, made and stopped does not depend on them."""
    pytest.importorskip("pythia8mc")

    def run_block(block: Block, tick: object = None) -> BlockResult:
        scale = 1 + np.random.default_rng(block.seed).random((block.n, 1)) / 100
        return BlockResult(scale * [2.0, 0.0, -15.0], 100.0, 1.0, 0, 0)

    monkeypatch.setattr(pool, "run_block", run_block)
    monkeypatch.setattr(sample, "BLOCK", 500)


def test_each_file_is_a_sample_of_its_own(tmp_path, monkeypatch):
    pytest.importorskip("pythia8mc")
    monkeypatch.setattr(sample, "BLOCK", 500)
    ticks: list[int] = []
    files = simulate_design(config(tmp_path / "new", beams=["27.5x0"]), 1, ticks.append)
    assert sum(ticks) == 1800
    assert [file.path.name for file in files] == ["e-_27.5x0.root", "e+_27.5x0.root"]
    assert all(file.made and file.events == 900 for file in files)
    tables = [read(file.path) for file in files]
    assert [table.collision.lepton_pdg for table in tables] == [11, -11]
    for table in tables:
        assert len(table) == 900
        assert table["Q2"].min() > 2 - 1e-6
        assert table["W2"].min() >= 4
        assert table.provenance["origin"]["level"] == "process"
    origin = tables[1].provenance["origin"]
    assert origin["seed"] != tables[0].provenance["origin"]["seed"]
    collision = Collision.parse("27.5x0", lepton_pdg=-11)
    alone = simulate(900, collision, 2.0, origin["seed"], workers=1, w2_min=4.0)
    assert tables[1].collision == collision
    np.testing.assert_array_equal(alone.momenta, tables[1].momenta)
    assert alone.provenance == origin


@pytest.mark.usefixtures("quick")
def test_what_is_there_is_kept_and_what_differs_is_made_anew(tmp_path):
    whole = config(tmp_path, leptons=[11])
    paths = [file.path for file in simulate_design(whole, 1)]
    first, second = (read(path) for path in paths)
    untouched = paths[0].stat().st_mtime_ns
    paths[1].unlink()
    ticks: list[int] = []
    again = simulate_design(whole, 1, ticks.append)
    assert [file.made for file in again] == [False, True]
    assert ticks == [900]  # those that are kept
    assert paths[0].stat().st_mtime_ns == untouched
    np.testing.assert_array_equal(read(paths[1]).momenta, second.momenta)
    # a further setting leaves the others as they are
    more = simulate_design(config(tmp_path, leptons=[11], beams=["10x100", *ENTRIES["beams"]]), 1)
    assert [file.made for file in more] == [True, False, False]
    for changes in ({"events": 901}, {"q2_min": 2.1}, {"w2_min": 5.0}, {"cuts": "pythia"}):
        one = config(tmp_path, leptons=[11], beams=["18x275"], **changes)
        assert simulate_design(one, 1)[0].made, changes
        assert describe(paths[0]).entries == one.events
        assert not simulate_design(one, 1)[0].made, changes
    other = config(tmp_path, leptons=[11], beams=["18x275"], seed=4)
    assert simulate_design(other, 1)[0].made
    assert not np.array_equal(read(paths[0])["px"], first["px"])


@pytest.mark.usefixtures("quick")
def test_a_file_of_another_origin_is_not_replaced(tmp_path):
    path = tmp_path / "e-_18x275.root"
    foreign = simulate(5, Collision.parse("18x275"), 2.0, 1, workers=1)
    write(foreign.with_provenance(generator="another"), path)
    with pytest.raises(DataError, match=r"e-_18x275\.root: is there already and no simulated"):
        simulate_design(config(tmp_path), 1)
    assert describe(path).entries == 5


@pytest.mark.usefixtures("quick")
def test_a_simulation_that_is_stopped_goes_on_from_whole_files(tmp_path, monkeypatch):
    calls = []

    def stops(*args: object) -> None:
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        write(*args)

    monkeypatch.setattr(design, "write", stops)
    with pytest.raises(KeyboardInterrupt):
        simulate_design(config(tmp_path), 1)
    assert [path.name for path in tmp_path.iterdir()] == ["e-_18x275.root"]
    monkeypatch.setattr(design, "write", write)
    made = [file.made for file in simulate_design(config(tmp_path), 1)]
    assert made == [False, True, True, True]


def test_seeds_do_not_depend_on_the_other_settings():
    few = config(beams=["18x275"]).samples()
    many = config(beams=["10x100", "18x275", "50x0"]).samples()
    assert few.items() <= many.items()
    assert len({item.seed for item in many.values()}) == 6
    assert config(beams=["18x275"], seed=4).samples() != few


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"beams": ["18x"]}, "'beams': beams '18x' are not understood"),
        ({"beams": []}, "'beams'"),
        ({"beams": ["hera", "27.5x920"]}, "27.5x920 stands there more than once"),
        ({"leptons": [11, 11]}, "11 stands there more than once"),
        ({"leptons": [13]}, "'leptons.0'"),
        ({"events": 0}, "'events'"),
        ({"q2_min": 0}, "'q2_min'"),
        ({"w2_min": -1}, "'w2_min'"),
        ({"cuts": "pythias"}, "'cuts'"),
        ({"q2min": 1}, "unknown key 'q2min'; did you mean 'q2_min'"),
    ],
)
def test_a_wrong_design_is_refused_in_one_line(changes, word):
    with pytest.raises(ConfigError, match=r"c\.yaml: ") as refusal:
        config(**changes)
    assert word in str(refusal.value)


def test_an_edge_that_a_setting_does_not_reach_is_refused():
    with pytest.raises(ConfigError, match=r"q2_min = 60 GeV.* 27\.5x0 reaches"):
        config(q2_min=60.0).samples()
