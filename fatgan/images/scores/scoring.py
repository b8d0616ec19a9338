"""All scores of generated images against held-out ones, each with its floor."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError
from fatgan.images.image_set import ImageSet
from fatgan.images.scores.classes import class_scores
from fatgan.images.scores.features import FeatureNetwork
from fatgan.images.scores.frechet import frechet
from fatgan.images.scores.inception_score import SPLITS, inception_score
from fatgan.images.scores.kernel_distance import kernel_distance
from fatgan.images.scores.memorisation import memorisation
from fatgan.images.scores.precision_recall import neighbourhoods
from fatgan.images.scores.score import ImageScore

Array = NDArray[np.float64]
Better = Literal["higher", "lower"]
Pair = tuple[float, float]

FEWEST = 40
"""Images of each kind below which no error can be given."""


class _Found(NamedTuple):
    name: str
    value: Pair
    floor: Pair
    better: Better
    paired: bool = True
    """Whether held-out images entered the value."""


def score_images(
    generated: ImageSet,
    training: ImageSet,
    held_out: ImageSet,
    network: FeatureNetwork,
    *,
    seed: int = 0,
) -> list[ImageScore]:
    """Score generated images against held-out ones, with as many training images as the floor.

    As many are taken of each as there are of the fewest, drawn at random; nearest neighbours are
    looked for among all training images. Scores of classes need a network that tells the classes
    of the data, the classifier score that or Inception-v3.

    Raises
    ------
    DataError
        Fewer than 40 images of a kind, or images of different sizes.
    """
    sides = (generated, held_out, training)
    n = min(len(side) for side in sides)
    if n < FEWEST:
        few = min(sides, key=len)
        raise DataError(f"{few.name}: {n:,} images are too few to score; give {FEWEST} or more")
    drawn = [_drawn(side, n, seed) for side in sides]
    (fake, ours), (real, theirs), (other, _) = (network.evaluate(images) for images in drawn)
    found = [
        *_of_features(fake, real, other, network),
        *_of_probabilities(ours, theirs, network),
    ]
    scores = [_score(one, network.name, n) for one in found]
    of_pixels = _of_pixels(drawn[0], training.images, drawn[1])
    return scores + [_score(one, "", n) for one in of_pixels]


def _score(found: _Found, network: str, n: int) -> ImageScore:
    return ImageScore(
        found.name, *found.value, *found.floor, found.better, network, n, n if found.paired else 0
    )


def _drawn(data: ImageSet, n: int, seed: int) -> NDArray[np.uint8]:
    rows = np.random.default_rng([seed, len(data)]).permutation(len(data))[:n]
    return data.images[rows]


def _of_features(
    generated: Array, held_out: Array, training: Array, network: FeatureNetwork
) -> Iterator[_Found]:
    names = ("FID", "KID") if network.inception else ("Frechet distance", "kernel distance")
    for name, distance in zip(names, (frechet, kernel_distance), strict=True):
        yield _Found(name, distance(generated, held_out), distance(training, held_out), "lower")
    value, floor = (neighbourhoods(held_out, sample) for sample in (generated, training))
    for name in ("precision", "recall", "density", "coverage"):
        yield _Found(name, getattr(value, name), getattr(floor, name), "higher")


def _of_probabilities(
    generated: Array, held_out: Array, network: FeatureNetwork
) -> Iterator[_Found]:
    if network.inception or network.classes:
        name = "Inception Score" if network.inception else "classifier score"
        pairs = (inception_score(sample) for sample in (generated, held_out))
        value, floor = ((mean, spread / math.sqrt(SPLITS)) for mean, spread in pairs)
        yield _Found(name, value, floor, "higher", paired=False)
    if network.classes:
        ours, real = class_scores(generated), class_scores(held_out)
        yield _Found("confident share", ours.confident, real.confident, "higher", paired=False)
        yield _Found("classes present", ours.present, real.present, "higher", paired=False)
        yield _Found("class entropy", ours.entropy, real.entropy, "higher", paired=False)


def _of_pixels(
    generated: NDArray[np.uint8], training: NDArray[np.uint8], held_out: NDArray[np.uint8]
) -> Iterator[_Found]:
    found = memorisation(generated, training, held_out)
    yield _Found("near training", found.share, found.floor, "lower")
    yield _Found("copies of training", found.copies, found.held_out_copies, "lower")
