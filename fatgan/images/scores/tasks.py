"""What a feature network learns of a data set: its classes, or how images were turned."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError
from fatgan.images.image_set import ImageSet

TURNED_MOST = 10_000
"""Images of which a network learns the rotations, at most."""


@dataclass(frozen=True)
class Task:
    """Images and the numbers of their classes, to learn from and to be judged on.

    ``title`` says what is learned of which data; ``count`` is the number of classes, and
    ``classes`` are their names if they are classes of the data, else empty.
    """

    title: str
    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    held_out_images: NDArray[np.uint8]
    held_out_labels: NDArray[np.int64]
    count: int
    classes: tuple[str, ...] = ()


def task(training: ImageSet, held_out: ImageSet, seed: int) -> Task:
    """Return the classes where images have labels of two classes or more, else the rotations.

    Raises
    ------
    DataError
        The images differ in size, or only the training images have labels.
    """
    if training.shape != held_out.shape:
        raise DataError(
            f"{held_out.name}: images of {held_out.shape} beside training images of "
            f"{training.shape}; both must be of one data set"
        )
    if training.labels is None or len(np.unique(training.labels)) < 2:
        return _rotations(training, held_out, seed)
    if held_out.labels is None:
        raise DataError(f"{held_out.name}: the held-out images need labels as the others have")
    largest = max(int(training.labels.max()), int(held_out.labels.max()))
    count = max(len(training.classes), largest + 1)
    names = (*training.classes, *(str(label) for label in range(len(training.classes), count)))
    return Task(
        f"cnn trained on {training.name}",
        training.images,
        training.labels,
        held_out.images,
        held_out.labels,
        count,
        names,
    )


def _rotations(training: ImageSet, held_out: ImageSet, seed: int) -> Task:
    """Return quarter turns to be told apart; of images that are not square, half turns.

    Features learned without labels: S. Gidaris et al., arXiv:1803.07728.
    """
    height, width, _ = training.shape
    turns = (0, 1, 2, 3) if height == width else (0, 2)
    rng = np.random.default_rng([seed, len(training)])
    learned = training.images[rng.permutation(len(training))[:TURNED_MOST]]
    # one turn of each held-out image, so that the outcomes are independent
    labels = rng.integers(len(turns), size=len(held_out))
    turned = np.empty_like(held_out.images)
    for label, turn in enumerate(turns):
        turned[labels == label] = np.rot90(held_out.images[labels == label], turn, axes=(1, 2))
    return Task(
        f"cnn trained to tell rotations of {training.name}",
        np.concatenate([np.rot90(learned, turn, axes=(1, 2)) for turn in turns]),
        np.repeat(np.arange(len(turns)), len(learned)),
        turned,
        labels,
        len(turns),
    )
