"""Every scaling is an increasing map that ends at the kinematic limits."""

from __future__ import annotations

import json

import numpy as np
import pytest
from keras import ops
from scipy import stats
from truths import FRAMES, dis_truth

from fatgan.events import Fiducial
from fatgan.representations import COORDINATES, SCALINGS, Region
from fatgan.representations.scaling import QuantileScaling, Scaling

LIMITS = (-2.0, 9.0)


@pytest.fixture
def column() -> np.ndarray:
    return np.random.default_rng(1).exponential(0.7, 4000) - 1


@pytest.fixture
def scaler(scaling: str, column: np.ndarray) -> Scaling:
    return SCALINGS[scaling].fit(column, LIMITS)


def test_inverse_of_forward_is_the_value(scaler, column):
    np.testing.assert_allclose(scaler.inverse(scaler.forward(column)), column, atol=1e-9)


def test_training_rows_are_scaled_to_order_one(scaler, column):
    z = scaler.forward(column)
    assert z.mean() == pytest.approx(0, abs=0.01)
    assert z.std() == pytest.approx(1, abs=0.01)


def test_inverse_never_falls_and_stays_inside_the_limits(scaler):
    z = np.concatenate([[-1e30, -1e6], np.linspace(-12, 12, 20_001), [1e6, 1e30]])
    values = scaler.inverse(z)
    assert np.all(np.diff(values) >= 0)
    assert LIMITS[0] <= values[0] < values[-1] <= LIMITS[1]


def test_graph_and_numpy_agree(scaler):
    z = np.concatenate([[-1e30, -8, 8, 1e30], np.random.default_rng(2).normal(0, 3, 1000)])
    single = ops.convert_to_numpy(scaler.inverse(ops.convert_to_tensor(z, "float32"), ops))
    np.testing.assert_allclose(single, scaler.inverse(z.astype("float32")), rtol=1e-5, atol=2e-5)


def test_json_round_trip(scaler, column):
    again = type(scaler).from_dict(json.loads(json.dumps(scaler.to_dict(), allow_nan=False)))
    z = np.linspace(-20, 20, 999)
    np.testing.assert_array_equal(again.inverse(z), scaler.inverse(z))
    np.testing.assert_array_equal(again.forward(column), scaler.forward(column))


def test_infinite_limits_are_allowed_and_serialised(scaling, column):
    free = SCALINGS[scaling].fit(column, (float(column.min()) - 1, float(column.max()) + 1))
    assert np.isfinite(free.inverse(np.array([-1e30, 0.0, 1e30]))).all()


def test_a_constant_column_stays_constant(scaling):
    scaler = SCALINGS[scaling].fit(np.full(100, 3.25), (3.25, 3.25))
    np.testing.assert_array_equal(scaler.forward(np.full(5, 3.25)), np.zeros(5))
    np.testing.assert_array_equal(scaler.inverse(np.array([-1e30, 0, 0.5, 1e30])), np.full(4, 3.25))


def test_quantile_scaling_makes_a_normal_of_any_marginal(column):
    """KS of the scaled training rows: by construction, to the steps of the table (1/256)."""
    z = QuantileScaling.fit(column, LIMITS).forward(column)
    assert stats.kstest(z, "norm").statistic < 0.4 / 256


def test_normal_noise_gives_the_marginal_back(column):
    """Two-sample KS at 200,000 draws; off by chance once in 10,000."""
    draws = np.random.default_rng(3).normal(size=200_000)
    values = QuantileScaling.fit(column, LIMITS).inverse(draws)
    fresh = np.random.default_rng(4).exponential(0.7, 4000) - 1
    assert stats.ks_2samp(values, fresh).pvalue > 1e-4


@pytest.mark.parametrize("name", COORDINATES)
def test_limits_of_the_coordinates_contain_every_event(frame, name):
    collision = FRAMES[frame]
    table = dis_truth(collision, 100_000, seed=6, Q2_min=0.5)
    coordinates = COORDINATES[name]()
    region = Region.of(collision, Fiducial(0.5))
    features = coordinates.encode(*table.electron_frame(), region)
    limits = coordinates.limits(region)
    assert len(features) == len(limits) == len(coordinates.features)
    for (lower, upper), feature in zip(limits, features, strict=True):
        assert lower <= feature.min()
        assert feature.max() <= upper


@pytest.mark.parametrize("name", COORDINATES)
def test_decoding_inverts_encoding(frame, name):
    """Relative to E', in float64."""
    table = dis_truth(FRAMES[frame], 20_000, seed=7)
    coordinates, region = COORDINATES[name](), Region.of(table.collision, Fiducial(2.0))
    px, py, pz = table.electron_frame()
    expected = (np.hypot(px, py), pz) if coordinates.polar else (px, py, pz)
    decoded = coordinates.decode(coordinates.encode(px, py, pz, region), region)
    for new, old in zip(decoded, expected, strict=True):
        assert np.max(np.abs(new - old) / table["E"]) < 1e-8
