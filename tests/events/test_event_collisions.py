"""Beams of each event's own, against the single collision that they are many of."""

from __future__ import annotations

import numpy as np
import pytest

from fatgan.errors import ConfigError, DataError
from fatgan.events import Collision, Collisions
from fatgan.events.kinematics import PROTON_MASS

LABELS = ("50x50", "11x0", "27.5x920", "11x0", "10x10", "50x50")
SINGLE = [Collision.parse(label, frame="proton") for label in LABELS]


def several(frame: str = "proton", lepton: object = 11) -> Collisions:
    energies = ([c.electron_energy for c in SINGLE], [c.proton_energy for c in SINGLE])
    return Collisions(*energies, frame, lepton)


def test_beams_are_those_of_each_collision_to_the_bit():
    made = several()
    for number, collision in enumerate(SINGLE):
        assert tuple(component[number] for component in made.beams) == collision.beams
        assert made.s[number] == collision.s


def test_a_proton_energy_of_zero_is_at_rest():
    made = Collisions([11, 18], [0, 275])
    np.testing.assert_array_equal(made.proton_energy, [PROTON_MASS, 275])


def test_settings_are_distinct_and_sorted():
    leptons = [11, -11, 11, 11, 11, -11]
    settings = several(lepton=leptons).settings()
    expected = ["10x10", "11x0", "27.5x920", "50x50", "11x0", "50x50"]
    assert [setting.label for setting in settings] == expected
    assert [setting.lepton_pdg for setting in settings] == [11, 11, 11, 11, -11, -11]


def test_rows_of_a_setting_are_its_events():
    made = several()
    by_setting = made.rows_by_setting()
    assert tuple(setting for setting, _ in by_setting) == made.settings()
    for setting, rows in by_setting:
        expected = [number for number, one in enumerate(SINGLE) if one.label == setting.label]
        np.testing.assert_array_equal(rows, expected)
        np.testing.assert_array_equal(np.flatnonzero(made.rows_of(setting)), rows)
    assert not made.rows_of(Collision.parse("18x275")).any()
    assert not made.rows_of(Collision.parse("50x50", lepton_pdg=-11)).any()


@pytest.mark.parametrize("key", [slice(1, 4), np.arange(6) % 2 > 0, [5, 0], slice(0, 0)])
def test_a_selection_has_the_settings_that_are_left(key):
    part = several()[key]
    kept = list(np.array(LABELS)[key])
    assert len(part) == len(kept)
    assert {setting.label for setting in part.settings()} == set(kept)
    assert sum(len(rows) for _, rows in part.rows_by_setting()) == len(kept)


def test_concatenation_undoes_selection():
    whole = several(lepton=[11, -11] * 3)
    assert Collisions.concatenate([whole[:2], whole[2:2], whole[2:]]) == whole
    assert whole != whole[::-1]
    assert whole != whole.with_frame("electron")
    assert whole.with_frame("electron").with_frame("proton") == whole


def test_repetition_is_many_times_one():
    one = Collision.parse("18x275", "electron", -11)
    made = Collisions.repeat(one, 3)
    assert len(made) == 3
    assert made.settings() == (one,)
    assert made == Collisions([18] * 3, [275] * 3, "electron", -11)


def test_columns_are_read_only():
    made = several()
    for values in (made.electron_energy, made.proton_energy, made.lepton_pdg, made.s, *made.beams):
        with pytest.raises(ValueError, match="read-only"):
            values[0] = 1
    assert made.electron_energy.dtype == np.float64
    assert made.lepton_pdg.dtype == np.int64


def test_words():
    assert str(several()) == "e- p, 4 settings, 11x0 to 27.5x920 GeV, proton along +z"
    assert str(several(lepton=[11, -11] * 3)).startswith("e-/e+ p, 5 settings, ")
    assert several().label == "4 settings, 11x0 to 27.5x920"
    assert Collisions.repeat(SINGLE[0], 2).label == "50x50"
    assert several().to_dict() == {"settings": 4, "frame": "proton"}
    assert "no setting" in str(several()[:0])


@pytest.mark.parametrize(
    ("electron", "proton", "options", "message"),
    [
        ([10, 0, np.nan], [10, 10, 10], {}, r"electron beam energy 0\.0 .* \(in 2 of 3 events\)"),
        ([10, 11], [10, 0.5], {}, r"proton beam energy 0\.5 .* \(in 1 of 2 events\)"),
        ([10], [10], {"lepton_pdg": 13}, r"beams 13\S* on 2212: only e- .* \(in 1 of 1 events\)"),
        ([10], [10], {"frame": "up"}, "frame 'up' is unknown"),
    ],
)
def test_senseless_beams_are_counted(electron, proton, options, message):
    with pytest.raises(ConfigError, match=message):
        Collisions(electron, proton, **options)


def test_lengths_that_differ_are_refused():
    with pytest.raises(DataError, match=r"different lengths: \{'electron_energy': 2"):
        Collisions([10, 10], [10])
    with pytest.raises(DataError, match="'lepton_pdg': 3"):
        Collisions([10, 10], [10, 10], lepton_pdg=[11, 11, 11])
    with pytest.raises(DataError, match="no collisions to join"):
        Collisions.concatenate([])
