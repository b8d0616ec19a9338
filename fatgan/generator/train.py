"""Training: from a configuration to a run folder with a model bundle."""

from __future__ import annotations

import hashlib
import json
import math
import platform
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
import tensorflow as tf
import yaml

from fatgan.adversarial.bundle import check_place, write_bundle
from fatgan.adversarial.callbacks import Budget, Checkpoint, StopOnNonFinite
from fatgan.adversarial.feed import ResidentFeed
from fatgan.adversarial.model import AdversarialModel
from fatgan.atomic import write_text
from fatgan.generator.config import RunConfig, load_config
from fatgan.generator.data import Split, read_split
from fatgan.generator.event_gan import build
from fatgan.generator.sample import EventGenerator, load
from fatgan.generator.state import History, TrainingState
from fatgan.progress import bar
from fatgan.representations import FeatureTransform
from fatgan.version import __version__

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
        Generates with the weights of this moment; the same object at every moment, so keep its
        events and not itself.
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
    feed = ResidentFeed(transform.forward(data.training), config.training.batch, config.seed)
    state = TrainingState(config.folder / "checkpoint", config, data)
    model, spent, history = state.load() if resume else (build(config, transform), 0.0, [])
    # A place that cannot be written must be found out now, and not after the training.
    bundle = config.folder / "model"
    check_place(bundle)
    write_text(config.folder / "config.yaml", yaml.safe_dump(config.to_dict(), sort_keys=False))
    model.feed(feed)
    seen = None
    if observe:
        seen = _seen_by(observe, EventGenerator(model.averaged, transform, {}), data)
    seconds = _fit(model, config, state, spent, history, progress, seen)
    manifest = _manifest(config, transform, data, model, history, seconds)
    write_bundle(bundle, model.averaged, manifest)
    write_text(config.folder / "history.json", json.dumps(history, indent=1))
    return TrainedRun(config.folder, config, load(bundle), data, history)


def _fit(
    model: AdversarialModel,
    config: RunConfig,
    state: TrainingState,
    spent: float,
    history: History,
    progress: bool,
    seen: Callable[[int, float, float], None] | None,
) -> float:
    """Spend what is left of the budget; add to the history, and return all seconds spent."""
    training = config.training
    left = training.max_steps - int(model.step)
    if left <= 0 or spent >= (training.max_seconds or math.inf):
        return spent
    per_call = min(training.steps_per_call, left)
    with ExitStack() as stack:
        update = stack.enter_context(bar("training", 1.0)) if progress else None

        def report(share: float, terms: dict[str, float]) -> None:
            step = int(model.step)
            seconds = round(budget.seconds, 3)
            history.append({"step": step, "seconds": seconds, **terms})
            if update:
                update(share, _short(step, terms))
            if seen:
                with budget.paused():
                    seen(step, seconds, share)

        budget = Budget(
            training.max_steps,
            training.max_seconds,
            decay_to=training.decay_to,
            learning_rate=training.learning_rate,
            spent_seconds=spent,
            report=report,
        )
        checkpoint = Checkpoint(state.model_path, lambda: state.note(budget.seconds, history))
        watch = StopOnNonFinite(checkpoint.last_good)
        model.fit(
            ResidentFeed.clock(CALLS_PER_EPOCH, per_call, last=training.max_steps),
            epochs=-(-left // per_call),
            verbose=0,
            shuffle=False,  # the feed draws at random; the clock has nothing to shuffle
            callbacks=[watch, budget, checkpoint],
        )
        return budget.seconds


def _seen_by(
    observe: Observer, generator: EventGenerator, data: Split
) -> Callable[[int, float, float], None]:
    def seen(step: int, seconds: float, share: float) -> None:
        observe(Moment(step, seconds, share, generator, data))

    return seen


def _short(step: int, terms: dict[str, float]) -> str:
    return f"step {step:,} D {terms['critic_loss']:.4f} G {terms['generator_loss']:.4f}"


def _manifest(
    config: RunConfig,
    transform: FeatureTransform,
    data: Split,
    model: AdversarialModel,
    history: History,
    seconds: float,
) -> dict[str, Any]:
    gpus = tf.config.list_physical_devices("GPU")
    return {
        "name": config.name,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": config.seed,
        "checksum": _checksum(model.averaged),
        "columns": {"px": "GeV", "py": "GeV", "pz": "GeV", "E": "GeV"},
        "data": {
            "provenance": dict(data.training.provenance),
            "rows": len(data.training),
            "held_out": len(data.held_out),
        },
        "training": {
            "steps": int(model.step),
            "seconds": round(seconds, 1),
            "device": "GPU" if gpus else "CPU",
            "jit": config.training.jit,
            "last": history[-1] if history else {},
        },
        "versions": {
            "fatgan": __version__,
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
        "config": config.to_dict(),
        "transform": transform.to_dict(),
    }


def _checksum(network: keras.Model) -> str:
    digest = hashlib.sha256()
    for weights in network.get_weights():
        digest.update(np.ascontiguousarray(weights).tobytes())
    return digest.hexdigest()
