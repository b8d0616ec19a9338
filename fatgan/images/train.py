"""Training of an image GAN: from a configuration to a run folder with a model bundle."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from fatgan.adversarial.bundle import check_place, write_bundle
from fatgan.adversarial.course import spend
from fatgan.adversarial.description import describe
from fatgan.adversarial.feed import ResidentFeed
from fatgan.adversarial.state import History, TrainingState
from fatgan.atomic import write_text
from fatgan.errors import DataError
from fatgan.images.album import Album
from fatgan.images.datasets import load as load_data
from fatgan.images.gans import ImageGAN
from fatgan.images.image_set import ImageSet, to_unit
from fatgan.images.sample import ImageGenerator, load

SPLIT_SEED = 1
"""Seed of the split: all trainings hold out the same images, whatever their own seed."""
LARGEST_SHARE = 5
"""At most one image of so many is held out."""
_MAY_CHANGE = ("out", "name", "grid")
"""Keys that a resumed training may find changed."""


class Split(NamedTuple):
    """The images that a GAN learns, and others that it never sees."""

    training: ImageSet
    held_out: ImageSet


@dataclass(frozen=True)
class TrainedGAN:
    """What a training leaves: its folder, the generator, the images, and evidence of its idea."""

    folder: Path
    config: ImageGAN
    generator: ImageGenerator
    data: Split
    history: History
    evidence: dict[str, float]

    @property
    def model(self) -> Path:
        """The model bundle's folder."""
        return self.folder / "model"


class Moment(NamedTuple):
    """A training between two compiled calls: steps, seconds, share of the budget, generator."""

    step: int
    seconds: float
    share: float
    generator: ImageGenerator


Observer = Callable[[Moment], None]


def read_split(config: ImageGAN) -> Split:
    """Load the images of a configuration and hold some out.

    Raises
    ------
    DataError
        Whatever the data set's loader refuses, or too few images.
    """
    images = load_data(config.data.source, limit=config.data.limit)
    held_out = min(config.data.held_out, len(images) // LARGEST_SHARE)
    if not held_out:
        raise DataError(
            f"{images.name}: {len(images)} images are too few: {LARGEST_SHARE} or more are needed "
            "to hold one out"
        )
    return Split(*images.split(held_out, SPLIT_SEED))


def train(
    config: ImageGAN,
    *,
    resume: bool = False,
    progress: bool = True,
    data: Split | None = None,
    observe: Observer | None = None,
) -> TrainedGAN:
    """Train and write ``model/``, ``checkpoint/``, ``samples/``, ``history.json``, ``config.yaml``.

    An epoch is as many steps as show every image once on average; after the first compiled call
    that ends one, the averaged generator's images of one fixed noise are a grid in ``samples/``,
    and in the end all grids are an animation.

    Parameters
    ----------
    config
        The GAN.
    resume
        Go on from the folder's checkpoint; the configuration must be the same but for the budget,
        the name and place, and the size of the grids.
    progress
        Show a bar on standard error.
    data
        The images of ``config.data``, where they are loaded already.
    observe
        Called after each compiled call, which may be many steps; its time is not counted.

    Raises
    ------
    DataError, ConfigError
        The images or the configuration cannot be used.
    TrainingError
        A loss is no longer finite, or there is nothing to resume.
    ModelError
        Something else stands where the model is to be written.
    """
    data = data or read_split(config)
    training = config.training
    per_epoch = max(1, round(len(data.training) / training.batch))
    feed = ResidentFeed(to_unit(data.training.images), training.batch, config.seed)
    state = TrainingState(config.folder / "checkpoint", _fixed(config, data))
    bundle = config.folder / "model"
    check_place(bundle)
    if resume:
        model, spent, history = state.load()
    else:
        model, spent, history = config.build(data.training.shape), 0.0, []
        state.forget()
    write_text(config.folder / "config.yaml", yaml.safe_dump(config.to_dict(), sort_keys=False))
    model.feed(feed)
    generator = ImageGenerator(model.averaged, {"name": config.gan})
    album = Album(config.folder, generator, config.grid, epoch=int(model.step) // per_epoch)

    def seen(step: int, seconds: float, share: float) -> None:
        if step // per_epoch > album.epoch:
            album.add(step // per_epoch)
        if observe:
            observe(Moment(step, seconds, share, generator))

    seconds = spend(
        model, training, state, spent=spent, history=history, progress=progress, seen=seen
    )
    album.close()
    evidence = dict(config.evidence(model, data.training))
    course = {"steps": int(model.step), "seconds": round(seconds, 1), "evidence": evidence}
    manifest = describe(
        model.averaged,
        config,
        kind="images",
        name=config.name or config.gan,
        seed=config.seed,
        training=training,
        course={**course, "last": history[-1] if history else {}},
    )
    described = {"shape": list(data.training.shape), "data": _describe(data)}
    write_bundle(bundle, model.averaged, {**manifest, **described})
    write_text(config.folder / "history.json", json.dumps(history, indent=1))
    return TrainedGAN(config.folder, config, load(bundle), data, history, evidence)


def _describe(data: Split) -> dict[str, Any]:
    return {
        "name": data.training.name,
        "provenance": dict(data.training.provenance),
        "images": len(data.training),
        "held_out": len(data.held_out),
        "sha256": data.training.sha256,
    }


def _fixed(config: ImageGAN, data: Split) -> dict[str, Any]:
    """Return what a resumed training must find unchanged."""
    entries = {k: v for k, v in config.to_dict().items() if k not in _MAY_CHANGE}
    return {**entries, "data": {**entries["data"], "sha256": data.training.sha256}}
