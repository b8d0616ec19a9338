"""The number that an objective carries from step to step, and Fisher GAN's constraint by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pytest
import tensorflow as tf
from toys import gaussian_rows, take_steps, toy_model

from fatgan.adversarial.feed import ResidentFeed
from fatgan.adversarial.objectives import Adaptive, Fisher, Wasserstein
from fatgan.adversarial.penalties import NoPenalty


@dataclass(frozen=True)
class Counting(Wasserstein, Adaptive):
    """Counts the updates of the critic, up to three; its losses are Wasserstein's."""

    name: Literal["counting"] = "counting"
    start = 0.5

    def critic_loss(self, real: Any, fake: Any, multiplier: Any, weights: Any = None) -> Any:
        return super().critic_loss(real, fake, weights) + 0 * multiplier

    def updated(self, multiplier: Any, real: Any, fake: Any, weights: Any = None) -> Any:
        return tf.clip_by_value(multiplier + 1.0, 0.0, 3.0)


def test_it_is_updated_after_each_update_of_the_critic():
    model = toy_model(Counting(), NoPenalty(), critic_steps=2)
    assert float(model.multiplier) == 0.5
    take_steps(model, gaussian_rows(), 1)
    assert float(model.multiplier) == 2.5
    take_steps(model, gaussian_rows(), 1)
    assert float(model.multiplier) == 3.0


def test_no_optimizer_touches_it():
    model = toy_model(Fisher(), NoPenalty())
    variable = model.multiplier
    assert variable.dtype == "float32"
    assert not any(item is variable for item in model.trainable_variables)
    assert any(item is variable for item in model.non_trainable_variables)


def test_models_of_other_objectives_have_none():
    """So the weights that the training of another objective has saved are those of ever."""
    model = toy_model(Wasserstein())
    assert model.multiplier is None
    players = (model.generator, model.critic, model.averaged)
    assert len(model.weights) == sum(len(player.weights) for player in players)


def test_fishers_constraint_holds_in_the_end():
    """Against a generator that hardly moves, in the compiled loop: Omega within 5 % of 1.

    There the critic's gain by stretching its scores vanishes: E[D(real)] - E[D(fake)], which is
    the distance, is 2 multiplier Omega.
    """
    rows = gaussian_rows(2000)
    model = toy_model(Fisher(rho=1e-2), NoPenalty())
    model.generator_optimizer.learning_rate = 1e-5
    noise = tf.random.stateless_normal((20_000, 3), (1, 2))

    def scores() -> tuple[np.ndarray, np.ndarray]:
        return np.asarray(model.critic(rows)), np.asarray(model.critic(model.generator(noise)))

    assert abs(float(Fisher.second_moment(*scores())) - 1) > 0.5
    model.feed(ResidentFeed(rows, 256, seed=0))
    for rate, calls in ((2e-3, 5), (2e-4, 1)):
        model.critic_optimizer.learning_rate = rate
        model.fit(ResidentFeed.clock(calls, 50), verbose=0, shuffle=False)
    real, fake = scores()
    omega = float(Fisher.second_moment(real, fake))
    assert omega == pytest.approx(1.0, abs=0.05)
    assert real.mean() - fake.mean() == pytest.approx(2 * float(model.multiplier) * omega, rel=0.1)
