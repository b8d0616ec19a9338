"""Weighted training rows: each counts by the size of its weight."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtr
from truths import FRAMES, dis_truth

from fatgan.events import EventTable
from fatgan.representations import COORDINATES, SCALINGS, FeatureTransform, Settings
from fatgan.representations.azimuth import is_uniform
from fatgan.representations.scaling import moments
from fatgan.representations.tails import quantile_table

GRID = np.linspace(-8, 8, 1025)
COLLISION = FRAMES["proton"]


def weighted(table: EventTable, weights: np.ndarray) -> EventTable:
    return EventTable(*table.momenta, table.collision, weights=weights)


@pytest.mark.parametrize("name", COORDINATES)
@pytest.mark.parametrize("scaling", SCALINGS)
def test_weights_that_are_all_equal_change_nothing(name, scaling):
    table = dis_truth(COLLISION, 2000, seed=1)
    chosen = Settings(name, scaling, "uniform", ("ln x", "eta"))
    plain = FeatureTransform.fit(table, chosen)
    for value in (1.0, 0.37):
        other = FeatureTransform.fit(weighted(table, np.full(2000, value)), chosen)
        assert other.to_dict() == plain.to_dict()


def test_a_weight_of_three_is_three_events_in_mean_and_deviation():
    column, counts = np.random.default_rng(1).normal(size=500), np.arange(500) % 3 + 1
    expected = np.repeat(column, counts)
    assert moments(column, counts.astype(float)) == pytest.approx(
        (expected.mean(), expected.std()), rel=1e-12
    )


def test_weighted_quantiles_are_those_of_the_weighted_law():
    """Uniform draws weighted by 2x: quantiles sqrt(p). 4 sigma of 200,000 effective events."""
    column = np.random.default_rng(2).uniform(size=300_000)
    table = quantile_table(column, GRID, (0.0, 1.0), 2 * column)
    body = np.abs(GRID) < 2.5
    share = table[body] ** 2
    error = np.sqrt(ndtr(GRID[body]) * ndtr(-GRID[body]) / 200_000)
    assert np.max(np.abs(share - ndtr(GRID[body])) / error) < 4.5


def test_weighted_tables_are_the_same_from_either_end():
    rng = np.random.default_rng(3)
    column, weights = rng.exponential(size=5000), rng.uniform(0.2, 3, 5000)
    up = quantile_table(column, GRID, (0.0, 25.0), weights)
    down = quantile_table(-column, GRID, (-25.0, 0.0), weights)
    np.testing.assert_allclose(-down[::-1], up, atol=1e-9)
    assert np.all(np.diff(up) >= 0)


def test_the_tail_beyond_the_largest_value_follows_the_weighted_law():
    """Exponential of length 2 weighted to length 1: between 0.8 % and 0.02 % of the events.

    The mean of 200 samples is within 10 %; its own error is below 2 %.
    """
    lengths, near, far = [], 2.4, 3.5
    for seed in range(200):
        column = np.random.default_rng(seed).exponential(2.0, 4000)
        table = quantile_table(column, GRID, (0.0, 60.0), np.exp(-column / 2))
        fall = np.log(ndtr(-near) / ndtr(-far))
        lengths.append(np.diff(np.interp([near, far], GRID, table))[0] / fall)
    assert np.mean(lengths) == pytest.approx(1.0, abs=0.1)


def test_negative_weights_count_by_their_size():
    table, rng = dis_truth(COLLISION, 2000, seed=1), np.random.default_rng(4)
    weights = rng.uniform(0.5, 2, 2000)
    signs = rng.choice([-1, 1], 2000, p=[0.2, 0.8])
    chosen = Settings(azimuth="uniform", augment=("ln x",))
    signed = FeatureTransform.fit(weighted(table, signs * weights), chosen)
    assert signed.to_dict() == FeatureTransform.fit(weighted(table, weights), chosen).to_dict()


def test_events_of_weight_zero_do_not_count():
    table = dis_truth(COLLISION, 2000, seed=1)
    weights = np.random.default_rng(4).uniform(0.5, 2, 2000)
    weights[table["Q2"] < 3] = 0
    chosen = Settings(azimuth="uniform")
    some = FeatureTransform.fit(weighted(table, weights), chosen)
    rest = FeatureTransform.fit(weighted(table, weights)[weights > 0], chosen)
    assert some.to_dict() == rest.to_dict()
    assert some.fiducial.Q2_min > 3


def test_a_ripple_of_the_weights_is_seen_and_one_that_they_remove_is_not():
    rng = np.random.default_rng(5)
    phi = rng.uniform(-np.pi, np.pi, 20_000)
    assert is_uniform(phi)
    assert not is_uniform(phi, 1 + 0.1 * np.cos(3 * phi))
    kept = phi[rng.uniform(0, 1.3, 20_000) < 1 + 0.3 * np.cos(3 * phi)]
    assert not is_uniform(kept)
    assert is_uniform(kept, 1 / (1 + 0.3 * np.cos(3 * kept)))


def test_an_azimuth_that_a_polarisation_drives_is_learned():
    """cos(phi) of opposite sign for the two signs: uniform in all rows, and not to be drawn."""
    table, rng = dis_truth(COLLISION, 20_000, seed=6), np.random.default_rng(7)
    polarisation = np.where(rng.uniform(size=20_000) < (1 + 0.2 * np.cos(table["phi"])) / 2, 1, -1)
    table = EventTable(
        *table.momenta, COLLISION, conditions={"polarisation": polarisation.astype(float)}
    )
    assert FeatureTransform.fit(table, Settings()).draws_azimuth
    assert FeatureTransform.fit(table, Settings(), ("polarisation",)).learns_azimuth
