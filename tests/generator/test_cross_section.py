"""Cross-sections between the training samples: right within 2 %, and honest about it."""

from __future__ import annotations

import json

import numpy as np
import pytest

from fatgan.errors import DataError
from fatgan.events import Collision
from fatgan.generator.cross_section import CrossSections

PYTHIA = (
    *(("5x41", 174517, 418), ("20x41", 265580, 652), ("50x41", 342121, 851)),
    *(("10x100", 282220, 694), ("27.5x100", 368938, 908), ("5x275", 306956, 763)),
    *(("18x275", 428056, 1033), ("50x275", 548905, 1278), ("10x460", 422113, 1019)),
    *(("5x920", 422284, 1020), ("15x920", 547427, 1276), ("50x920", 729004, 1640)),
    *(("11x0", 20676, 52), ("20x0", 37419, 89), ("27.5x0", 47810, 113), ("50x0", 70051, 164)),
)
"""Beams, sigma and its error in pb: neutral-current DIS of Pythia 8.317.2 with Q2 > 2 and W2 > 4
GeV^2, 60,000 events each at process level."""

COLLIDERS = [Collision.parse(beams) for beams, *_ in PYTHIA[:12]]
SIGMA, ERROR = np.array([entry[1:] for entry in PYTHIA]).T


def energies(collisions: list[Collision]) -> np.ndarray:
    """ln Ee and ln Ep, as a conditional model has them but for the scale."""
    return np.log([(item.electron_energy, item.proton_energy) for item in collisions])


def ln_s(collisions: list[Collision]) -> np.ndarray:
    return np.log([[item.s] for item in collisions])


def born(s: np.ndarray, Q2_min: float = 2.0) -> np.ndarray:
    """Q2 > Q2_min of dsigma/dQ2 dy = (1 + (1-y)^2) / (y Q^4), the point-like cross-section."""

    def primitive(a: np.ndarray) -> np.ndarray:
        return 2 * (np.log(a) + 1) / a + 1.5 / a + 2 * np.log(a) - a / 2

    return (primitive(np.ones_like(s)) - primitive(Q2_min / s)) / s


def without(i: int, points: np.ndarray, sigma: np.ndarray, error: np.ndarray) -> tuple:
    """Value and error at point ``i`` from all others."""
    others = np.arange(len(points)) != i
    known = CrossSections(points[others], sigma[others], error[others])
    (value,), (doubt,) = known.sigma(points[[i]])
    return value, doubt


INSIDE = [
    i for i, item in enumerate(COLLIDERS) if item.label not in ("5x41", "50x41", "5x920", "50x920")
]
"""All but the corners of the design, where the others can only be continued."""


def test_within_two_per_cent_of_a_closed_form_inside_a_design():
    truth = born(np.array([item.s for item in COLLIDERS]))
    for i in INSIDE:
        value, doubt = without(i, energies(COLLIDERS), truth, 1e-3 * truth)
        assert abs(value / truth[i] - 1) < 0.02
        assert 5e-4 < doubt / truth[i] < 0.02


def test_within_two_per_cent_of_pythia_inside_a_design():
    for i in INSIDE:
        value, doubt = without(i, energies(COLLIDERS), SIGMA[:12], ERROR[:12])
        assert abs(value / SIGMA[i] - 1) < 0.02
        assert abs(value - SIGMA[i]) < 4 * np.hypot(doubt, ERROR[i])


def test_s_alone_joins_fixed_targets_and_colliders():
    collisions = [Collision.parse(beams) for beams, *_ in PYTHIA]
    # both ends, and both sides of the gap between the two
    outside = ("11x0", "50x0", "5x41", "50x920")
    for i, item in enumerate(collisions):
        value, doubt = without(i, ln_s(collisions), SIGMA, ERROR)
        if item.label not in outside:
            assert abs(value / SIGMA[i] - 1) < 0.02, item.label
            assert abs(value - SIGMA[i]) < 4 * np.hypot(doubt, ERROR[i]), item.label


def test_points_give_their_own_values_within_errors():
    known = CrossSections(energies(COLLIDERS), SIGMA[:12], ERROR[:12])
    value, doubt = known.sigma(energies(COLLIDERS))
    assert np.abs(value - SIGMA[:12]).max() < 3 * ERROR[:12].max()
    assert (doubt < 1.01 * ERROR[:12]).all()


def test_the_error_grows_away_from_the_points():
    known = CrossSections(energies(COLLIDERS), SIGMA[:12], ERROR[:12])
    electron = np.array([20.0, 100.0, 500.0, 5000.0])
    value, doubt = known.sigma(np.log(np.stack([electron, np.full(4, 275.0)], axis=1)))
    assert (np.diff(doubt / value) > 0).all()
    assert doubt[-1] > 0.1 * value[-1]


def test_a_single_point_knows_nothing_elsewhere():
    known = CrossSections([[0.0, 1.0]], [5.0], [0.1])
    value, error = known.sigma([[0.0, 1.0], [0.0, 2.0]])
    np.testing.assert_allclose(value, 5.0)
    np.testing.assert_allclose(error, [0.1, np.inf])


def test_a_column_in_which_no_point_differs_tells_nothing_elsewhere():
    points = np.stack([np.linspace(-1, 1, 5), np.zeros(5)], axis=1)
    sigma = 10 * np.exp(points[:, 0])
    known = CrossSections(points, sigma, 0.001 * sigma)
    value, error = known.sigma([[0.5, 0.0], [0.5, 1.0]])
    np.testing.assert_allclose(value, 10 * np.exp(0.5), rtol=0.01)
    assert error[0] < 0.05 * value[0]
    assert error[1] == np.inf


def test_without_conditions_samples_are_averaged():
    known = CrossSections(np.empty((2, 0)), [100.0, 102.0], [1.0, 1.02])
    value, error = known.sigma(np.empty((3, 0)))
    np.testing.assert_allclose(value, np.sqrt(100 * 102))
    np.testing.assert_allclose(error, value * 0.01 / np.sqrt(2))


@pytest.mark.parametrize("columns", [0, 2])
def test_a_manifest_keeps_them(columns):
    known = CrossSections(energies(COLLIDERS)[:, :columns], SIGMA[:12], ERROR[:12])
    again = CrossSections.from_dict(json.loads(json.dumps(known.to_dict())))
    asked = energies([Collision.parse("12x300"), Collision.parse("30x60")])[:, :columns]
    np.testing.assert_array_equal(known.sigma(asked), again.sigma(asked))


@pytest.mark.parametrize(
    ("points", "sigma", "error", "word"),
    [
        ([[0.0]], [0.0], [0.1], "1 of 1 are not above 0"),
        ([[0.0], [1.0]], [1.0, np.nan], [0.1, 0.1], "1 of 2"),
        ([[0.0], [1.0]], [1.0, 2.0], [0.1, -0.1], "1 of 2"),
        ([[0.0]], [1.0, 2.0], [0.1, 0.1], "do not fit together"),
        (np.empty((0, 1)), [], [], "do not fit together"),
        ([0.0], [1.0], [0.1], "do not fit together"),
    ],
)
def test_what_is_no_cross_section_is_refused(points, sigma, error, word):
    with pytest.raises(DataError, match=word):
        CrossSections(points, sigma, error)


def test_another_number_of_conditions_is_refused():
    known = CrossSections([[0.0], [1.0]], [1.0, 2.0], [0.1, 0.1])
    with pytest.raises(DataError, match="1 columns"):
        known.sigma([[0.0, 1.0]])
