"""How the demonstrations train: small networks on rows in memory, through the house's engine."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from fatgan.adversarial.callbacks import Budget
from fatgan.adversarial.feed import ResidentFeed
from fatgan.adversarial.mmd import MMD
from fatgan.adversarial.model import AdversarialModel
from fatgan.adversarial.objectives import Objective
from fatgan.adversarial.penalties import Penalty
from fatgan.progress import bar

Array = NDArray[np.float64]

CALLS = 20
"""Compiled calls of a training, between which the bar moves and the learning rate falls."""


def gan(
    generator: keras.Model,
    critic: keras.Model,
    objective: Objective,
    penalty: Penalty,
    *,
    rate: float,
    seed: int,
    momentum: float = 0.0,
    critic_steps: int = 1,
    averaging: float = 0.0,
    rmsprop: bool = False,
    batches_apart: bool = False,
    jit: bool = False,
) -> AdversarialModel:
    """Return a compiled pair without any further penalty on the generator.

    Both players have Adam with this ``rate`` and ``momentum`` (its beta_1), or RMSprop, which the
    first WGAN needs (arXiv:1701.07875). Compiling with XLA (``jit``) pays from some 1,000 steps on.
    """
    model = AdversarialModel(
        generator,
        critic,
        objective,
        penalty,
        MMD(weight=0.0),
        critic_steps=critic_steps,
        averaging=averaging,
        batches_apart=batches_apart,
        seed=seed,
    )
    critic_optimizer, generator_optimizer = (_optimizer(rate, momentum, rmsprop) for _ in range(2))
    model.compile(critic_optimizer, generator_optimizer, jit_compile=jit)
    return model


def train(model: AdversarialModel, rows: Array, *, steps: int, batch: int, label: str) -> None:
    """Train both players for ``steps`` generator steps on rows of shape (n, d), under a bar."""
    model.feed(ResidentFeed(rows.astype("float32"), batch, model.seed))
    per_call = -(-steps // CALLS)
    clock = ResidentFeed.clock(-(-steps // per_call), per_call, steps)
    with bar(label, 1.0) as update:

        def report(share: float, _: dict[str, float]) -> None:
            update(share)

        budget = Budget(steps, report=report)
        model.fit(clock, epochs=1, verbose=0, shuffle=False, callbacks=[budget])


def critic_training(model: AdversarialModel, rows: Array, batch: int) -> Callable[[int, int], None]:
    """Return a function that takes the critic alone from one step to another.

    The generator stays where it is, as in the theory of the optimal discriminator.
    """
    feed = ResidentFeed(rows.astype("float32"), batch, model.seed)

    @tf.function
    def loop(first: tf.Tensor, last: tf.Tensor) -> None:
        for step in tf.range(first, last):
            noise, share = model.draws(step, feed.batch)
            real = feed.gather(feed.draw(step, 1)).at(0)
            model.critic_phase(real, noise[0], share[0])

    def advance(first: int, last: int) -> None:
        loop(tf.constant(first), tf.constant(last))

    return advance


def affine_generator(matrix: Array, shift: Array) -> keras.Model:
    """Return a generator at rest: z (n, k) -> z @ matrix + shift, (n, d)."""
    noise = keras.Input((matrix.shape[0],))
    layer = keras.layers.Dense(matrix.shape[1])
    model = keras.Model(noise, layer(noise))
    layer.set_weights([np.asarray(matrix), np.asarray(shift)])
    return model


def spread_kinks(network: keras.Model, centre: Array, reach: float, seed: int) -> keras.Model:
    """Return the network with the first layer's kinks spread over a ball, in place.

    With biases of zero all of them go through the origin, and a target with structure elsewhere
    takes long to learn. ``centre`` has the shape of an input, (d,).
    """
    first = next(layer for layer in network.layers if isinstance(layer, keras.layers.Dense))
    kernel, bias = first.get_weights()
    distance = np.random.default_rng(seed).uniform(-reach, reach, size=len(bias))
    first.set_weights([kernel, distance * np.linalg.norm(kernel, axis=0) - centre @ kernel])
    return network


def generate(model: AdversarialModel, n: int, seed: int) -> Array:
    """Return n rows of the averaged generator, shape (n, d), float64."""
    noise = np.random.default_rng(seed).normal(size=(n, model.generator.input_shape[-1]))
    return np.asarray(model(noise.astype("float32")), dtype=np.float64)


def _optimizer(rate: float, momentum: float, rmsprop: bool) -> Any:
    if rmsprop:
        return keras.optimizers.RMSprop(rate)
    return keras.optimizers.Adam(rate, momentum, 0.99)
