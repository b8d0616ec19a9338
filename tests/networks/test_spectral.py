"""Spectral normalisation against singular values and numerical differentiation."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf

from fatgan.networks.spectral import SpectralNormalization

LAYERS = {
    "dense": (lambda: keras.layers.Dense(5), (3, 7)),
    "conv": (lambda: keras.layers.Conv2D(5, 4, 2, padding="same"), (3, 8, 8, 2)),
    "transposed": (lambda: keras.layers.Conv2DTranspose(5, 4, 2, padding="same"), (3, 4, 4, 2)),
}
each_layer = pytest.mark.parametrize("kind", LAYERS)


def built(kind: str, **options: int) -> tuple[SpectralNormalization, np.ndarray]:
    """Return a layer with a kernel of its own, and inputs for it."""
    make, shape = LAYERS[kind]
    layer = SpectralNormalization(make(), **options)
    rng = np.random.default_rng(1)
    inputs = rng.normal(size=shape).astype("float32")
    layer.build(shape)
    layer.layer.kernel.assign(rng.normal(size=layer.layer.kernel.shape))
    return layer, inputs


def matrix(kind: str, kernel: np.ndarray) -> np.ndarray:
    """The kernel with one column per output channel, which transposed ones have last but one."""
    columns = np.moveaxis(kernel, -2 if kind == "transposed" else -1, -1)
    return columns.reshape(-1, columns.shape[-1])


def sigma(kind: str, kernel: np.ndarray) -> float:
    return np.linalg.svd(matrix(kind, kernel), compute_uv=False)[0]


@each_layer
def test_the_kernel_is_divided_by_its_largest_singular_value(kind):
    layer, inputs = built(kind)
    for _ in range(50):
        layer(inputs, training=True)
    found = np.asarray(layer(inputs))
    kernel = layer.layer.kernel.numpy()
    layer.layer.kernel.assign(kernel / sigma(kind, kernel))
    np.testing.assert_allclose(found, layer.layer(inputs), rtol=1e-3, atol=1e-4)


@each_layer
def test_the_gradient_passes_through_sigma(kind):
    """Of a loss of W/sigma(W) by central differences, sigma from the singular values."""
    layer, inputs = built(kind, iterations=100)
    layer.layer.bias.assign(np.full(5, 0.1))
    wanted = np.random.default_rng(2).normal(size=layer(inputs).shape)
    with tf.GradientTape() as tape:
        loss = tf.reduce_sum(wanted * layer(inputs, training=True))
    found = tape.gradient(loss, layer.layer.kernel).numpy()

    kernel = layer.layer.kernel.numpy().astype("float64")
    plain, _ = built(kind)
    directions = np.random.default_rng(3).normal(size=(4, *kernel.shape))
    for direction in [*directions, kernel]:  # along itself W/sigma does not change

        def value(step: float, along: np.ndarray = direction) -> float:
            moved = kernel + step * along
            plain.layer.kernel.assign(moved / sigma(kind, moved))
            return float(np.sum(wanted * np.asarray(plain.layer(inputs))))

        slope = (value(1e-2) - value(-1e-2)) / 2e-2
        assert np.sum(found * direction) == pytest.approx(slope, rel=1e-2, abs=2e-2)


def test_training_calls_alone_move_the_iteration():
    layer, inputs = built("dense")
    start = layer.u.numpy()
    layer(inputs)
    layer(inputs, training=False)
    np.testing.assert_array_equal(layer.u, start)
    kernel = layer.layer.kernel.numpy()
    layer(inputs, training=True)
    assert np.any(layer.u.numpy() != start)
    assert np.linalg.norm(layer.u) == pytest.approx(1.0, rel=1e-5)
    np.testing.assert_array_equal(layer.layer.kernel, kernel)


def test_only_the_layers_own_weights_are_trained():
    layer, _ = built("conv")
    assert len(layer.trainable_variables) == 2
    assert [item.name for item in layer.non_trainable_variables] == ["u"]


def test_a_frozen_layer_and_a_kernel_of_zeros_can_be_called():
    layer, inputs = built("dense")
    layer.layer.kernel.assign(np.zeros((7, 5)))
    assert np.isfinite(np.asarray(layer(inputs, training=True))).all()
    layer.trainable = False
    assert np.isfinite(np.asarray(layer(inputs, training=True))).all()


def test_a_layer_without_a_kernel_is_refused():
    with pytest.raises(ValueError, match="no kernel to normalise"):
        SpectralNormalization(keras.layers.Flatten()).build((3, 4))


def test_a_training_ends_with_a_largest_singular_value_of_one():
    """60 steps of a compiled regression, sigma of the kernel that it has now within 3 %."""
    start = keras.Input((6,))
    held = SpectralNormalization(keras.layers.Dense(8, use_bias=False), seed=3)
    model = keras.Model(start, keras.layers.Dense(1)(keras.layers.LeakyReLU()(held(start))))
    model.compile(keras.optimizers.Adam(1e-2), "mse", jit_compile=True)
    rng = np.random.default_rng(4)
    x = rng.normal(size=(640, 6)).astype("float32")
    model.fit(x, np.sin(x[:, :1]) + x[:, 1:2] * x[:, 2:3], batch_size=32, epochs=3, verbose=0)
    kernel = held.layer.kernel.numpy()
    effective = np.asarray(held(np.eye(6, dtype="float32")))
    assert np.linalg.svd(effective, compute_uv=False)[0] == pytest.approx(1.0, rel=0.03)
    np.testing.assert_allclose(effective, kernel / sigma("dense", kernel), rtol=0.03, atol=1e-3)


def test_the_iteration_is_saved_and_named_without_custom_objects(tmp_path):
    start = keras.Input((8, 8, 2))
    model = keras.Model(start, SpectralNormalization(keras.layers.Conv2D(4, 3), seed=5)(start))
    inputs = np.random.default_rng(6).normal(size=(3, 8, 8, 2)).astype("float32")
    for _ in range(3):
        model(inputs, training=True)
    model.save(tmp_path / "layer.keras")
    again = keras.models.load_model(tmp_path / "layer.keras")
    np.testing.assert_array_equal(again(inputs), model(inputs))
    np.testing.assert_array_equal(again.layers[-1].u, model.layers[-1].u)
