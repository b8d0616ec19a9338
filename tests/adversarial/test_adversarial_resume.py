"""A training that is saved and goes on is the training that never stopped, to the last bit."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from toys import fit, gaussian_rows, same_weights, take_steps, toy_model

from fatgan.adversarial.mmd import MMD
from fatgan.adversarial.objectives import EmbeddedMMD, Fisher, Wasserstein
from fatgan.adversarial.penalties import GradientPenalty, NoPenalty, WeightClipping

CASES = {
    "relativistic": {},
    "wasserstein": {
        "dropout": 0.3,
        "objective": Wasserstein(),
        "penalty": GradientPenalty(weight=0.1),
        "critic_steps": 2,
    },
    "clipped": {
        "objective": EmbeddedMMD(outputs=3, widths=(0.5, 2.0)),
        "penalty": WeightClipping(limit=0.2),
        "optimizer": keras.optimizers.RMSprop,
    },
    "fisher": {"objective": Fisher(rho=0.1), "penalty": NoPenalty(), "batches_apart": True},
}
"""Between them: objectives of one output and several, both optimizers, a constraint on the
weights, a multiplier, with and without dropout."""


def two_and_two_epochs(case: dict[str, Any], folder: Path, **size: int) -> None:
    """Assert that they are four, where an epoch has so many calls of so many steps."""
    rows, steps = gaussian_rows(), size["calls"] * size["steps"]
    whole = toy_model(**case)

    def save(epoch: int, logs: dict | None = None) -> None:
        if epoch == 1:
            whole.save(folder / "half.keras")

    callback = keras.callbacks.LambdaCallback(on_epoch_end=save)
    fit(whole, rows, epochs=4, max_steps=4 * steps, callbacks=(callback,), **size)
    rest = keras.models.load_model(folder / "half.keras")
    assert int(rest.step) == 2 * steps
    assert not same_weights(rest, whole)
    fit(rest, rows, epochs=2, max_steps=4 * steps, **size)
    assert int(rest.step) == int(whole.step) == 4 * steps
    assert same_weights(rest, whole)  # the multiplier of an objective is one of them
    for one, other in zip(slots(rest), slots(whole), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.usefixtures("uncompiled")
@pytest.mark.parametrize("case", CASES)
def test_two_and_two_epochs_are_four(case, tmp_path):
    two_and_two_epochs(CASES[case], tmp_path, calls=1, steps=1)


def test_two_and_two_epochs_are_four_when_compiled_by_xla(tmp_path):
    """Without the penalty and the MMD, which take XLA longer than all else."""
    case = {"jit": True, "penalty": NoPenalty(), "mmd": MMD(weight=0.0)}
    two_and_two_epochs(case, tmp_path, calls=2, steps=5)


def slots(model: keras.Model) -> list[np.ndarray]:
    optimizers = (model.critic_optimizer, model.generator_optimizer)
    return [variable.numpy() for item in optimizers for variable in item.variables]


def test_saving_keeps_samples_and_both_optimizers(tmp_path):
    model = toy_model(seed=5)
    take_steps(model, gaussian_rows(), 3)
    model.save(tmp_path / "state.keras")
    again = keras.models.load_model(tmp_path / "state.keras")
    noise = tf.random.stateless_normal((100, 3), (1, 2))
    np.testing.assert_array_equal(again(noise), model(noise))
    np.testing.assert_array_equal(again.generator(noise), model.generator(noise))
    saved, kept = slots(again), slots(model)
    # iterations, rate, and two moments for each of six weights, for each player
    assert len(saved) == len(kept) == 2 * (2 + 2 * 6)
    for one, other in zip(saved, kept, strict=True):
        np.testing.assert_array_equal(one, other)
    assert sum(np.abs(slot).sum() for slot in saved) > 0
    assert again.seed == model.seed


def test_same_seed_same_weights_and_another_seed_others():
    def trained(seed: int) -> keras.Model:
        model = toy_model(seed=seed)
        take_steps(model, gaussian_rows(), 2)
        return model

    one = trained(1)
    keras.utils.set_random_seed(99)  # global seeds play no part
    assert same_weights(trained(1), one)
    other = trained(2)
    pairs = zip(other.generator.get_weights(), one.generator.get_weights(), strict=True)
    assert all(np.any(a != b) for a, b in pairs)


def test_dropout_drops_in_training_only():
    model = toy_model(dropout=0.5, width=64)
    points = tf.constant(gaussian_rows(20))
    np.testing.assert_array_equal(model.critic(points), model.critic(points))
    drawn = [model.critic(points, training=True).numpy() for _ in range(2)]
    assert np.mean(drawn[0] != drawn[1]) > 0.9
