"""The networks' start: what a skip connection promises."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import kstest

from fatgan.adversarial.bundle import read_model
from fatgan.errors import ConfigError
from fatgan.generator.config import parse_config
from fatgan.generator.event_gan import build
from fatgan.networks.mlp import mlp
from fatgan.representations import FeatureTransform


def test_with_a_skip_the_network_starts_as_the_identity():
    x = np.random.default_rng(1).normal(size=(50, 4)).astype(np.float32)
    out = mlp(4, 3, layers=(8, 8), skip=True)(x)
    np.testing.assert_array_equal(out, x[:, :3])


def test_without_a_skip_it_does_not():
    x = np.random.default_rng(1).normal(size=(50, 4)).astype(np.float32)
    assert np.abs(np.asarray(mlp(4, 3, layers=(8, 8))(x)) - x[:, :3]).max() > 0.1


def test_conditions_are_a_second_input_that_a_skip_leaves_out():
    rng = np.random.default_rng(1)
    x, given = (rng.normal(size=(50, size)).astype(np.float32) for size in (4, 2))
    network = mlp(4, 3, conditions=2, layers=(8, 8), skip=True)
    np.testing.assert_array_equal(network([x, given]), x[:, :3])
    network = mlp(4, 3, conditions=2, layers=(8, 8))
    moved = np.abs(np.asarray(network([x, given])) - network([x, given + 1]))
    assert np.all(moved.max(axis=0) > 1e-3)


def test_without_conditions_a_network_is_as_ever():
    """Equal seeds start the same weights, whatever else is said of conditions."""
    plain, told = mlp(4, 3, layers=(8,), seed=2), mlp(4, 3, conditions=0, layers=(8,), seed=2)
    for one, other in zip(plain.get_weights(), told.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert len(plain.inputs) == 1


def test_a_generator_starts_with_the_marginals_of_the_data(sample):
    """Before any step: 20,000 events, each feature normal (KS, false alarms 1e-4 each)."""
    config = parse_config({"data": {"path": "x"}})
    transform = FeatureTransform.fit(sample, config.representation)
    noise = np.random.default_rng(2).normal(size=(20_000, 4)).astype(np.float32)
    made = np.asarray(build(config, transform).averaged(noise))
    assert min(kstest(column, "norm").pvalue for column in made.T) > 1e-4


def test_less_noise_than_features_is_refused_where_there_is_a_skip(sample):
    config = parse_config({"data": {"path": "x"}, "networks": {"noise": 1}})
    transform = FeatureTransform.fit(sample[:2000], config.representation)
    with pytest.raises(ConfigError, match=r"networks\.noise is 1 and there are 2 features"):
        build(config, transform)


def test_a_skip_is_saved_with_the_model(sample, tmp_path):
    """Moved away from the identity, saved with its optimizers, and read back: the same."""
    config = parse_config({"data": {"path": "x"}})
    transform = FeatureTransform.fit(sample[:2000], config.representation)
    model = build(config, transform)
    noise = np.random.default_rng(3).normal(size=(50, 4)).astype(np.float32)
    rng = np.random.default_rng(4)
    model.averaged.set_weights(
        [w + 0.1 * rng.normal(size=w.shape) for w in model.averaged.get_weights()]
    )
    model.save(tmp_path / "state.keras")
    again = read_model(tmp_path / "state.keras", compile=True)
    np.testing.assert_array_equal(again.averaged(noise), model.averaged(noise))
    assert np.abs(np.asarray(model.averaged(noise)) - noise[:, :2]).max() > 0.01
