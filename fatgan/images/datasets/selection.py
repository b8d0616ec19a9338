"""Which images are taken when not all are wanted."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fatgan.images.image_set import ImageSet

_SEED = 28


def chosen(n: int, limit: int | None) -> NDArray[np.int64]:
    """Return ``limit`` of ``n`` row numbers in rising order, or all if there are no more.

    They are drawn at random with a fixed seed: many files are sorted by class, and their first
    images would be of one class.
    """
    if limit is None or limit >= n:
        return np.arange(n)
    return np.sort(np.random.default_rng([_SEED, n]).permutation(n)[:limit])


def limited(images: ImageSet, limit: int | None) -> ImageSet:
    """Return the :func:`chosen` images of a set."""
    if limit is None or limit >= len(images):
        return images
    return images[chosen(len(images), limit)]
