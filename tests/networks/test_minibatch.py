"""Minibatch discrimination against its definition, row by row."""

from __future__ import annotations

import keras
import numpy as np

from fatgan.networks.minibatch import MinibatchDiscrimination


def appended(features: np.ndarray, tensor: np.ndarray) -> np.ndarray:
    """o_ib of arXiv:1606.03498: features (n, A), tensor (A, B, C) -> (n, B)."""
    n, kernels = len(features), tensor.shape[1]
    found = np.zeros((n, kernels))
    for i in range(n):
        for j in range(n):
            for b in range(kernels):
                difference = (features[i] - features[j]) @ tensor[:, b]
                found[i, b] += np.exp(-np.abs(difference).sum())
    return found


def test_rows_get_their_closeness_to_the_others():
    features = np.random.default_rng(1).normal(size=(6, 4)).astype("float32")
    layer = MinibatchDiscrimination(3, 5, spread=0.4, seed=2)
    found = np.asarray(layer(features))
    assert found.shape == (6, 7)
    np.testing.assert_array_equal(found[:, :4], features)
    tensor = layer.tensor.numpy().reshape(4, 3, 5)
    np.testing.assert_allclose(found[:, 4:], appended(features, tensor), rtol=1e-5)


def test_a_batch_of_one_event_over_and_over_is_told():
    same = np.ones((10, 4), "float32")
    layer = MinibatchDiscrimination(3)
    np.testing.assert_allclose(np.asarray(layer(same))[:, 4:], 10.0)


def test_it_is_rebuilt_from_its_seed_and_saved(tmp_path):
    features = np.random.default_rng(1).normal(size=(6, 4)).astype("float32")
    one, same, other = (MinibatchDiscrimination(3, seed=seed)(features) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    assert np.any(np.asarray(one) != np.asarray(other))
    start = keras.Input((4,))
    model = keras.Model(start, MinibatchDiscrimination(3, 2, spread=0.3, seed=1)(start))
    model.save(tmp_path / "layer.keras")
    again = keras.models.load_model(tmp_path / "layer.keras")
    np.testing.assert_array_equal(again(features), model(features))
    assert again.layers[-1].get_config() == model.layers[-1].get_config()
