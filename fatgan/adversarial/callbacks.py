"""What happens between the compiled calls of a training: budget, watch, checkpoints."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import keras
import numpy as np

from fatgan.adversarial.loop import TERMS
from fatgan.adversarial.model import AdversarialModel
from fatgan.adversarial.selection import Check, Selection
from fatgan.atomic import disk_named, replaced_on_success
from fatgan.errors import TrainingError

PLACES = tuple(np.linspace(0.1, 1.0, 20).tolist())
"""Shares of the budget at which the averaged generator is measured."""


class Budget(keras.callbacks.Callback):
    """Spend a budget of steps or seconds, whichever ends first, and follow the schedule in it.

    Both learning rates fall from their start to ``decay_to`` times it along half a cosine of the
    share of the budget spent, so that a training ends annealed on a slow machine as on a quick
    one. Without ``max_seconds`` the schedule is a function of the step alone, and a run
    repeats bit for bit.

    Parameters
    ----------
    max_steps
        Generator updates in all, those before a resume included.
    max_seconds
        Wall time in all, compilation included; ``None`` for no limit.
    decay_to
        The last learning rate as a share of the first.
    learning_rate
        The first learning rate of both players. ``None`` takes what the optimizers have when the
        training begins, which is right only if it was not resumed.
    spent_seconds
        Time used before a resume.
    report
        Called with (share of the budget spent, terms of the last call) after each call.
    """

    def __init__(
        self,
        max_steps: int,
        max_seconds: float | None = None,
        *,
        decay_to: float = 0.1,
        learning_rate: float | None = None,
        spent_seconds: float = 0.0,
        report: Callable[[float, dict[str, float]], None] | None = None,
    ) -> None:
        super().__init__()
        self.max_steps, self.max_seconds, self.decay_to = max_steps, max_seconds, decay_to
        self.spent_seconds = spent_seconds
        self.learning_rate = learning_rate
        self._report = report

    def on_train_begin(self, logs: Any = None) -> None:
        """Start the clock and set the learning rates of the first call."""
        self._started = time.monotonic()
        optimizers = (self._gan.critic_optimizer, self._gan.generator_optimizer)
        # A resumed model's own rates are annealed ones, rounded, and of the budget it had then.
        self._rates = [(o, self.learning_rate or float(o.learning_rate)) for o in optimizers]
        self._anneal(self.share)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Set the learning rates for the next call, or stop."""
        share = self.share
        self._anneal(share)
        if self._report:
            self._report(min(share, 1.0), logs or {})
        if share >= 1:
            self._gan.stop_training = True

    @property
    def seconds(self) -> float:
        """Wall time spent so far, earlier parts of a resumed training included."""
        return self.spent_seconds + time.monotonic() - self._started

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Stop the clock while the block runs: what is done there is not training."""
        began = time.monotonic()
        try:
            yield
        finally:
            self._started += time.monotonic() - began

    @property
    def share(self) -> float:
        """The share of the budget spent so far."""
        share = int(self._gan.step) / self.max_steps
        return max(share, self.seconds / self.max_seconds) if self.max_seconds else share

    def _anneal(self, share: float) -> None:
        falling = (1 + math.cos(math.pi * min(share, 1.0))) / 2
        for optimizer, start in self._rates:
            optimizer.learning_rate = start * (self.decay_to + (1 - self.decay_to) * falling)

    @property
    def _gan(self) -> AdversarialModel:
        return self.model


class StopOnNonFinite(keras.callbacks.Callback):
    """End the training with an error that names the first term that is no longer finite.

    Keras' own ``TerminateOnNaN`` reads only ``loss``, which a GAN does not have.
    """

    def __init__(self, last_good: Callable[[], str]) -> None:
        super().__init__()
        self._last_good = last_good

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Check every term of the call that just ended."""
        for term in TERMS:
            value = float((logs or {}).get(term, 0.0))
            if not math.isfinite(value):
                raise TrainingError(
                    f"training stopped: {term} became {value} by step {int(self.model.step):,}; "
                    f"{self._last_good()}; lower training.learning_rate or raise the penalty"
                )


class KeepBest(keras.callbacks.Callback):
    """Check the averaged generator at 20 even shares of the budget, and at the end.

    It belongs after the budget, whose end it must see, and before the checkpoint.

    Parameters
    ----------
    selection
        Measures, and keeps the best.
    share
        Returns the share of the budget spent.
    stop_at_floor
        End the training when the last three checks were at the floor.
    told
        Called after each check.
    """

    def __init__(
        self,
        selection: Selection,
        share: Callable[[], float],
        *,
        stop_at_floor: bool = False,
        told: Callable[[Check], None] | None = None,
    ) -> None:
        super().__init__()
        self._selection, self._share, self._told = selection, share, told
        self._stop_at_floor = stop_at_floor

    def on_train_begin(self, logs: Any = None) -> None:
        """Find the places that are still to come: all of them, unless the training is resumed."""
        share = self._share()
        self._due = [place for place in PLACES if place > share]

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Check, if a place was passed or the training is to end."""
        share = self._share()
        ahead = [place for place in self._due if place > share]
        if len(ahead) == len(self._due) and not self.model.stop_training:
            return
        self._due = ahead
        check = self._selection.check(self.model.averaged, int(self.model.step))
        if check and self._told:
            self._told(check)
        if self._stop_at_floor and self._selection.at_floor:
            self.model.stop_training = True


class Checkpoint(keras.callbacks.Callback):
    """Save the whole training state after the first call and at the end of every epoch."""

    def __init__(self, path: Path, note: Callable[[], None] | None = None) -> None:
        super().__init__()
        self.path, self._note = path, note
        self.step: int | None = None

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Save once early, so that there always is a last good state."""
        if self.step is None:
            self._save()

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Save; the losses of this epoch were finite, or training would have ended."""
        self._save()

    def _save(self) -> None:
        with replaced_on_success(self.path) as beside, disk_named(self.path):
            self.model.save(beside)
        self.step = int(self.model.step)
        if self._note:
            self._note()

    def last_good(self) -> str:
        """Say where the last good state is."""
        if self.step is None:
            return "that was in the first call, before any checkpoint"
        return f"the last good checkpoint is step {self.step:,} in {self.path}"
