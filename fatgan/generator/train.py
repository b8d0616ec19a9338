"""Training: from a configuration to a run folder with a model bundle."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from fatgan.adversarial.bundle import check_place, write_bundle
from fatgan.adversarial.course import Seen, spend
from fatgan.adversarial.feed import ResidentFeed
from fatgan.adversarial.state import History, TrainingState
from fatgan.atomic import write_text
from fatgan.generator.choice import joint, selection_of
from fatgan.generator.config import RunConfig, load_config
from fatgan.generator.data import Split, read_split
from fatgan.generator.event_gan import build
from fatgan.generator.likeness import conditions_of
from fatgan.generator.manifest import manifest_of
from fatgan.generator.normalisation import cross_sections_of
from fatgan.generator.sample import EventGenerator, load
from fatgan.generator.target import Target
from fatgan.representations import FeatureTransform
from fatgan.representations.transform import LAYOUT

_MAY_CHANGE = ("out", "generation", "validation")
"""Sections that a resumed training may find changed."""


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

    def rejected_share(self) -> float:
        """Return the share of first draws, for the beams of the training, that are unphysical."""
        return self.generator.rejected_share(self.config.seed, Target.of(self.data.training))


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
    transform = FeatureTransform.fit(data.training, config.representation, config.condition)
    # Features before the network: too few rows must end here, in a moment.
    features, conditions = transform.forward(data.training), conditions_of(transform, data.training)
    feed = ResidentFeed(
        features,
        config.training.batch,
        config.seed,
        conditions=conditions,
        weights=data.training.weights,
    )
    sections = cross_sections_of(data.training, transform)
    state = TrainingState(config.folder / "checkpoint", _fixed(config, data))
    model, spent, history = state.load() if resume else (build(config, transform), 0.0, [])
    generator = EventGenerator(model.averaged, transform, {})
    selection = selection_of(
        config,
        data.training,
        joint(features, conditions),
        data.selection,
        generator,
        state.best_path,
        history,
    )
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
    seconds = spend(
        model,
        config.training,
        state,
        spent=spent,
        history=history,
        selection=selection,
        progress=progress,
        seen=seen,
    )
    if selection:
        selection.apply(model.averaged)
    course = {
        "steps": int(model.step),
        "seconds": round(seconds, 1),
        "last": history[-1] if history else {},
        "selection": selection.to_dict() if selection else {},
    }
    manifest = manifest_of(config, transform, data, sections, model.averaged, course)
    write_bundle(bundle, model.averaged, manifest)
    write_text(config.folder / "history.json", json.dumps(history, indent=1))
    return TrainedRun(config.folder, config, load(bundle), data, history)


def _seen_by(observe: Observer, generator: EventGenerator, data: Split) -> Seen:
    def seen(step: int, seconds: float, share: float) -> None:
        observe(Moment(step, seconds, share, generator, data))

    return seen


def _fixed(config: RunConfig, data: Split) -> dict[str, Any]:
    """Return what a resumed training must find unchanged."""
    entries = {k: v for k, v in config.to_dict().items() if k not in _MAY_CHANGE}
    # The file may move, but not change.
    del entries["data"]["path"]
    entries["data"]["sha256"] = data.training.provenance.get("sha256")
    entries["layout"] = LAYOUT
    return entries
