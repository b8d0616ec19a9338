"""A benchmark of image GANs: one data set, one budget, several seeds."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fatgan.benchmark.cell import Cell
from fatgan.benchmark.jobs import Job, Told, complete
from fatgan.benchmark.journal import Journal
from fatgan.benchmark.looks import Looks
from fatgan.errors import ConfigError, TrainingError
from fatgan.images.gans import ImageGAN, load_gan
from fatgan.images.judge import Judge, check_enough, judge_of
from fatgan.images.scores.frechet import frechet
from fatgan.images.train import Moment, read_split, train

FEWEST = 100
"""Fewer held-out images cannot be compared with."""
CELLS = "cells.jsonl"
_NO_MATTER = ("name", "out", "seed", "grid")
_SHARED = (
    *("data.source", "data.limit", "data.held_out"),
    *("training.max_seconds", "training.max_steps"),
)
_OPTIONS = {"data.source": "--data", "training.max_seconds": "--max-seconds"}
"""What sets a key of all models; ``--set`` sets the others."""


@dataclass(frozen=True)
class ImageStudy:
    """What is compared: GANs by name, all with the same data and budget, and the seeds."""

    gans: Mapping[str, ImageGAN]
    seeds: Sequence[int] = (1, 2, 3)

    @property
    def common(self) -> ImageGAN:
        """One of the configurations, for what all share."""
        return next(iter(self.gans.values()))


class ImageLooks(Looks[Moment]):
    """Frechet distances on the way, each with its floor, that of training images."""

    def __init__(self, judge: Judge, seed: int) -> None:
        super().__init__()
        self._judge, self._seed = judge, seed

    def entry(self, moment: Moment) -> dict[str, Any]:
        """Return the distance of as many generated images as are held out."""
        judge = self._judge
        images = judge.sample(moment.generator, seed=self._seed).images
        value, error = frechet(judge.network.features(images), judge.held_out_features)
        return {"frechet": value, "frechet_error": error, "frechet_floor": judge.frechet_floor}


def load_image_study(
    names: Sequence[str], overrides: Mapping[str, Any], *, seeds: Sequence[int]
) -> ImageStudy:
    """Read the configurations, by a GAN's name or a file, and change all of them alike.

    Raises
    ------
    ConfigError
        Two of one name, different data or budgets, or one that cannot be read.
    """
    gans: dict[str, ImageGAN] = {}
    for given in names:
        name = Path(given).stem
        if name in gans:
            raise ConfigError(f"two models are called '{name}'; rename one")
        gans[name] = load_gan(given, overrides)
    first, *others = gans
    for name in others:
        keys = [key for key in _SHARED if _entry(gans[name], key) != _entry(gans[first], key)]
        if keys:
            ways = ", ".join(_OPTIONS.get(key, f"--set {key}=...") for key in keys)
            raise ConfigError(f"'{name}' and '{first}' differ in {', '.join(keys)}; give {ways}")
    return ImageStudy(gans, seeds)


def run(study: ImageStudy, folder: Path, cells: str = CELLS) -> tuple[list[Cell], Judge]:
    """Train and score whatever is not in the folder yet; return all cells, and the judge.

    Parameters
    ----------
    study
        What to train.
    folder
        Where its runs are kept.
    cells
        Name of the file of cells there; processes that share a folder need one each.

    Raises
    ------
    ConfigError
        The folder has cells of another configuration, or too few images are held out.
    """
    data = read_split(study.common)
    # before the feature network, which may train for minutes
    check_enough(data, FEWEST)
    judge = judge_of(study.common, data)
    jobs = [
        _job(name, config.model_copy(update={"seed": seed, "out": _out(folder, name, seed)}), judge)
        for seed, (name, config) in itertools.product(study.seeds, study.gans.items())
    ]
    return complete(Journal(folder / cells), jobs), judge


def _out(folder: Path, name: str, seed: int) -> Path:
    return folder / "runs" / f"{name}-{seed}"


def _job(name: str, config: ImageGAN, judge: Judge) -> Job:
    fingerprint = _fingerprint(config, judge)
    key: Cell = {"name": name, "seed": config.seed, "fingerprint": fingerprint}

    def make(told: Told) -> Cell:
        return key | _train_and_score(config, judge, told)

    return Job(name, config.seed, fingerprint, make)


def _train_and_score(config: ImageGAN, judge: Judge, told: Told) -> Cell:
    looks = ImageLooks(judge, config.seed)

    def observe(moment: Moment) -> None:
        told(moment.share, f"{config.gan}, seed {config.seed}, step {moment.step:,}")
        looks(moment)

    try:
        trained = train(config, progress=False, data=judge.data, observe=observe)
    except TrainingError as error:
        return {"failure": str(error), "scores": [], "snapshots": looks.taken}
    course = trained.generator.manifest["training"]
    sample = judge.sample(trained.generator, seed=config.seed)
    scores = judge.scores(sample, seed=config.seed)
    return {
        "failure": None,
        "steps": course["steps"],
        "seconds": course["seconds"],
        "device": course["device"],
        "evidence": trained.evidence,
        "scores": [score.to_dict() for score in scores],
        "snapshots": looks.taken,
    }


def _fingerprint(config: ImageGAN, judge: Judge) -> str:
    entries = {k: v for k, v in config.to_dict().items() if k not in _NO_MATTER}
    parts = [entries, judge.data.training.sha256, judge.network.name, judge.checksum]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _entry(config: ImageGAN, key: str) -> Any:
    section, name = key.split(".")
    return getattr(getattr(config, section), name)
