"""Augmented features against the event table's observables."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from fatgan.errors import ConfigError
from fatgan.events import EventTable
from fatgan.events.kinematics import ELECTRON_MASS
from fatgan.representations import AUGMENTATIONS, COORDINATES, FeatureTransform, Settings
from fatgan.representations.augmentation import NEED_AZIMUTH

POLAR = [name for name, item in COORDINATES.items() if item.polar]


def ln_beam_minus_pz(table: EventTable) -> np.ndarray:
    # the beam's momentum and energy agree to 1e-9 at these energies
    beam = np.sqrt(table.collision.electron_energy**2 - ELECTRON_MASS**2)
    return np.log(beam - table["pz"])


REFERENCE: dict[str, Callable[[EventTable], np.ndarray]] = {
    "px": lambda t: t["px"],
    "py": lambda t: t["py"],
    "pz": lambda t: t["pz"],
    "pT": lambda t: t["pT"],
    "E": lambda t: t["E"],
    "ln(Eb-pz)": ln_beam_minus_pz,
    "pz/pT": lambda t: 1 / np.tan(t["theta"]),
    "px*py": lambda t: t["pT"] ** 2 * np.sin(2 * t["phi"]) / 2,
    "px*pz": lambda t: t["px"] * t["pz"],
    "py*pz": lambda t: t["py"] * t["pz"],
    "ln pT": lambda t: np.log(t["E"] * np.sin(t["theta"])),
    "eta": lambda t: t["eta"],
    "ln Q2": lambda t: np.log(t["Q2"]),
    "ln x": lambda t: np.log(t["x"]),
    "ln y": lambda t: np.log(t["y"]),
}
"""In the electron frame; a new augmentation says here what it is."""


@pytest.mark.parametrize("item", AUGMENTATIONS)
def test_augmentations_are_the_observables_of_the_electron_frame(events, item):
    momenta, beams = events.electron_frame(), events.collision.beams
    value = AUGMENTATIONS[item](*momenta, beams, np)
    expected = REFERENCE[item](events.with_frame("electron"))
    np.testing.assert_allclose(value, expected, rtol=2e-6, atol=2e-6)


def test_the_view_is_standardised(transform, events):
    columns = tuple(transform.forward(events).astype(np.float64).T)
    for item, value in zip(
        transform.settings.augment, transform.augmented(columns, np), strict=True
    ):
        assert value.mean() == pytest.approx(0, abs=1e-3), item
        assert value.std() == pytest.approx(1, abs=1e-3), item


@pytest.mark.parametrize("name", POLAR)
@pytest.mark.parametrize("item", sorted(NEED_AZIMUTH))
def test_augmentations_of_phi_are_refused_when_phi_is_drawn(events, name, item):
    with pytest.raises(ConfigError, match="azimuth to learned"):
        FeatureTransform.fit(events, Settings(name, azimuth="uniform", augment=(item,)))


@pytest.mark.parametrize("item", sorted(set(AUGMENTATIONS) - NEED_AZIMUTH))
def test_the_other_augmentations_do_not_depend_on_phi(events, item):
    px, py, pz = events.electron_frame()
    turned = px * np.cos(1.0) - py * np.sin(1.0), px * np.sin(1.0) + py * np.cos(1.0), pz
    beams = events.collision.beams
    np.testing.assert_allclose(
        AUGMENTATIONS[item](*turned, beams, np),
        AUGMENTATIONS[item](px, py, pz, beams, np),
        rtol=1e-6,
        atol=1e-6,
    )


def test_the_needed_ones_are_known():
    assert set(AUGMENTATIONS) >= NEED_AZIMUTH
    assert set(REFERENCE) == set(AUGMENTATIONS)
