from __future__ import annotations

import numpy as np
import pytest

from fatgan.errors import ConfigError
from fatgan.events import DERIVED, OBSERVABLES, Collision, EventTable

OTHER = {"proton": "electron", "electron": "proton"}


def test_rotation_is_an_involution(events):
    other = events.with_frame(OTHER[events.collision.frame])
    back = other.with_frame(events.collision.frame)
    assert other.collision != events.collision
    assert back.collision == events.collision
    for a, b in zip(back.momenta, events.momenta, strict=True):
        np.testing.assert_array_equal(a, b)


def test_rotation_leaves_the_invariants_alone(events):
    other = events.with_frame(OTHER[events.collision.frame])
    for name in ("Q2", "x", "y", "W2", "W", "nu", "E", "pT"):
        np.testing.assert_array_equal(other[name], events[name])
    np.testing.assert_allclose(other["theta"], np.pi - events["theta"], atol=1e-12)
    np.testing.assert_allclose(other["eta"], -events["eta"], rtol=1e-12)


def test_rotation_keeps_handedness(events):
    one, two = (np.stack(t.momenta) for t in (events, events.with_frame("electron")))
    a, b, c = one[:, :3].T
    a2, b2, c2 = two[:, :3].T
    np.testing.assert_allclose(np.cross(a, b) @ c, np.cross(a2, b2) @ c2, rtol=1e-12)


def test_every_derived_column_is_an_observable():
    assert set(DERIVED) <= set(OBSERVABLES)


def test_electron_along_the_beam_has_infinite_eta_and_no_warning():
    table = EventTable([0.0], [0.0], [-20.0], Collision.parse("hera"))
    assert table["eta"][0] == -np.inf
    assert table["theta"][0] == pytest.approx(np.pi)


@pytest.mark.parametrize(
    ("text", "electron", "proton", "frame"),
    [
        ("27.5x920", 27.5, 920.0, "proton"),
        (" 18 X 275 ", 18.0, 275.0, "proton"),
        ("HERA", 27.5, 920.0, "proton"),
        ("11x0", 11.0, 0.93827209, "electron"),
        ("1e1x2.5e2", 10.0, 250.0, "proton"),
    ],
)
def test_beams_are_parsed(text, electron, proton, frame):
    collision = Collision.parse(text)
    assert (collision.electron_energy, collision.proton_energy) == (electron, proton)
    assert collision.frame == frame
    assert Collision.parse(collision.label) == collision
    assert Collision(**collision.to_dict()) == collision


@pytest.mark.parametrize("text", ["", "27.5", "27.5x", "x920", "axb", "1..5x3", "0x920", "5x0.5"])
def test_senseless_beams_are_refused(text):
    with pytest.raises(ConfigError, match="beam"):
        Collision.parse(text)


def test_near_presets_are_named():
    with pytest.raises(ConfigError, match="did you mean 'hera'"):
        Collision.parse("herra")


def test_only_electrons_on_protons():
    with pytest.raises(ConfigError, match="only e-"):
        Collision(10, 100, lepton_pdg=13)
    with pytest.raises(ConfigError, match="frame 'up'"):
        Collision(10, 100, frame="up")
