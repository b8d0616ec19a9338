"""Sliced distances against POT, SciPy and closed forms."""

import numpy as np
import ot
import pytest
from permuted import measured, weighted
from scipy import stats

from analysis.comparison import Comparison
from analysis.features import SMOOTH
from analysis.scores.permutation import Blocks
from analysis.scores.sliced import DIRECTIONS, SlicedDistances, uniform_directions

DIMENSIONS = len(SMOOTH)


def directions_of(comparison):
    return uniform_directions(DIRECTIONS, DIMENSIONS, comparison.rng(SlicedDistances.name))


def test_sliced_distances_equal_pot_and_scipy(pair):
    a, b = pair.standardised
    axes = directions_of(pair)
    found = measured(SlicedDistances(), pair)
    expected = ot.sliced_wasserstein_distance(a, b, projections=axes.T, p=1)
    assert found["sliced W1"].value == pytest.approx(float(expected), rel=1e-9)
    projected = [(a @ axis, b @ axis) for axis in axes]
    expected = np.mean([stats.ks_2samp(*both).statistic for both in projected])
    assert found["sliced KS"].value == pytest.approx(expected, rel=1e-9)
    expected = np.mean([stats.energy_distance(*both) ** 2 for both in projected])
    assert found["sliced energy distance"].value == pytest.approx(expected, rel=1e-9)


def test_sliced_distances_honour_weights(truth):
    rng = np.random.default_rng(0)
    tables = [weighted(truth(200, seed), rng.uniform(0.9, 1.1, 200)) for seed in (1, 2)]
    comparison = Comparison(*tables)
    assert Blocks(comparison).sizes == (200, 200)
    projected = [[s @ axis for s in comparison.standardised] for axis in directions_of(comparison)]
    w = [table.weights for table in tables]
    expected = np.mean([stats.wasserstein_distance(*both, *w) for both in projected])
    assert measured(SlicedDistances(), comparison)["sliced W1"].value == pytest.approx(expected)


def test_sliced_distances_of_shifted_normals_are_the_closed_forms(normals):
    comparison, shift = normals
    moved = np.abs(directions_of(comparison) @ shift)
    found = measured(SlicedDistances(), comparison)
    # 500 cells and a finite sample; 4 sigmas are a false alarm of 6e-5 each
    for name, expected in (
        ("sliced W1", moved),
        ("sliced KS", 2 * stats.norm.cdf(moved / 2) - 1),
        (
            "sliced energy distance",
            2 * stats.foldnorm.mean(moved / 2**0.5, scale=2**0.5) - 4 / np.pi**0.5,
        ),
    ):
        assert found[name].value == pytest.approx(expected.mean(), abs=4 * found[name].error)


def test_jackknife_error_is_the_closed_form(normals):
    comparison, shift = normals
    axes = directions_of(comparison)
    gradient = (np.sign(axes @ shift)[:, None] * axes).mean(axis=0)
    expected = np.linalg.norm(gradient) * (1 / 3000 + 1 / 2000) ** 0.5
    # of 250 blocks: 4.5 % uncertain; 4 sigmas
    assert measured(SlicedDistances(), comparison)["sliced W1"].error == pytest.approx(
        expected, rel=0.2
    )
