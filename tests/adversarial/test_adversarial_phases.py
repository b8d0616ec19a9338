"""One step: which weights it changes, and what it reports."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from toys import RATE, fit, gaussian_rows, same_weights, take_steps, toy_model

from fatgan.adversarial.batch import Batch
from fatgan.adversarial.loop import TERMS
from fatgan.adversarial.mmd import MMD
from fatgan.adversarial.model import AdversarialModel
from fatgan.adversarial.objectives import OBJECTIVES, EmbeddedMMD, Relativistic
from fatgan.adversarial.penalties import PENALTIES, WeightClipping, ZeroCentred


def usable(penalty: type) -> Any:
    # a critic of eight units whose weights are below 0.01 is flat in float32
    return WeightClipping(limit=0.3) if penalty is WeightClipping else penalty()


# A penalty meets an objective in one sum: each of both once is as good as all pairs, but for the
# slope of several outputs.
PAIRS = [
    *((objective(), ZeroCentred()) for objective in OBJECTIVES),
    *((Relativistic(), usable(penalty)) for penalty in PENALTIES if penalty is not ZeroCentred),
    *((EmbeddedMMD(outputs=2), usable(penalty)) for penalty in PENALTIES),
]
each_pair = pytest.mark.parametrize(
    ("objective", "penalty"), PAIRS, ids=[f"{o.name}-{p.name}-{o.outputs}" for o, p in PAIRS]
)


def real_batches(count: int = 1, batch: int = 64) -> tf.Tensor:
    return tf.constant(gaussian_rows(count * batch).reshape(count, batch, 2))


def changed(before: list[np.ndarray], network: keras.Model) -> list[np.ndarray]:
    pairs = zip(before, network.get_weights(), strict=True)
    return [old != new for old, new in pairs]


@each_pair
def test_each_phase_changes_its_own_player_only(objective, penalty):
    model = toy_model(objective, penalty)
    players = (model.critic, model.generator, model.averaged)
    noise, share = model.draws(0, 64)
    real = Batch(real_batches()[0])

    before = [player.get_weights() for player in players]
    terms = model.critic_phase(real, noise[0], share[0])
    critic, generator, averaged = map(changed, before, players)
    # all but the last bias: a constant added to all scores cancels in most objectives
    assert all(np.all(weights) for weights in critic[:-1])
    assert not any(np.any(weights) for weights in generator + averaged)
    assert set(terms) == {"critic_loss", "penalty"}

    before = [player.get_weights() for player in players]
    terms = model.generator_phase(real, noise[1])
    critic, generator, averaged = map(changed, before, players)
    assert all(np.all(weights) for weights in generator)
    assert not any(np.any(weights) for weights in critic + averaged)
    assert set(terms) == {"generator_loss", "mmd"}


@each_pair
def test_phases_go_downhill(objective, penalty):
    """With its opponent at rest, each player's loss falls."""
    model = toy_model(objective, penalty, mmd=MMD(weight=0.0))
    noise, share = model.draws(0, 64)
    real = Batch(real_batches()[0])
    penalty.constrain(model.critic.trainable_variables)  # from the start, not from its first phase
    critic = [model.critic_phase(real, noise[0], share[0]) for _ in range(10)]
    assert critic[-1]["critic_loss"] + critic[-1]["penalty"] < (
        critic[0]["critic_loss"] + critic[0]["penalty"]
    )
    generator = [model.generator_phase(real, noise[1])["generator_loss"] for _ in range(10)]
    assert generator[-1] < generator[0]


@pytest.mark.parametrize("critic_steps", [1, 2])
def test_a_clipped_critic_stays_within_its_limit(critic_steps):
    model = toy_model(penalty=WeightClipping(limit=0.05), critic_steps=critic_steps)
    take_steps(model, gaussian_rows(), 2)
    assert max(np.abs(weights).max() for weights in model.critic.get_weights()) <= 0.05
    assert max(np.abs(weights).max() for weights in model.generator.get_weights()) > 0.05


def test_the_generator_is_taught_by_the_mmd_too():
    """Without gradients from a flat critic the MMD alone pulls the generator to the data."""
    model = toy_model(mmd=MMD(weight=1.0, rows=64), rate=3e-2)
    model.critic.set_weights([0 * weights for weights in model.critic.get_weights()])
    noise, real = model.draws(0, 64)[0][1], Batch(real_batches()[0])
    values = [float(model.generator_phase(real, noise)["mmd"]) for _ in range(40)]
    assert values[0] > 0.1
    assert values[-1] < 0.3 * values[0]


@pytest.mark.parametrize("critic_steps", [1, 3])
def test_a_step_reports_its_terms_and_counts_once(critic_steps):
    model = toy_model(critic_steps=critic_steps)
    logs = model.train_step(real_batches(critic_steps))
    assert set(logs) == set(TERMS)
    assert all(np.isfinite(float(value)) for value in logs.values())
    assert int(model.step) == 1
    assert int(model.critic_optimizer.iterations) == critic_steps


@pytest.mark.parametrize("decay", [0.0, 0.5, 0.999])
def test_the_averaged_generator_follows(decay):
    """mean <- d mean + (1 - d) weights with d = min(decay, (1 + step) / (10 + step))."""
    model = toy_model(averaging=decay)
    expected = [weights.astype("float64") for weights in model.averaged.get_weights()]
    for step in range(1, 6):
        model.train_step(real_batches())
        d = min(decay, (1 + step) / (10 + step))
        pairs = zip(expected, model.generator.get_weights(), strict=True)
        expected = [d * mean + (1 - d) * weights for mean, weights in pairs]
    for found, mean in zip(model.averaged.get_weights(), expected, strict=True):
        np.testing.assert_allclose(found, mean, rtol=1e-4, atol=1e-6)


def test_only_the_players_are_trained():
    model = toy_model()
    trained = {id(variable) for variable in model.trainable_variables}
    players = [*model.critic.trainable_variables, *model.generator.trainable_variables]
    assert trained == {id(variable) for variable in players}


def test_the_model_generates_with_the_average():
    model = toy_model(averaging=0.9)
    take_steps(model, gaussian_rows(), 5)
    noise = tf.random.stateless_normal((20, 3), (1, 2))
    np.testing.assert_array_equal(model(noise), model.averaged(noise))
    assert not np.allclose(model(noise), model.generator(noise))


def test_the_compiled_loop_takes_the_same_steps_as_a_loop_in_python(caplog):
    rows = gaussian_rows()
    compiled, plain = toy_model(critic_steps=2), toy_model(critic_steps=2)
    fit(compiled, rows, epochs=1, max_steps=10**9)
    take_steps(plain, rows, 10)
    weights = zip(compiled.get_weights(), plain.get_weights(), strict=True)
    error = np.concatenate([np.abs(one - other).ravel() for one, other in weights])
    # Adam makes a step of a gradient's rounding where there is hardly a gradient
    assert np.median(error) < 1e-6
    assert error.max() < RATE / 2
    assert "AutoGraph" not in caplog.text  # it complains of what it cannot compile


def test_any_dataset_will_do():
    """Without resident rows ``fit`` takes batches of (critic_steps, batch, ...)."""
    model = toy_model(critic_steps=2)
    before = model.generator.get_weights()
    data = tf.data.Dataset.from_tensors(real_batches(2)).repeat(4)
    history = model.fit(data, epochs=1, verbose=0, shuffle=False)
    assert int(model.step) == 4
    assert set(history.history) == set(TERMS)
    assert all(np.any(weights) for weights in changed(before, model.generator))


@each_pair
def test_the_configuration_rebuilds_the_model(objective, penalty):
    model = toy_model(objective, penalty, critic_steps=2, averaging=0.9, seed=4)
    again = AdversarialModel.from_config(model.get_config())
    assert (again.objective, again.penalty, again.mmd) == (objective, penalty, model.mmd)
    assert (again.critic_steps, again.averaging, again.seed) == (2, 0.9, 4)
    assert again.get_config() == model.get_config()
    again.set_weights(model.get_weights())
    assert same_weights(again, model)
    again.compile_from_config(model.get_compile_config())
    assert float(again.critic_optimizer.learning_rate) == pytest.approx(RATE)
    assert again.critic_optimizer is not again.generator_optimizer
    assert not model.jit_compile
    assert not again.jit_compile
