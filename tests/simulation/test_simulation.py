"""Pythia's events: the same for any number of workers, with one sharp edge."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from fatgan.errors import ConfigError, MissingExtraError
from fatgan.events import Collision
from fatgan.events.bounds import violations
from fatgan.simulation import default_level, sample, settings, simulate
from fatgan.simulation.sample import BLOCK, block_seed

HERA = Collision.parse("27.5x920")


def momenta(table) -> np.ndarray:
    return np.stack(table.momenta)


@pytest.fixture(scope="module")
def hera():
    pytest.importorskip("pythia8mc")
    return simulate(20_000, HERA, 4.0, seed=11)


def test_settings_are_those_of_the_beams():
    lines = settings(HERA, 4.0)
    for line in (
        "Beams:idA = 2212",
        "Beams:idB = 11",
        "Beams:frameType = 2",
        "Beams:eA = 920.0",
        "Beams:eB = 27.5",
        "PhaseSpace:Q2Min = 4.0",
        "PhaseSpace:mHatMin = 1.0",
        "PartonLevel:all = off",
    ):
        assert line in lines
    fixed = settings(Collision.parse("11x0"), 1.0)
    assert {"Beams:frameType = 3", "Beams:pzA = 0.0"} <= set(fixed)
    assert "PartonLevel:all = off" not in fixed
    assert "PartonLevel:all = off" not in settings(HERA, 4.0, "hadron")
    assert "Beams:idB = -11" in settings(Collision.parse("hera", lepton_pdg=-11), 4.0)


def test_pythias_own_cuts_are_left_in_place():
    lines = settings(HERA, 2.0, cuts="pythia")
    assert "PhaseSpace:mHatMin = 4.0" in lines
    assert "PhaseSpace:pTHatMinDiverge = 1.0" in lines
    rest = [line for line in lines if "mHatMin" not in line and "Diverge" not in line]
    assert set(rest) < set(settings(HERA, 2.0))


def test_levels_by_default():
    assert default_level(HERA) == "process"
    assert default_level(Collision.parse("11x0")) == "hadron"
    # above W2 = 4 GeV^2 hadronisation hardly fails, from 20 GeV on
    assert default_level(Collision.parse("27.5x0"), w2_min=4.0) == "process"
    assert default_level(Collision.parse("27.5x0"), w2_min=3.0) == "hadron"
    assert default_level(Collision.parse("11x0"), w2_min=4.0) == "hadron"


@pytest.mark.parametrize("q2_min", [0.0, -1.0, 2e5, float("nan")])
def test_q2_min_out_of_range(q2_min):
    with pytest.raises(ConfigError, match=r"q2_min = .* out of range"):
        settings(HERA, q2_min)


def test_senseless_requests():
    with pytest.raises(ConfigError, match="n must be at least 1"):
        simulate(0, HERA, 4.0, seed=1)
    with pytest.raises(ConfigError, match="level 'proces' is unknown; did you mean 'process'"):
        simulate(1, HERA, 4.0, seed=1, level="proces")
    with pytest.raises(ConfigError, match="cuts 'pythias' are unknown; did you mean 'pythia'"):
        simulate(1, HERA, 4.0, seed=1, cuts="pythias")
    for w2_min in (-1.0, 1.1e5, float("nan")):
        with pytest.raises(ConfigError, match=r"w2_min = .* out of range: .* up to 101201"):
            simulate(1, HERA, 4.0, seed=1, w2_min=w2_min)


def test_without_pythia_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "pythia8mc", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'fatgan\[pythia\]'"):
        simulate(1, HERA, 4.0, seed=1)


def test_seeds_of_blocks_differ_and_fit():
    seeds = [block_seed(seed, index) for seed in range(5) for index in range(100)]
    assert len(set(seeds)) == len(seeds)
    assert all(1 <= seed < 900_000_000 for seed in seeds)


def test_events_are_physical_and_the_edge_is_sharp(hera):
    assert sum(violations(hera).values()) == 0
    Q2 = np.sort(hera["Q2"])
    assert Q2[0] >= 4.0 - 1e-6
    # 1/Q4 within the first per cent above the edge: events arrive at once
    assert Q2[200] < 4.1
    assert hera["E"].max() < HERA.electron_energy + HERA.proton_energy


def test_nothing_else_is_cut(hera):
    # Pythia's own defaults would leave none below 1 GeV^2 in either
    assert np.mean(hera["pT"] ** 2 < 0.2) > 1e-3
    assert hera["y"].max() > 0.99
    assert (hera["Q2"] / hera["y"]).min() < 6.0


def test_the_proton_moves_along_z_and_phi_is_flat(hera):
    assert np.mean(hera["pz"]) < -20
    harmonics = [abs(np.mean(np.exp(1j * k * hera["phi"]))) for k in range(1, 7)]
    assert max(harmonics) < 4 / np.sqrt(len(hera))


def test_pythias_cuts_are_those_of_the_published_sample():
    pytest.importorskip("pythia8mc")
    collision = Collision.parse("10x10")
    cut, whole = (simulate(4000, collision, 2.0, seed=3, cuts=c) for c in ("pythia", "none"))
    assert cut["pT"].min() > 1 - 1e-6
    assert whole["pT"].min() < 0.7
    # x is that of a massless quark: 1 % are on charm and bottom, whose masses lower Q2 / y
    low, low_whole = (np.mean(table["Q2"] / table["y"] < 16) for table in (cut, whole))
    assert low < 0.02
    assert low_whole > 0.1
    assert cut.provenance["cuts"] == "pythia"
    assert cut.provenance["cross_section_pb"] < whole.provenance["cross_section_pb"]


def test_an_edge_in_w2_leaves_out_events_and_their_cross_section():
    pytest.importorskip("pythia8mc")
    collision = Collision.parse("27.5x0")
    n = 4000
    whole = simulate(n, collision, 2.0, seed=7, level="process")
    above = simulate(n, collision, 2.0, seed=7, level="process", w2_min=6.0)
    kept = whole["W2"] >= 6.0
    assert 0.5 < kept.mean() < 0.95
    # the same events, but for those below; more follow
    np.testing.assert_array_equal(momenta(above)[:, : kept.sum()], momenta(whole)[:, kept])
    assert len(above) == n
    told = above.provenance
    share = n / (n + told["below_w2_min"])
    parts = told["cross_section_pb"] / whole.provenance["cross_section_pb"]
    # both runs estimate the whole from events of one seed; 4 standard errors
    assert parts == pytest.approx(share, rel=4 * np.sqrt((1 - share) / n))
    assert kept.mean() == pytest.approx(share, rel=4 * np.sqrt((1 - share) / n))
    relative = told["cross_section_error_pb"] / told["cross_section_pb"]
    assert relative > np.sqrt((1 - share) / n)


def test_an_edge_in_w2_that_hardly_an_event_reaches_is_refused():
    pytest.importorskip("pythia8mc")
    with pytest.raises(ConfigError, match=r"events lie above w2_min = 99000 GeV\^2; lower it"):
        simulate(100, HERA, 4.0, seed=1, w2_min=9.9e4)


def test_provenance_tells_how(hera):
    told = hera.provenance
    assert told["generator"] == "Pythia"
    assert told["seed"] == 11
    assert told["q2_min"] == 4.0
    assert told["level"] == "process"
    assert told["cuts"] == "none"
    assert told["w2_min"] == 0
    assert 2.9e5 < told["cross_section_pb"] < 3.3e5
    assert 0 < told["cross_section_error_pb"] < 0.01 * told["cross_section_pb"]


def test_frame_is_the_collisions(hera):
    other = simulate(100, HERA.with_frame("electron"), 4.0, seed=11)
    assert other.collision.frame == "electron"
    np.testing.assert_array_equal(momenta(other.with_frame("proton")), momenta(hera)[:, :100])


def test_seed_decides(hera):
    np.testing.assert_array_equal(momenta(simulate(50, HERA, 4.0, seed=11)), momenta(hera)[:, :50])
    other = momenta(simulate(50, HERA, 4.0, seed=12))
    assert not np.array_equal(other, momenta(hera)[:, :50])


def test_workers_do_not_matter(monkeypatch):
    pytest.importorskip("pythia8mc")
    monkeypatch.setattr(sample, "BLOCK", 400)
    ticks: list[int] = []
    one = simulate(1000, HERA, 4.0, seed=5, workers=1, progress=ticks.append)
    assert sum(ticks) == 1000
    ticks.clear()
    two = simulate(1000, HERA, 4.0, seed=5, workers=2, progress=ticks.append)
    assert sorted(ticks) == [200, 400, 400]
    np.testing.assert_array_equal(momenta(one), momenta(two))
    assert one.provenance == two.provenance
    assert BLOCK > 10_000


@pytest.mark.parametrize("lepton_pdg", [11, -11])
def test_fixed_target_with_either_lepton(lepton_pdg):
    pytest.importorskip("pythia8mc")
    collision = Collision.parse("11x0", lepton_pdg=lepton_pdg)
    table = simulate(500, collision, 1.0, seed=1)
    assert table.collision == collision
    assert collision.frame == "electron"
    assert sum(violations(table).values()) == 0
    assert table["Q2"].min() > 1 - 1e-6
    assert np.all(table["pz"] > 0)
    assert table["E"].max() < 11


def test_impossible_requests_end():
    pytest.importorskip("pythia8mc")
    with pytest.raises(ConfigError, match="Pythia"):
        simulate(10, Collision.parse("11x0"), 20.5, seed=1, level="hadron")


def test_stdout_stays_quiet(capfd):
    pytest.importorskip("pythia8mc")
    simulate(10, HERA, 4.0, seed=1)
    assert capfd.readouterr() == ("", "")
