"""Players that are told of conditions: their inputs, slopes, saving, and what they learn."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from toys import NOISE, RATE, fit, same_weights, take_steps, toy_model

from fatgan.adversarial.batch import Batch
from fatgan.adversarial.feed import ResidentFeed
from fatgan.adversarial.mmd import MMD
from fatgan.adversarial.model import AdversarialModel
from fatgan.adversarial.objectives import EmbeddedMMD, Fisher, Relativistic
from fatgan.adversarial.penalties import GradientPenalty, NoPenalty, ZeroCentred


def shifted(n: int, values: tuple[float, ...], seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Return rows (c + normal, normal), and their c from these values, shape (n, 1)."""
    rng = np.random.default_rng(seed)
    conditions = rng.choice(values, size=(n, 1)).astype("float32")
    rows = rng.normal(size=(n, 2)).astype("float32")
    rows[:, :1] += conditions
    return rows, conditions


@keras.saving.register_keras_serializable(package="fatgan-tests")
class Distances(keras.layers.Layer):
    """Shows the critic the features, and how far the first is from its condition."""

    def call(self, inputs: Any) -> Any:
        features, conditions = inputs
        return keras.ops.concatenate([features, features[:, :1] - conditions], axis=1)


def test_points_share_the_conditions_of_their_rows():
    batch = Batch(tf.zeros((3, 2)), tf.constant([[1.0], [2.0], [3.0]]))
    points = tf.zeros((6, 2))
    same, conditions = batch.beside(points)
    assert same is points
    np.testing.assert_array_equal(conditions[:, 0], [1, 2, 3, 1, 2, 3])
    assert Batch(tf.zeros((3, 2))).beside(points) is points


def test_the_critic_is_asked_about_both_samples_at_the_conditions_of_the_real_one():
    """Its loss by hand; both samples go through it in one call, and through the penalty."""
    rows, conditions = map(tf.constant, shifted(64, (-1.0, 1.0)))
    for penalty in (NoPenalty(), GradientPenalty(), ZeroCentred()):
        model = toy_model(penalty=penalty, conditions=1)
        noise, share = model.draws(0, 64)
        fake = model.generator([noise[0], conditions])
        scores = model.critic([rows, conditions]), model.critic([fake, conditions])
        expected = float(Relativistic().critic_loss(*scores))
        found = model.critic_phase(Batch(rows, conditions), noise[0], share[0])
        assert float(found["critic_loss"]) == pytest.approx(expected, rel=1e-5)


def test_slopes_are_those_of_the_points_alone():
    """A linear critic whose slope in its condition is steep: E|grad|^2 has no part of it."""
    model = toy_model(penalty=ZeroCentred(gamma=1.0), conditions=1)
    start, given = keras.Input((2,)), keras.Input((1,))
    layer = keras.layers.Dense(1)
    model.critic = keras.Model([start, given], layer(keras.layers.Concatenate()([start, given])))
    layer.set_weights([np.array([[1.0], [2.0], [100.0]]), np.zeros(1)])
    model.compile(*(keras.optimizers.Adam(1e-3) for _ in range(2)), jit_compile=False)
    rows, conditions = map(tf.constant, shifted(64, (-1.0, 1.0)))
    noise, share = model.draws(0, 64)
    found = model.critic_phase(Batch(rows, conditions), noise[0], share[0])
    assert float(found["penalty"]) == pytest.approx(1.0**2 + 2.0**2)


SIGNED = np.where(np.arange(200) % 5 == 0, -0.5, 1.0)


@pytest.mark.parametrize("objective", [EmbeddedMMD(outputs=2), Fisher()], ids=lambda o: o.name)
def test_a_step_with_conditions_and_weights_of_both_signs(objective):
    """Both players move, and all terms are finite: objectives of all pairs, and with a multiplier.

    The others are met in the tests below.
    """
    rows, conditions = shifted(200, (-1.0, 1.0))
    model = toy_model(objective, NoPenalty(), conditions=1, view=Distances(), seen=3)
    feed = ResidentFeed(rows, 64, 0, conditions=conditions, weights=SIGNED)
    before = [player.get_weights() for player in (model.critic, model.generator)]
    terms = model.train_step(feed.gather(feed.draw(0, 1)))
    assert all(np.isfinite(float(value)) for value in terms.values())
    for old, player in zip(before, (model.critic, model.generator), strict=True):
        pairs = zip(old, player.get_weights(), strict=True)
        assert all(np.any(one != other) for one, other in list(pairs)[:-1])


def test_equal_weights_change_no_bit_of_a_training():
    rows, conditions = shifted(200, (-1.0, 1.0))
    plain, weighted = (toy_model(conditions=1, mmd=MMD(weight=0.0)) for _ in range(2))
    take_steps(plain, rows, 1, conditions=conditions)
    take_steps(weighted, rows, 1, conditions=conditions, weights=np.full(200, 0.3))
    assert same_weights(plain, weighted)


@pytest.mark.usefixtures("uncompiled")
def test_two_and_two_steps_are_four_with_conditions_and_weights(tmp_path):
    rows, conditions = shifted(200, (-1.0, 1.0))
    given = {"conditions": conditions, "weights": SIGNED}
    case = {"conditions": 1, "critic_steps": 2, "view": Distances(), "seen": 3}
    whole, half = toy_model(**case), toy_model(**case)
    take_steps(whole, rows, 4, **given)
    take_steps(half, rows, 2, **given)
    half.save(tmp_path / "state.keras")
    rest = keras.models.load_model(tmp_path / "state.keras")
    assert not same_weights(rest, whole)
    take_steps(rest, rows, 2, **given)
    assert same_weights(rest, whole)
    noise = tf.random.stateless_normal((20, NOISE), (1, 2))
    inputs = [noise, tf.constant(conditions[:20])]
    np.testing.assert_array_equal(rest(inputs), whole.averaged(inputs))


def test_the_loop_compiled_by_xla_takes_the_same_steps():
    """With conditions, weights and a view, and without what takes XLA long."""
    rows, conditions = shifted(200, (-1.0, 1.0))
    given = {"conditions": conditions, "weights": SIGNED}
    case = {"penalty": NoPenalty(), "conditions": 1, "view": Distances(), "seen": 3, "width": 4}
    case |= {"mmd": MMD(weight=0.0)}
    compiled, plain = toy_model(**case, jit=True), toy_model(**case)
    fit(compiled, rows, epochs=1, calls=1, steps=4, max_steps=10**9, **given)
    take_steps(plain, rows, 4, **given)
    weights = zip(compiled.get_weights(), plain.get_weights(), strict=True)
    error = np.concatenate([np.abs(one - other).ravel() for one, other in weights])
    # Adam makes a step of a gradient's rounding where there is hardly a gradient
    assert np.median(error) < 1e-6
    assert error.max() < RATE / 2


COURSE = {"epochs": 1, "calls": 4, "steps": 60, "batch": 128, "max_steps": 240, "rate": 5e-3}
"""Of the two trainings below, by the critic alone; their bounds are twice what is seen."""


def learner(conditions: int = 0) -> AdversarialModel:
    return toy_model(conditions=conditions, width=16, averaging=0.98, mmd=MMD(weight=0.0))


def test_a_law_is_learned_between_the_conditions_of_the_training():
    """Normal numbers about c, learned at four values of c and asked for at three others."""
    rows, conditions = shifted(8000, (-1.5, -0.5, 0.5, 1.5))
    model = learner(conditions=1)
    fit(model, rows, conditions=conditions, **COURSE)
    noise = tf.random.stateless_normal((10_000, NOISE), (3, 4))
    for c in (-1.0, 0.0, 1.0):
        made = np.asarray(model([noise, tf.fill((10_000, 1), c)]))
        assert made.mean(axis=0) == pytest.approx([c, 0.0], abs=0.25)
        assert made.std(axis=0) == pytest.approx([1.0, 1.0], abs=0.25)


def test_a_weighted_mixture_is_learned():
    """Two spots of equally many rows, 1 : 3 by weight, and one that is taken away again."""
    rng = np.random.default_rng(1)
    kind = rng.integers(4, size=8000)
    centres = np.array([[-1.0, 0.0], [1.0, 0.0], [0.0, 1.5], [0.0, 1.5]])
    rows = (centres[kind] + 0.3 * rng.normal(size=(8000, 2))).astype("float32")
    model = learner()
    fit(model, rows, weights=np.array([1.0, 3.0, 1.0, -1.0])[kind], **COURSE)
    made = np.asarray(model(tf.random.stateless_normal((10_000, NOISE), (3, 4))))
    assert np.mean(made[:, 1] > 0.75) < 0.04  # of the rows it is a half
    assert np.mean(made[:, 0] > 0) == pytest.approx(0.75, abs=0.1)
