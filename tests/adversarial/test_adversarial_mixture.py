"""A mixture in two dimensions is recovered: no mode is lost, by either objective."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from toys import fit, toy_model

from fatgan.adversarial.mmd import MMD
from fatgan.adversarial.objectives import Relativistic, Wasserstein
from fatgan.adversarial.penalties import GradientPenalty, ZeroCentred

MODES = 8
CENTRES = 1.4 * np.exp(2j * np.pi * np.arange(MODES) / MODES)


def mixture(n: int) -> np.ndarray:
    """Return n points around eight centres on a ring, each of width 0.1."""
    rng = np.random.default_rng(1)
    points = rng.choice(CENTRES, n) + 0.1 * (rng.normal(size=n) + 1j * rng.normal(size=n))
    return np.stack([points.real, points.imag], axis=1).astype("float32")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("objective", "penalty", "critic_steps"),
    [
        (Relativistic(), ZeroCentred(gamma=0.1), 1),
        (Wasserstein(), GradientPenalty(weight=0.1), 2),
    ],
    ids=["relativistic", "wasserstein"],
)
def test_every_mode_is_found(objective, penalty, critic_steps):
    """By the critic alone: the MMD, which would help, is off."""
    model = toy_model(
        objective,
        penalty,
        width=32,
        jit=True,
        critic_steps=critic_steps,
        averaging=0.99,
        mmd=MMD(weight=0.0),
    )
    fit(model, mixture(20_000), epochs=1, calls=30, steps=50, batch=256, max_steps=1500)
    noise = tf.random.stateless_normal((10_000, model.generator.input_shape[-1]), (3, 4))
    points = np.asarray(model(noise)) @ np.array([1, 1j])
    distance = np.abs(points[:, None] - CENTRES)
    near = distance.min(axis=1) < 0.4
    share = np.bincount(distance.argmin(axis=1)[near], minlength=MODES) / len(points)
    # an untrained generator puts less than 15 % near the centres, most of it at one or two
    assert near.mean() > 0.6
    assert share.min() > 0.3 / MODES
    assert share.max() < 2 / MODES
