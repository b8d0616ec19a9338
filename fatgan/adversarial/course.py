"""The course of a training: a budget spent under ``Model.fit``, watched, saved and shown."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

import keras

from fatgan.adversarial.callbacks import Budget, Checkpoint, KeepBest, StopOnNonFinite
from fatgan.adversarial.feed import ResidentFeed
from fatgan.adversarial.model import AdversarialModel
from fatgan.adversarial.selection import Check, Selection
from fatgan.adversarial.settings import TrainingConfig
from fatgan.adversarial.state import History, TrainingState
from fatgan.progress import bar

CALLS_PER_EPOCH = 20
"""Compiled calls between two checkpoints."""

Seen = Callable[[int, float, float], None]
"""Called between compiled calls with the step, the seconds and the share of the budget spent."""


def spend(
    model: AdversarialModel,
    training: TrainingConfig,
    state: TrainingState,
    *,
    spent: float = 0.0,
    history: History,
    selection: Selection | None = None,
    progress: bool = True,
    seen: Seen | None = None,
) -> float:
    """Train for what is left of the budget; add to the history, and return all seconds spent.

    Parameters
    ----------
    model
        Compiled, with its feed.
    training
        The budget and the schedule.
    state
        Where checkpoints go.
    spent
        Seconds spent before a resume.
    history
        One entry per compiled call is added.
    selection
        Measures the generator on the way and keeps the best.
    progress
        Show a bar on standard error.
    seen
        Looks at the model between calls; its time is not counted.

    Raises
    ------
    TrainingError
        A term of the losses is no longer finite.
    """
    left = training.max_steps - int(model.step)
    over = left <= 0 or spent >= (training.max_seconds or math.inf)
    if over or (training.stop_at_floor and selection and selection.at_floor):
        return spent
    per_call = min(training.steps_per_call, left)
    with ExitStack() as stack:
        update = stack.enter_context(bar("training", 1.0)) if progress else None

        def report(share: float, terms: dict[str, float]) -> None:
            step = int(model.step)
            seconds = round(budget.seconds, 3)
            history.append({"step": step, "seconds": seconds, **terms})
            if update:
                update(share, _short(step, terms, selection))

        def look(batch: int, logs: Any) -> None:
            last, share = history[-1], 1.0 if model.stop_training else min(budget.share, 1.0)
            if seen:
                with budget.paused():
                    seen(int(last["step"]), last["seconds"], share)

        def told(check: Check) -> None:
            history[-1] |= {"distance": check.distance, "distance_error": check.error}

        budget = Budget(
            training.max_steps,
            training.max_seconds,
            decay_to=training.decay_to,
            learning_rate=training.learning_rate,
            spent_seconds=spent,
            report=report,
        )
        checkpoint = Checkpoint(state.model_path, lambda: state.note(budget.seconds, history))
        callbacks = [StopOnNonFinite(checkpoint.last_good), budget]
        if selection:
            stop = training.stop_at_floor
            keep = KeepBest(selection, lambda: budget.share, stop_at_floor=stop, told=told)
            callbacks.append(keep)
        # after all that may end the training: what is seen last is its end
        callbacks += [keras.callbacks.LambdaCallback(on_train_batch_end=look), checkpoint]
        model.fit(
            ResidentFeed.clock(CALLS_PER_EPOCH, per_call, last=training.max_steps),
            epochs=-(-left // per_call),
            verbose=0,
            shuffle=False,  # the feed draws at random; the clock has nothing to shuffle
            callbacks=callbacks,
        )
        return budget.seconds


def _short(step: int, terms: dict[str, float], selection: Selection | None) -> str:
    note = f"step {step:,} D {terms['critic_loss']:.4f} G {terms['generator_loss']:.4f}"
    if selection and selection.checks:
        last = selection.checks[-1]
        note += f" distance {last.distance:.4f} ± {last.error:.4f}"
    return note
