"""Is phi drawn or learned: the test of its harmonics."""

from __future__ import annotations

import numpy as np
import pytest
from truths import FRAMES, dis_truth

from fatgan.events import EventTable
from fatgan.representations import COORDINATES, FeatureTransform, Settings, azimuth
from fatgan.representations.azimuth import HARMONICS, harmonics, is_uniform


def test_harmonics_of_a_known_density():
    """1 + a cos(n phi) has <exp(i n phi)> = a/2, exactly so on a weighted grid of angles."""
    grid = np.linspace(-np.pi, np.pi, 360, endpoint=False)
    counts = np.round(1000 * (1 + 0.2 * np.cos(2 * (grid - 0.5)))).astype(int)
    found = harmonics(np.repeat(grid, counts))
    assert found.shape == (HARMONICS,)
    assert abs(found[1]) == pytest.approx(0.1, abs=1e-4)
    assert np.angle(found[1]) == pytest.approx(1.0, abs=1e-3)
    assert np.abs(np.delete(found, 1)).max() < 1e-3


@pytest.mark.parametrize("rate", [0.05, 0.3])
def test_false_alarms_come_at_the_stated_rate(monkeypatch, rate):
    """5000 uniform samples; off by chance once in 15,000 (4 sigma)."""
    monkeypatch.setattr(azimuth, "FALSE_ALARM", rate)
    rng = np.random.default_rng(11)
    alarms = sum(not is_uniform(rng.uniform(-np.pi, np.pi, 300)) for _ in range(5000))
    # each of the harmonics is independent of the others: the union is a little rarer than its bound
    expected = 5000 * (1 - (1 - rate / HARMONICS) ** HARMONICS)
    assert abs(alarms - expected) < 4 * np.sqrt(expected * (1 - expected / 5000))


def test_the_rate_itself_is_small():
    assert azimuth.FALSE_ALARM <= 1e-3


@pytest.mark.parametrize("harmonic", range(1, HARMONICS + 1))
def test_a_three_percent_ripple_is_found(harmonic):
    """In 200,000 events the signal is 45 where 11 is significant; missed once in 10,000."""
    table = dis_truth(FRAMES["proton"], 200_000, seed=harmonic, ripple=0.03, harmonic=harmonic)
    assert not is_uniform(table["phi"])


def test_a_few_events_give_no_alarm_and_no_error():
    assert is_uniform(np.array([0.3, 2.0]))


@pytest.mark.parametrize("name", COORDINATES)
def test_auto_learns_a_rippled_phi_and_draws_a_uniform_one(frame, name):
    flat = dis_truth(FRAMES[frame], 20_000, seed=5)
    rippled = dis_truth(FRAMES[frame], 20_000, seed=5, ripple=0.3)
    chosen = [FeatureTransform.fit(table, Settings(name)) for table in (flat, rippled)]
    assert [transform.settings.azimuth for transform in chosen] == ["uniform", "learned"]
    polar = COORDINATES[name].polar
    assert [transform.draws_azimuth for transform in chosen] == [True, False]
    assert [transform.learns_azimuth for transform in chosen] == [False, polar]
    assert chosen[1].dimension - chosen[0].dimension == 2 * polar


def test_the_shipped_sample_has_a_uniform_phi(sample):
    assert is_uniform(sample["phi"])


def test_a_learned_angle_has_no_seam():
    """Events just below and just above phi = pi are neighbours among the features."""
    table = dis_truth(FRAMES["electron"], 2000, seed=8)
    transform = FeatureTransform.fit(table, Settings(azimuth="learned"))
    pT, pz = table["pT"][:1], table["pz"][:1]
    sides = [
        EventTable(pT * np.cos(phi), pT * np.sin(phi), pz, table.collision)
        for phi in (np.pi - 1e-4, -np.pi + 1e-4)
    ]
    one, other = (transform.forward(side) for side in sides)
    assert np.abs(one - other).max() < 1e-3


def test_a_learned_ripple_comes_back_from_the_features():
    table = dis_truth(FRAMES["proton"], 20_000, seed=9, ripple=0.3)
    transform = FeatureTransform.fit(table, Settings())
    back = transform.inverse(transform.forward(table))
    assert harmonics(back["phi"])[2] == pytest.approx(harmonics(table["phi"])[2], abs=1e-3)
