"""Training: from a configuration to a run folder with a model bundle."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import keras
import yaml

from fatgan.adversarial.bundle import check_place, write_bundle
from fatgan.adversarial.callbacks import Budget, Checkpoint, KeepBest, StopOnNonFinite
from fatgan.adversarial.feed import ResidentFeed
from fatgan.adversarial.model import AdversarialModel
from fatgan.adversarial.selection import Check, Selection
from fatgan.atomic import write_text
from fatgan.generator.choice import selection_of
from fatgan.generator.config import RunConfig, load_config
from fatgan.generator.data import Split, read_split
from fatgan.generator.event_gan import build
from fatgan.generator.manifest import describe
from fatgan.generator.sample import EventGenerator, load
from fatgan.generator.state import History, TrainingState
from fatgan.progress import bar
from fatgan.representations import FeatureTransform

CALLS_PER_EPOCH = 20
"""Compiled calls between two checkpoints."""


@dataclass(frozen=True)
class TrainedRun:
    """What a training leaves: its folder, the generator, and the rows it learned and did not."""

    folder: Path
    config: RunConfig
    generator: EventGenerator
    data: Split
    history: History

    @property
    def model(self) -> Path:
        """The model bundle's folder."""
        return self.folder / "model"


class Moment(NamedTuple):
    """A training between two compiled calls.

    Attributes
    ----------
    step, seconds
        Generator updates and training time in seconds so far.
    share
        The share of the budget spent, at most 1: it is 1 after the last call.
    generator
        Generates with the weights of this moment, chosen in the end or not; the same object at
        every moment, so keep its events and not itself.
    data
        The rows of the training.
    """

    step: int
    seconds: float
    share: float
    generator: EventGenerator
    data: Split


Observer = Callable[[Moment], None]


def train(
    config: RunConfig | str | Path,
    *,
    resume: bool = False,
    progress: bool = True,
    data: Split | None = None,
    observe: Observer | None = None,
) -> TrainedRun:
    """Train a generator and write ``model/``, ``checkpoint/``, ``history.json``, ``config.yaml``.

    The generator is the averaged one at the check where it was nearest to the selection rows
    (:class:`fatgan.adversarial.selection.Selection`), or at the end if there are none.

    Parameters
    ----------
    config
        A configuration or the path of one.
    resume
        Go on from the folder's checkpoint; the configuration must be the same but for the budget.
    progress
        Show a bar on standard error.
    data
        The rows of ``config.data``, where they are read and split already.
    observe
        Called after each compiled call, which may be many steps; its time is not counted.

    Raises
    ------
    DataError, ConfigError
        The file or the configuration cannot be used.
    TrainingError
        A loss is no longer finite (the message names it and the last good checkpoint), or there
        is nothing to resume.
    """
    if not isinstance(config, RunConfig):
        config = load_config(config)
    data = data or read_split(config.data, config.seed)
    transform = FeatureTransform.fit(data.training, config.representation)
    # Features before the network: too few rows must end here, in a moment.
    features = transform.forward(data.training)
    feed = ResidentFeed(features, config.training.batch, config.seed)
    state = TrainingState(config.folder / "checkpoint", config, data)
    model, spent, history = state.load() if resume else (build(config, transform), 0.0, [])
    generator = EventGenerator(model.averaged, transform, {})
    selection = selection_of(config, features, data.selection, generator, state.best_path, history)
    # A place that cannot be written must be found out now, and not after the training.
    bundle = config.folder / "model"
    check_place(bundle)
    write_text(config.folder / "config.yaml", yaml.safe_dump(config.to_dict(), sort_keys=False))
    if not resume:
        state.forget()
    elif selection:
        selection.restore()
    model.feed(feed)
    seen = _seen_by(observe, generator, data) if observe else None
    seconds = _fit(model, config, state, spent, history, selection, progress, seen)
    if selection:
        selection.apply(model.averaged)
    course = {
        "steps": int(model.step),
        "seconds": round(seconds, 1),
        "last": history[-1] if history else {},
        "selection": selection.to_dict() if selection else {},
    }
    write_bundle(bundle, model.averaged, describe(config, transform, data, model.averaged, course))
    write_text(config.folder / "history.json", json.dumps(history, indent=1))
    return TrainedRun(config.folder, config, load(bundle), data, history)


def _fit(
    model: AdversarialModel,
    config: RunConfig,
    state: TrainingState,
    spent: float,
    history: History,
    selection: Selection | None,
    progress: bool,
    seen: Callable[[int, float, float], None] | None,
) -> float:
    """Spend what is left of the budget; add to the history, and return all seconds spent."""
    training = config.training
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


def _seen_by(
    observe: Observer, generator: EventGenerator, data: Split
) -> Callable[[int, float, float], None]:
    def seen(step: int, seconds: float, share: float) -> None:
        observe(Moment(step, seconds, share, generator, data))

    return seen


def _short(step: int, terms: dict[str, float], selection: Selection | None) -> str:
    note = f"step {step:,} D {terms['critic_loss']:.4f} G {terms['generator_loss']:.4f}"
    if selection and selection.checks:
        last = selection.checks[-1]
        note += f" distance {last.distance:.4f} ± {last.error:.4f}"
    return note
