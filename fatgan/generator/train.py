"""Training: from a configuration to a run folder with a model bundle."""

from __future__ import annotations

import hashlib
import json
import platform
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
import yaml

from fatgan.adversarial.bundle import read_model, write_bundle
from fatgan.adversarial.callbacks import Budget, Checkpoint, StopOnNonFinite
from fatgan.adversarial.feed import ResidentFeed
from fatgan.adversarial.model import AdversarialModel
from fatgan.errors import ModelError, TrainingError
from fatgan.generator.config import RunConfig, load_config
from fatgan.generator.data import Split, read_split
from fatgan.generator.event_gan import build
from fatgan.generator.sample import EventGenerator, load
from fatgan.progress import bar
from fatgan.representations import FeatureTransform
from fatgan.version import __version__

CALLS_PER_EPOCH = 20
"""Compiled calls between two checkpoints."""

_MAY_CHANGE = ("out", "generation", "validation")
"""Sections that a resumed training may find changed; of ``training``, the budget too."""


History = list[dict[str, float]]
"""Step, seconds and terms after each compiled call."""


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


def train(
    config: RunConfig | str | Path, *, resume: bool = False, progress: bool = True
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
    data = read_split(config.data, config.seed)
    transform = FeatureTransform.fit(data.training, config.representation)
    # Features before the network: too few rows must end here, in a moment.
    feed = ResidentFeed(transform.forward(data.training), config.training.batch, config.seed)
    state = _State(config.folder / "checkpoint", config, data)
    model, spent, history = state.load() if resume else (build(config, transform), 0.0, [])
    model.feed(feed)
    seconds = _fit(model, config, state, spent, history, progress)
    manifest = _manifest(config, transform, data, model, history, seconds)
    bundle = config.folder / "model"
    write_bundle(bundle, model.averaged, manifest)
    (config.folder / "history.json").write_text(json.dumps(history, indent=1))
    (config.folder / "config.yaml").write_text(yaml.safe_dump(config.to_dict(), sort_keys=False))
    return TrainedRun(config.folder, config, load(bundle), data, history)


def _fit(
    model: AdversarialModel,
    config: RunConfig,
    state: _State,
    spent: float,
    history: History,
    progress: bool,
) -> float:
    """Spend what is left of the budget; add to the history, and return all seconds spent."""
    training = config.training
    per_call = min(training.steps_per_call, training.max_steps)
    if int(model.step) >= training.max_steps:
        return spent
    with ExitStack() as stack:
        update = stack.enter_context(bar("training", 1.0)) if progress else None

        def report(share: float, terms: dict[str, float]) -> None:
            step = int(model.step)
            history.append({"step": step, "seconds": round(budget.seconds, 3), **terms})
            if update:
                update(share, _short(step, terms))

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
            ResidentFeed.clock(CALLS_PER_EPOCH, per_call),
            epochs=-(-training.max_steps // per_call),
            verbose=0,
            shuffle=False,  # the feed draws at random; the clock has nothing to shuffle
            callbacks=[watch, budget, checkpoint],
        )
        return budget.seconds


class _State:
    """The training state on disk: the whole model, and what it was trained with."""

    def __init__(self, folder: Path, config: RunConfig, data: Split) -> None:
        self.folder, self.model_path = folder, folder / "state.keras"
        self._note = folder / "state.json"
        self._fixed = _fixed_part(config, data)

    def note(self, seconds: float, history: History) -> None:
        """Write beside the checkpoint how it came about."""
        entries = {"seconds": seconds, "config": self._fixed, "history": history}
        self._note.write_text(json.dumps(entries))

    def load(self) -> tuple[AdversarialModel, float, History]:
        """Return the model as it was saved, the seconds it had spent, and its history."""
        if not (self.model_path.exists() and self._note.exists()):
            raise TrainingError(f"{self.folder}: no checkpoint to resume; train without --resume")
        try:
            note = json.loads(self._note.read_text())
            seconds, history, fixed = float(note["seconds"]), list(note["history"]), note["config"]
        except (ValueError, KeyError, TypeError, OSError):
            raise ModelError(f"{self._note}: damaged; train without --resume") from None
        changed = sorted(_differences(fixed, self._fixed))
        if changed:
            raise TrainingError(
                f"{self.folder}: cannot resume: {', '.join(changed)} changed since; "
                "train without --resume, or into another --out"
            )
        model = read_model(self.model_path, compile=True)
        if not isinstance(model, AdversarialModel):
            raise ModelError(f"{self.model_path}: not a training state of fatgan")
        return model, seconds, history


def _fixed_part(config: RunConfig, data: Split) -> dict[str, Any]:
    entries = {k: v for k, v in config.to_dict().items() if k not in _MAY_CHANGE}
    training = entries["training"]
    entries["training"] = {k: v for k, v in training.items() if not k.startswith("max_")}
    # The file may move, but not change.
    del entries["data"]["path"]
    entries["data"]["sha256"] = data.training.provenance.get("sha256")
    return entries


def _differences(old: Any, new: Any, path: str = "") -> list[str]:
    """Return the dotted keys in which two nested mappings differ."""
    if not (isinstance(old, dict) and isinstance(new, dict)):
        return [] if old == new else [path]
    keys = {*old, *new}
    inner = [_differences(old.get(k), new.get(k), f"{path}.{k}".lstrip(".")) for k in keys]
    return [name for names in inner for name in names]


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
