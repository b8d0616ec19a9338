"""Critics that look at a whole batch are given real and fake ones apart."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from toys import gaussian_rows, take_steps, toy_model

from fatgan.adversarial.batch import Batch
from fatgan.adversarial.mmd import MMD
from fatgan.adversarial.model import AdversarialModel
from fatgan.adversarial.objectives import Minimax
from fatgan.adversarial.penalties import (
    PENALTIES,
    GradientPenalty,
    NoPenalty,
    ZeroCentred,
    in_batches,
)
from fatgan.networks.minibatch import MinibatchDiscrimination
from fatgan.networks.mlp import mlp

each_penalty = pytest.mark.parametrize("penalty", PENALTIES, ids=lambda item: item().name)


def centred(points: Any) -> Any:
    """(x - mean)^2 + y: a critic whose scores are of the batch."""
    first = points[:, :1] - tf.reduce_mean(points[:, :1])
    return first**2 + points[:, 1:2]


def batches(n: int = 20) -> tuple[tf.Tensor, ...]:
    rng = np.random.default_rng(1)
    real, fake = rng.normal(2, 1, (n, 3)), rng.normal(-1, 2, (n, 3))
    return tf.constant(real), tf.constant(fake), tf.constant(rng.uniform(size=n))


@each_penalty
def test_each_half_is_scored_as_a_batch_of_its_own(penalty):
    real, fake, share = batches()
    found = penalty().score(in_batches(centred, 20), real, fake, share)
    np.testing.assert_allclose(found[0], centred(real))
    np.testing.assert_allclose(found[1], centred(fake))
    joint = penalty().score(centred, real, fake, share)
    assert not np.allclose(joint[0], found[0])


@each_penalty
def test_a_critic_of_single_events_does_not_notice(penalty):
    def critic(points: Any) -> Any:
        return tf.tanh(points[:, :1] * points[:, 1:2])

    for one, other in zip(
        penalty().score(in_batches(critic, 20), *batches()),
        penalty().score(critic, *batches()),
        strict=True,
    ):
        np.testing.assert_allclose(one, other)


def test_slopes_are_those_of_the_sum_of_a_batch():
    """d/dx_i sum_j (x_j - mean)^2 + y_j is (2 (x_i - mean), 1, 0), in each batch by itself."""
    real, fake, share = batches()
    value = ZeroCentred(gamma=1.0).score(in_batches(centred, 20), real, fake, share)[2]
    halves = [2 * (half[:, 0] - np.mean(half[:, 0])) for half in (real.numpy(), fake.numpy())]
    expected = 0.5 * sum(np.mean(slope**2 + 1) for slope in halves)
    assert float(value) == pytest.approx(expected)
    between = (share[:, None] * real + (1 - share[:, None]) * fake).numpy()[:, 0]
    norm = np.sqrt((2 * (between - between.mean())) ** 2 + 1)
    value = GradientPenalty(weight=1.0).score(in_batches(centred, 20), real, fake, share)[2]
    assert float(value) == pytest.approx(np.mean((norm - 1) ** 2))


def model(apart: bool) -> AdversarialModel:
    start = keras.Input((2,))
    x = MinibatchDiscrimination(4, spread=0.5)(mlp(2, 8, layers=[8], seed=1)(start))
    critic = keras.Model(start, keras.layers.Dense(1)(keras.layers.BatchNormalization()(x)))
    made = AdversarialModel(
        *(mlp(3, 2, layers=[8], seed=2), critic, Minimax(), NoPenalty(), MMD(weight=0.0)),
        batches_apart=apart,
    )
    made.compile(*(keras.optimizers.Adam(1e-2) for _ in range(2)), jit_compile=False)
    return made


def test_the_model_hands_them_over_so():
    """Of its critic, batch norm and minibatch discrimination included, the loss by hand."""
    real = tf.constant(gaussian_rows(64))
    for apart in (True, False):
        made = model(apart)
        made.critic.layers[-1].kernel.assign(np.linspace(-1, 1, 12)[:, None])
        noise, share = made.draws(0, 64)
        fake = made.generator(noise[0], training=True)
        if apart:
            scores = made.critic(real, training=True), made.critic(fake, training=True)
        else:
            scores = tf.split(made.critic(tf.concat([real, fake], 0), training=True), 2)
        expected = float(made.objective.critic_loss(*scores))
        found = made.critic_phase(Batch(real), noise[0], share[0])["critic_loss"]
        assert float(found) == pytest.approx(expected, rel=1e-5)


def test_the_choice_is_saved(tmp_path):
    rows = gaussian_rows()
    made = model(apart=True)
    take_steps(made, rows, 2)
    made.save(tmp_path / "state.keras")
    again = keras.models.load_model(tmp_path / "state.keras")
    assert again.batches_apart
    assert not toy_model().batches_apart
    for one in (made, again):
        take_steps(one, rows, 1)
    for a, b in zip(made.get_weights(), again.get_weights(), strict=True):
        np.testing.assert_array_equal(a, b)
