"""Sides from a generator's cuts, and scalings that follow the beams."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats
from truths import dis_truth

from fatgan.errors import ConfigError
from fatgan.events import Collision, EventTable, Fiducial
from fatgan.events.kinematics import y_range
from fatgan.representations import FeatureTransform, Settings
from fatgan.representations.coordinates import DIS
from fatgan.representations.drifting import SETTINGS, DriftingQuantiles, settings_of
from fatgan.representations.hard_process import HardProcess
from fatgan.representations.region import Region
from fatgan.representations.scaling import QuantileScaling

CUTS = HardProcess(m_hat=4, pt_hat=1)
SMALL, MIDDLE, LARGE, FAR = (Collision(e, e) for e in (10.0, 22.0, 50.0, 80.0))


def cut_truth(collision: Collision, n: int, seed: int, spared: float = 0.0) -> EventTable:
    """Events that keep the cuts, and a share of those that do not."""
    table = dis_truth(collision, n, seed=seed, Q2_min=2.0)
    kept = table["y"] <= CUTS.y_high(table["Q2"])
    kept |= np.random.default_rng(seed).random(n) < spared
    return table[kept]


def test_the_sides_are_those_of_the_hard_process():
    """Massless: x s and Q2 (1 - y) of events on the sides; beyond them u is below 0."""
    cuts, beams = HardProcess(m_hat=4, pt_hat=1, m_q=0), SMALL.beams
    region = Region.of(SMALL, Fiducial(2.0), None, cuts)
    Q2 = np.geomspace(2.5, 150.0, 30)
    y = region.y_range(Q2)[1]
    mass, momentum = Q2 / y, Q2 * (1 - y)
    np.testing.assert_allclose(np.where(Q2 < 14, mass, 16), 16)
    np.testing.assert_allclose(np.where(Q2 > 18, momentum, 1), 1)
    assert (mass > 16 - 1e-9).all()
    assert (momentum > 1 - 1e-9).all()
    np.testing.assert_array_equal(region.y_range(Q2)[0], y_range(Q2, beams)[0])
    u = DIS().encode(*_electron(Q2, np.stack([0.9 * y, y, 1.02 * y]), SMALL), region)[1]
    assert (np.diff(u, axis=0) < 0).all()
    np.testing.assert_allclose(u[1], 0, atol=1e-12)


def _electron(Q2, y, collision):
    from fatgan.events.kinematics import from_light_cone, light_cone_from_Q2_y

    pT, pz = from_light_cone(*light_cone_from_Q2_y(Q2, y, collision.beams))
    return pT, np.zeros_like(pT), pz


def test_a_charm_quark_passes_at_smaller_x_as_slow_rescaling_says():
    """m_hat^2 = (Q2 + m_q^2)/y: a heavier quark reaches a larger y, by m^2/m_hat^2."""
    charm, light = HardProcess(4, m_q=1.5), HardProcess(4)
    assert charm.y_high(2.0) - light.y_high(2.0) == pytest.approx((1.5**2 - 0.33**2) / 16)


def test_events_beyond_the_sides_are_kept_and_come_back():
    table = cut_truth(SMALL, 20_000, seed=3, spared=0.01)
    transform = FeatureTransform.fit(table, Settings(azimuth="learned", hard_process=CUTS))
    beyond = table["y"] > CUTS.y_high(table["Q2"])
    assert 20 < beyond.sum() < 0.02 * len(table)
    back = transform.inverse(transform.forward(table))
    for name in ("pT", "pz"):
        np.testing.assert_allclose(back[name][beyond], table[name][beyond], rtol=2e-4)


def test_a_bundle_keeps_the_cuts():
    transform = FeatureTransform.fit(cut_truth(SMALL, 2000, 4), Settings(hard_process=CUTS))
    again = FeatureTransform.from_dict(transform.to_dict())
    assert again.settings.hard_process == CUTS


@pytest.mark.parametrize("name", ["lightcone", "cartesian", "spherical", "direct"])
def test_cuts_are_for_dis_coordinates_only(name):
    with pytest.raises(ConfigError, match=f"hard_process.*'{name}'"):
        Settings(name, hard_process=CUTS)


@pytest.mark.parametrize("wrong", [{"m_hat": -1}, {"pt_hat": np.nan}, {"m_q": np.inf}])
def test_cuts_must_be_numbers_of_gev(wrong):
    (name,) = wrong
    with pytest.raises(ConfigError, match=f"hard_process.{name}.*not below 0"):
        HardProcess(**wrong)


@pytest.fixture(scope="module")
def followed() -> FeatureTransform:
    tables = [cut_truth(each, 30_000, seed) for seed, each in enumerate((SMALL, MIDDLE, LARGE))]
    chosen = Settings(azimuth="uniform", hard_process=CUTS)
    return FeatureTransform.fit(EventTable.concatenate(tables), chosen, ("s",))


@pytest.mark.parametrize(
    ("collision", "bound"),
    [(SMALL, 0.0158), (Collision(15.0, 15.0), 0.0158), (LARGE, 0.0158), (FAR, 0.03)],
    ids=["trained", "between", "the largest", "beyond"],
)
def test_features_are_normal_at_any_beams(followed, collision, bound):
    """KS of fresh events against the normal law, n = 20,000: above 0.0158 once in
    10,000. A scaling of all settings together is off by 0.05 at the ends."""
    z = followed.forward(cut_truth(collision, 30_000, seed=9))[:20_000]
    assert len(z) == 20_000
    for column in z.T:
        assert stats.kstest(column, "norm").statistic < bound


def test_an_edge_where_the_cut_leaves_no_room_does_not_stop_the_drift():
    """At Q2 = pT_hat^2 the range of y is closed for any beams."""
    regions = [Region.of(each, Fiducial(1.0), None, CUTS) for each in (SMALL, MIDDLE, LARGE, FAR)]
    drifts = np.array([region.drift() for region in regions])
    assert (np.diff(drifts) > 0.1).all()
    assert (np.abs(drifts) < 3).all()


def test_the_inverse_leads_back_at_any_beams(followed):
    for collision in (SMALL, Collision(31.0, 28.0), FAR):
        table = cut_truth(collision, 5000, seed=5)
        angles = np.arctan2(*table.electron_frame()[1::-1])
        back = followed.inverse(followed.forward(table), angles, collision)
        inside = np.abs(followed.forward(table)).max(axis=1) < 6
        np.testing.assert_allclose(back["Q2"][inside], table["Q2"][inside], rtol=2e-4)


def test_any_features_of_any_beams_are_physical(followed):
    points = np.random.default_rng(1).normal(scale=4, size=(500, 2))
    for collision in (SMALL, FAR, Collision(200.0, 200.0)):
        table = followed.inverse(points, np.zeros(500), collision)
        assert (table["Q2"] >= followed.fiducial.Q2_min).all()
        assert ((table["x"] <= 1) & (table["y"] < 1)).all()


def test_a_bundle_keeps_the_drift_bit_for_bit(followed):
    again, table = FeatureTransform.from_dict(followed.to_dict()), cut_truth(MIDDLE, 3000, 6)
    np.testing.assert_array_equal(again.forward(table), followed.forward(table))


def test_tables_rise_even_where_polynomials_cross():
    """A feature whose order of quantiles turns round between two settings."""
    rng = np.random.default_rng(2)
    drift = np.repeat([0.0, 1.0], 2000)
    column = rng.normal(size=4000) * np.where(drift == 0, 1e-3, 1.0)
    settings = [(rows, (-10.0, 10.0)) for rows in settings_of(drift)]
    scaling = DriftingQuantiles.fit(column, settings, drift, None)
    z = np.linspace(-9, 9, 2001)
    for place in (-5.0, -0.4, 0.0, 0.3, 1.0, 1.4, 7.0):
        assert (np.diff(scaling.inverse(z, drift=place)) >= 0).all()


def test_the_graph_gives_the_same_features():
    import keras

    drift = np.repeat([0.0, 0.4, 1.0], 1000)
    column = np.random.default_rng(3).gamma(2 + drift)
    settings = [(rows, (0.0, 100.0)) for rows in settings_of(drift)]
    scaling = DriftingQuantiles.fit(column, settings, drift, None)
    z, at = np.linspace(-9, 9, 500), np.linspace(-0.8, 1.9, 500)
    graph = scaling.inverse(
        keras.ops.convert_to_tensor(z, "float64"), keras.ops, keras.ops.convert_to_tensor(at)
    )
    np.testing.assert_allclose(np.asarray(graph), scaling.inverse(z, drift=at), rtol=1e-12)
    assert QuantileScaling.grid()[0] == -QuantileScaling.REACH


def test_many_settings_are_joined_with_their_neighbours():
    drift = np.repeat(np.linspace(0, 1, 100), 7)
    groups = list(settings_of(np.random.default_rng(1).permutation(drift)))
    assert len(groups) == SETTINGS
    assert sorted(np.concatenate(groups)) == list(range(700))
    assert len(list(settings_of(np.array([0.5, 0.2, 0.5, 0.2])))) == 2
