"""The same transform in NumPy and in the graph, with finite slopes everywhere."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf
from fits import fitted
from keras import ops
from truths import FRAMES

from fatgan.events import kinematics
from fatgan.representations import AUGMENTATIONS
from fatgan.representations.layers import CriticView, UnitCircle


def test_momenta_in_the_graph_are_those_of_numpy(transform, events, angles):
    """To 2e-4 E': float32, where light-cone components near y = 1 lose digits."""
    features = transform.forward(events)
    columns = ops.unstack(ops.convert_to_tensor(features), transform.dimension, axis=-1)
    turn = None if angles is None else ops.convert_to_tensor(angles, dtype="float32")
    expected = transform.momenta(tuple(features.astype(np.float64).T), np, angles)
    for new, old in zip(transform.momenta(columns, ops, turn), expected, strict=True):
        assert new.dtype == "float32"
        error = np.abs(ops.convert_to_numpy(new) - old) / events["E"]
        assert error.max() < 2e-4
        assert np.median(error) < 2e-7


def test_the_critic_sees_what_numpy_computes(transform, events):
    """Standardised features to 1 %: the differences in ln y and ln x are float32's."""
    features = transform.forward(events)
    view = ops.convert_to_numpy(CriticView(transform.to_dict())(features))
    assert view.shape == (len(events), transform.view_dimension)
    np.testing.assert_array_equal(view[:, : transform.dimension], features)
    expected = transform.augmented(tuple(features.astype(np.float64).T), np)
    for i, item in enumerate(transform.settings.augment):
        error = np.abs(view[:, transform.dimension + i] - expected[i])
        assert error.max() < 1e-2, item
        assert np.median(error) < 1e-5, item


def test_slopes_are_finite_everywhere(transform):
    """Also far outside the physical region, and where a learned angle has no direction."""
    rng = np.random.default_rng(3)
    scale = np.repeat([1, 3, 30, 1e4], 500)[:, None]
    points = scale * rng.normal(size=(2000, transform.dimension))
    points[0] = 0
    if transform.learns_azimuth:
        points[1::2, -2:] = 0
    features = tf.constant(points, tf.float32)
    with tf.GradientTape() as tape:
        tape.watch(features)
        view = CriticView(transform.to_dict())(features)
        # as in training: the physical region's border lies among these points
        columns = ops.unstack(features, transform.dimension, axis=-1)
        total = ops.sum(view) + sum(ops.sum(p) for p in transform.momenta(columns, ops))
    assert np.isfinite(view.numpy()).all()
    assert np.isfinite(tape.gradient(total, features).numpy()).all()


@pytest.mark.parametrize("item", AUGMENTATIONS)
def test_augmentations_have_finite_slopes_along_the_beam(item):
    pT, pz = np.meshgrid([0.0, 1e-30, 1e-15, 1e-6, 1e-3], [-5.0, 0.0, 5.0])
    px, pz = (tf.constant(values.ravel(), tf.float32) for values in (pT, pz))
    py = tf.zeros_like(px)
    with tf.GradientTape() as tape:
        tape.watch([px, py, pz])
        value = AUGMENTATIONS[item](px, py, pz, FRAMES["proton"].beams, ops)
    assert np.isfinite(ops.convert_to_numpy(value)).all()
    slopes = tape.gradient(value, [px, py, pz], unconnected_gradients="zero")
    assert all(np.isfinite(slope.numpy()).all() for slope in slopes)


def test_decoding_below_the_mass_shell_has_finite_slopes():
    plus, minus = tf.constant([-1.0, 0.0, 1e-9, 2.0]), tf.constant([1.0, 1.0, 1e-9, 3.0])
    with tf.GradientTape() as tape:
        tape.watch([plus, minus])
        total = sum(ops.sum(value) for value in kinematics.from_light_cone(plus, minus, ops))
    assert all(np.isfinite(s.numpy()).all() for s in tape.gradient(total, [plus, minus]))


def test_unit_circle_keeps_the_angle_and_the_other_features():
    features = np.random.default_rng(4).normal(size=(200, 4)).astype("float32")
    circle = ops.convert_to_numpy(UnitCircle()(features))
    np.testing.assert_array_equal(circle[:, :2], features[:, :2])
    np.testing.assert_allclose(np.hypot(circle[:, 2], circle[:, 3]), 1, atol=1e-6)
    np.testing.assert_allclose(
        np.arctan2(circle[:, 3], circle[:, 2]),
        np.arctan2(features[:, 3], features[:, 2]),
        atol=1e-5,
    )


def test_unit_circle_has_finite_slopes_at_its_centre():
    features = tf.zeros((3, 2))
    with tf.GradientTape() as tape:
        tape.watch(features)
        circle = UnitCircle()(features)
    assert np.isfinite(circle.numpy()).all()
    assert np.isfinite(tape.gradient(circle, features).numpy()).all()


def test_layers_survive_saving(name, tmp_path):
    transform = fitted("proton", name, "quantile", "learned")
    start = keras.Input((transform.dimension,))
    outputs = CriticView(transform.to_dict())(UnitCircle()(start))
    model = keras.Model(start, outputs)
    model.save(tmp_path / "view.keras")
    again = keras.models.load_model(tmp_path / "view.keras")
    features = np.random.default_rng(6).normal(size=(50, transform.dimension)).astype("float32")
    np.testing.assert_array_equal(again(features), model(features))
