"""A benchmark of image GANs: one data set, one budget, several seeds."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fatgan.benchmark.cell import Cell
from fatgan.benchmark.journal import Journal
from fatgan.benchmark.looks import Looks
from fatgan.errors import ConfigError, TrainingError
from fatgan.images.gans import ImageGAN, load_gan
from fatgan.images.judge import Judge, judge_of
from fatgan.images.scores.frechet import frechet
from fatgan.images.train import Moment, train
from fatgan.progress import bar

FEWEST = 100
"""Fewer held-out images cannot be compared with."""
_NO_MATTER = ("name", "out", "seed", "grid")


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
        real, held_out = (judge.network.features(part.images) for part in judge.data)
        self._held_out = held_out
        self._floor = frechet(real[: len(held_out)], held_out)[0]

    def entry(self, moment: Moment) -> dict[str, Any]:
        """Return the distance of as many generated images as are held out."""
        images = moment.generator.generate(len(self._held_out), seed=self._seed).images
        value, error = frechet(self._judge.network.features(images), self._held_out)
        return {"frechet": value, "frechet_error": error, "frechet_floor": self._floor}


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
        for what, key in (("data", "--data"), ("budget", "--max-seconds")):
            if _shared(gans[name])[what] != _shared(gans[first])[what]:
                raise ConfigError(f"'{name}' and '{first}' have different {what}; give {key}")
    return ImageStudy(gans, seeds)


def run(study: ImageStudy, folder: Path) -> tuple[list[Cell], Judge]:
    """Train and score whatever is not in the folder yet; return all cells, and the judge.

    Raises
    ------
    ConfigError
        The folder has cells of another configuration, or too few images are held out.
    """
    judge = judge_of(study.common)
    if len(judge.data.held_out) < FEWEST:
        raise ConfigError(
            f"{len(judge.data.held_out)} images are held out, and {FEWEST} are needed to compare "
            "with; raise data.held_out, or give more images"
        )
    journal = Journal(folder / "cells.jsonl")
    jobs = list(itertools.product(study.seeds, study.gans))
    prints = {name: _fingerprint(config, judge) for name, config in study.gans.items()}
    for seed, name in jobs:
        journal.check(name, seed, prints[name])
    cells = []
    with bar("benchmark", len(jobs)) as update:
        for number, (seed, name) in enumerate(jobs):
            cell = journal.find(name=name, seed=seed)
            if cell is None:
                out = folder / "runs" / f"{name}-{seed}"
                config = study.gans[name].model_copy(update={"seed": seed, "out": out})

                def told(share: float, note: str, number: int = number) -> None:
                    update(number + share, note)

                cell = {"name": name, "seed": seed, "fingerprint": prints[name]}
                cell |= _train_and_score(config, judge, told)
                journal.add(cell)
            cells.append(cell)
    return cells, judge


def _train_and_score(config: ImageGAN, judge: Judge, told: Callable[[float, str], None]) -> Cell:
    looks = ImageLooks(judge, config.seed)

    def observe(moment: Moment) -> None:
        told(moment.share, f"{config.gan}, seed {config.seed}, step {moment.step:,}")
        looks(moment)

    try:
        trained = train(config, progress=False, data=judge.data, observe=observe)
    except TrainingError as error:
        return {"failure": str(error), "scores": [], "snapshots": looks.taken}
    course = trained.generator.manifest["training"]
    scores = judge.scores(trained.generator, seed=config.seed)
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
    parts = [entries, judge.data.training.sha256, judge.network.name]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _shared(config: ImageGAN) -> dict[str, Any]:
    training = config.training
    return {"data": config.data, "budget": (training.max_steps, training.max_seconds)}
