"""Budget, watch and checkpoint."""

from __future__ import annotations

import math
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

import keras
import numpy as np
import pytest
from toys import RATE, fit, gaussian_rows, toy_model

from fatgan.adversarial import callbacks
from fatgan.adversarial.callbacks import Budget, Checkpoint, StopOnNonFinite
from fatgan.adversarial.loop import TERMS
from fatgan.errors import DataError, TrainingError


def player(rate: float) -> SimpleNamespace:
    return SimpleNamespace(learning_rate=rate)


def gan(step: int = 0, critic: float = 0.2, generator: float = 0.1) -> SimpleNamespace:
    """What a budget sees of a model."""
    return SimpleNamespace(
        step=step,
        stop_training=False,
        critic_optimizer=player(critic),
        generator_optimizer=player(generator),
    )


class Clock:
    """A clock that goes when it is told to."""

    now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(callbacks, "time", clock)
    return clock


def half_cosine(share: float, decay_to: float) -> float:
    return decay_to + (1 - decay_to) * (1 + math.cos(math.pi * share)) / 2


def run(budget: Budget, model: SimpleNamespace, steps: int) -> None:
    """One call of ``steps`` steps."""
    model.step += steps
    budget.on_train_batch_end(0, {})


def test_steps_end_the_training_and_anneal_both_rates():
    model, budget = gan(), Budget(100, decay_to=0.02)
    budget.set_model(model)
    budget.on_train_begin()
    assert (model.critic_optimizer.learning_rate, budget.share) == (0.2, 0)
    for done in (25, 50, 75):
        run(budget, model, 25)
        expected = half_cosine(done / 100, 0.02)
        assert model.critic_optimizer.learning_rate == pytest.approx(0.2 * expected)
        assert model.generator_optimizer.learning_rate == pytest.approx(0.1 * expected)
        assert not model.stop_training
    run(budget, model, 25)
    assert model.stop_training
    assert model.critic_optimizer.learning_rate == pytest.approx(0.2 * 0.02)


def test_seconds_end_the_training_when_they_are_spent_first(clock):
    model, budget = gan(), Budget(10**6, 60.0, decay_to=0.1)
    budget.set_model(model)
    budget.on_train_begin()
    clock.now += 30
    run(budget, model, 10)
    assert budget.share == pytest.approx(0.5)
    assert model.generator_optimizer.learning_rate == pytest.approx(0.1 * half_cosine(0.5, 0.1))
    clock.now += 31
    run(budget, model, 10)
    assert model.stop_training
    assert model.generator_optimizer.learning_rate == pytest.approx(0.1 * 0.1)
    assert budget.seconds == pytest.approx(61)


def test_seconds_of_earlier_parts_count(clock):
    model, budget = gan(), Budget(10**6, 60.0, spent_seconds=45.0)
    budget.set_model(model)
    budget.on_train_begin()
    clock.now += 15
    run(budget, model, 1)
    assert model.stop_training


def test_a_pause_is_not_counted(clock):
    model, budget = gan(), Budget(10**6, 60.0, spent_seconds=5.0)
    budget.set_model(model)
    budget.on_train_begin()
    clock.now += 10
    with budget.paused():
        clock.now += 1000
    clock.now += 5
    assert budget.seconds == pytest.approx(20)
    with suppress(KeyError), budget.paused():
        clock.now += 1000
        raise KeyError
    assert budget.share == pytest.approx(20 / 60)


@pytest.mark.parametrize("grown", [100, 200])
def test_a_resumed_training_follows_the_schedule_of_its_budget(grown):
    """The rates that were saved are annealed ones, of the budget that was."""
    model = gan(step=100, critic=1e-5, generator=1e-5)
    budget = Budget(grown, decay_to=0.01, learning_rate=1e-3)
    budget.set_model(model)
    budget.on_train_begin()
    expected = 1e-3 * half_cosine(100 / grown, 0.01)
    assert model.critic_optimizer.learning_rate == pytest.approx(expected)
    assert model.generator_optimizer.learning_rate == pytest.approx(expected)


def test_the_report_gets_share_and_terms():
    seen = []
    model = gan()
    budget = Budget(10, report=lambda share, terms: seen.append((share, terms["mmd"])))
    budget.set_model(model)
    budget.on_train_begin()
    for mmd in (0.5, 0.25):
        model.step += 8
        budget.on_train_batch_end(0, {"mmd": mmd})
    assert seen == [(0.8, 0.5), (1.0, 0.25)]


@pytest.mark.usefixtures("uncompiled")
def test_a_fit_ends_with_its_budget_annealed():
    model = toy_model()
    history = fit(model, gaussian_rows(), epochs=100, max_steps=4, steps=1)
    assert int(model.step) == 4
    assert set(history) == set(TERMS)
    assert float(model.critic_optimizer.learning_rate) == pytest.approx(0.1 * RATE)


@pytest.mark.parametrize("term", TERMS)
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_term_that_is_not_finite_is_named(term, value):
    watch = StopOnNonFinite(lambda: "the last good checkpoint is step 40 in somewhere")
    watch.set_model(SimpleNamespace(step=1234))
    logs = dict.fromkeys(TERMS, 0.5)
    watch.on_train_batch_end(0, logs)
    with pytest.raises(TrainingError, match=rf"{term} became .*step 1,234.*step 40 in somewhere"):
        watch.on_train_batch_end(0, logs | {term: value})


@pytest.mark.usefixtures("uncompiled")
def test_rows_that_are_not_numbers_stop_the_training_at_the_last_good_checkpoint(tmp_path):
    model, rows = toy_model(), gaussian_rows(64)
    checkpoint = Checkpoint(tmp_path / "state.keras")
    watched = (StopOnNonFinite(checkpoint.last_good), checkpoint)
    fit(model, rows, epochs=2, steps=1, callbacks=watched)
    rows[3, 1] = np.nan  # one row that some batch of these steps will hold
    with pytest.raises(TrainingError, match=r"became nan by step [5-9]; .* step 4 in"):
        fit(model, rows, epochs=1, calls=5, steps=1, callbacks=watched)
    kept = keras.models.load_model(tmp_path / "state.keras")
    assert int(kept.step) == 4
    assert all(np.isfinite(weights).all() for weights in kept.get_weights())


@pytest.mark.usefixtures("uncompiled")
def test_a_training_that_explodes_ends_with_an_error_and_no_checkpoint(tmp_path):
    model, rows = toy_model(), gaussian_rows()
    checkpoint = Checkpoint(tmp_path / "state.keras")
    budget = Budget(40, learning_rate=1e30)
    watch = StopOnNonFinite(checkpoint.last_good)
    with pytest.raises(TrainingError, match=r"became (nan|inf|-inf).*before any checkpoint"):
        fit(model, rows, epochs=1, steps=2, callbacks=(budget, watch))
    assert not (tmp_path / "state.keras").exists()


def test_a_checkpoint_that_fails_leaves_the_one_before(tmp_path):
    path = tmp_path / "state" / "state.keras"
    noted = []
    checkpoint = Checkpoint(path, lambda: noted.append(checkpoint.step))

    def save(to: Path) -> None:
        to.write_text("half")
        if len(noted):
            raise OSError("no space left")

    checkpoint.set_model(SimpleNamespace(step=7, save=save))
    checkpoint.on_epoch_end(0)
    checkpoint.model.step = 9
    with pytest.raises(DataError, match=r"state\.keras.*no space"):
        checkpoint.on_epoch_end(1)
    assert noted == [7]
    assert path.read_text() == "half"
    assert "step 7" in checkpoint.last_good()
    assert str(path) in checkpoint.last_good()
