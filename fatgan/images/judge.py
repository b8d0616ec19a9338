"""The judgement of a trained image GAN: its data again, a feature network, all scores."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fatgan.atomic import write_text
from fatgan.errors import ConfigError, ModelError
from fatgan.images.gallery import save_grid
from fatgan.images.gans import ImageGAN, parse_gan
from fatgan.images.image_set import ImageSet
from fatgan.images.sample import ImageGenerator
from fatgan.images.scores.classifier import feature_network
from fatgan.images.scores.features import FeatureNetwork
from fatgan.images.scores.frechet import frechet
from fatgan.images.scores.memorisation import nearest
from fatgan.images.scores.score import ImageScore, table
from fatgan.images.scores.scoring import score_images
from fatgan.images.train import Split, read_split

PAIRS = 16
"""Pairs of a generated image and its nearest training image, the nearest of all, in the picture."""
TOLD_APART_BY = 100
"""Held-out images whose features tell two networks apart."""


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

    @cached_property
    def held_out_features(self) -> NDArray[np.float64]:
        """Features of the held-out images, shape (n, d)."""
        return self.network.features(self.data.held_out.images)

    @cached_property
    def frechet_floor(self) -> float:
        """The Frechet distance of as many training images as are held out."""
        real = self.data.training.images[: len(self.data.held_out)]
        return frechet(self.network.features(real), self.held_out_features)[0]

    @cached_property
    def checksum(self) -> str:
        """Which network it is: the largest feature of each of the first held-out images.

        Two networks of one name differ in it. Rounded features would differ between machines as
        well: of thousands of numbers some lie where the last bit decides how they are rounded.
        """
        largest = self.held_out_features[:TOLD_APART_BY].argmax(axis=1)
        return hashlib.sha256(largest.astype("<i8").tobytes()).hexdigest()

    def sample(self, generator: ImageGenerator, *, seed: int = 0) -> ImageSet:
        """Generate as many images as are held out."""
        return generator.generate(len(self.data.held_out), seed=seed)

    def scores(self, sample: ImageSet, *, seed: int = 0) -> list[ImageScore]:
        """Score generated images; the seed is that of the real ones drawn."""
        return score_images(sample, *self.data, self.network, seed=seed)


def judge_of(config: ImageGAN, data: Split | None = None) -> Judge:
    """Return the judge of a GAN's data; its feature network is trained once and then kept.

    Parameters
    ----------
    config
        The GAN.
    data
        The images of ``config.data``, where they are loaded already.

    Raises
    ------
    DataError
        The images cannot be loaded.
    """
    data = data or read_split(config)
    return Judge(data, feature_network(*data))


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


def check_data(generator: ImageGenerator, data: Split) -> None:
    """Refuse images that are not those which the model learned.

    Raises
    ------
    ModelError
        The checksum differs: held-out images could be such as the training has seen.
    """
    learned = generator.manifest["data"]
    if data.training.sha256 != learned["sha256"]:
        raise ModelError(
            f"the images of '{data.training.name}' are not those that the model learned "
            f"('{learned['name']}'); give these with --data"
        )


def check_enough(data: Split, fewest: int) -> None:
    """Refuse data of which fewer images are held out than a comparison needs.

    Raises
    ------
    ConfigError
        So few are.
    """
    if len(data.held_out) < fewest:
        raise ConfigError(
            f"{len(data.held_out)} images of '{data.held_out.name}' are held out, and {fewest} are "
            "needed to compare with; train with a larger data.held_out, or with more images"
        )


def write_scores(
    scores: list[ImageScore], sample: ImageSet, training: ImageSet, folder: Path
) -> list[Path]:
    """Write ``scores.json``, ``scores.md`` and ``nearest.png``; return their paths.

    The picture has generated images in its upper rows of each pair and below them the training
    images that are nearest: who looks at it sees whether they were learned by heart.
    """
    page, content = folder / "scores.md", folder / "scores.json"
    write_text(page, f"# {sample.name}\n\n{table(scores)}")
    source = sample.provenance
    entries = {
        "model": sample.name,
        "checksum": source["model_checksum"],
        "seed": source["seed"],
    }
    rows = [score.to_dict() for score in scores]
    write_text(content, json.dumps({**entries, "scores": rows}, indent=1, allow_nan=False) + "\n")
    near = nearest(sample.images, training.images)
    closest = np.argsort(near.distances)[:PAIRS]
    half = PAIRS // 2
    shown = [
        images
        for part in (closest[:half], closest[half:])
        for images in (sample.images[part], training.images[near.rows[part]])
    ]
    return [content, page, save_grid(np.concatenate(shown), folder / "nearest.png", columns=half)]
