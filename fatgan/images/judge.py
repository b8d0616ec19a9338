"""The judgement of a trained image GAN: its data again, a feature network, all scores."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from fatgan.atomic import write_text
from fatgan.errors import ModelError
from fatgan.images.gallery import save_grid
from fatgan.images.gans import ImageGAN, parse_gan
from fatgan.images.sample import ImageGenerator
from fatgan.images.scores.classifier import feature_network
from fatgan.images.scores.features import FeatureNetwork
from fatgan.images.scores.memorisation import nearest
from fatgan.images.scores.score import ImageScore, table
from fatgan.images.scores.scoring import score_images
from fatgan.images.train import Split, read_split

PAIRS = 16
"""Pairs of a generated image and its nearest training image, the nearest of all, in the picture."""


@dataclass(frozen=True)
class Judge:
    """What images are scored with: the same for all GANs of a data set.

    Attributes
    ----------
    data
        Training and held-out images.
    network
        Features and classes.
    """

    data: Split
    network: FeatureNetwork

    def scores(self, generator: ImageGenerator, *, seed: int = 0) -> list[ImageScore]:
        """Score as many generated images as are held out."""
        sample = generator.generate(len(self.data.held_out), seed=seed)
        return score_images(sample, *self.data, self.network, seed=seed)


def judge_of(config: ImageGAN, network: FeatureNetwork | None = None) -> Judge:
    """Return the judge of a GAN's data; its feature network is trained once and then kept.

    Raises
    ------
    DataError
        The images cannot be loaded.
    """
    data = read_split(config)
    return Judge(data, network or feature_network(*data))


def config_of(generator: ImageGenerator, source: str | None = None) -> ImageGAN:
    """Return the configuration that a bundle was trained with, its data from ``source`` if given.

    Raises
    ------
    ModelError
        The bundle does not say.
    """
    entries: dict[str, Any] = generator.manifest.get("config", {})
    if not entries:
        raise ModelError("the model does not say how it was trained")
    if source is not None:
        entries = {**entries, "data": {**entries["data"], "source": source}}
    return parse_gan(entries, "the model's configuration")


def check_data(generator: ImageGenerator, judge: Judge) -> None:
    """Refuse images that are not those which the model learned.

    Raises
    ------
    ModelError
        The checksum differs: held-out images could be such as the training has seen.
    """
    learned = generator.manifest["data"]
    if judge.data.training.sha256 != learned["sha256"]:
        raise ModelError(
            f"the images of '{judge.data.training.name}' are not those that the model learned "
            f"('{learned['name']}'); give these with --data"
        )


def write_scores(
    scores: list[ImageScore], generator: ImageGenerator, judge: Judge, folder: Path, seed: int
) -> list[Path]:
    """Write ``scores.json``, ``scores.md`` and ``nearest.png``; return their paths.

    The picture has generated images in its upper rows of each pair and below them the training
    images that are nearest: who looks at it sees whether they were learned by heart.
    """
    page, content = folder / "scores.md", folder / "scores.json"
    name = generator.manifest.get("name", "model")
    write_text(page, f"# {name}\n\n{table(scores)}")
    entries = {"model": name, "checksum": generator.manifest.get("checksum"), "seed": seed}
    rows = [score.to_dict() for score in scores]
    write_text(content, json.dumps({**entries, "scores": rows}, indent=1, allow_nan=False) + "\n")
    generated = generator.generate(len(judge.data.held_out), seed=seed).images
    training = judge.data.training.images
    near = nearest(generated, training)
    closest = np.argsort(near.distances)[:PAIRS]
    half = PAIRS // 2
    shown = [
        images
        for part in (closest[:half], closest[half:])
        for images in (generated[part], training[near.rows[part]])
    ]
    return [content, page, save_grid(np.concatenate(shown), folder / "nearest.png", columns=half)]
