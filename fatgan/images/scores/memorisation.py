"""Memorisation: are generated images nearer to training images than unseen real ones are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError
from fatgan.images.scores.binomial import binomial_error

Array = NDArray[np.float64]
Images = NDArray[np.uint8]

NEAR = 0.01
"""Quantile of the held-out distances: nearer than this is near."""
CHUNK = 4_000_000
"""Distances in memory at once."""


@dataclass(frozen=True)
class Nearest:
    """The nearest training image of each image.

    ``rows`` are its row numbers, shape (n,); ``distances`` the root mean square differences of
    the pixels in grey levels, 0 to 255, shape (n,). Zero is an exact copy.
    """

    rows: NDArray[np.intp]
    distances: Array


@dataclass(frozen=True)
class Memorisation:
    """What the nearest training images say.

    Attributes
    ----------
    generated, held_out
        The nearest training image of each.
    threshold
        The 1 % quantile of the held-out distances.
    share, floor
        Shares of generated and of held-out images below it, each with its standard error.
    copies, held_out_copies
        Shares of exact copies, each with its standard error.
    """

    generated: Nearest
    held_out: Nearest
    threshold: float
    share: tuple[float, float]
    floor: tuple[float, float]
    copies: tuple[float, float]
    held_out_copies: tuple[float, float]


def memorisation(generated: Images, training: Images, held_out: Images) -> Memorisation:
    """Compare the way to the nearest training image of generated and of held-out images.

    A sample of the data's law has 1 % of its images below the 1 % quantile of the held-out ones;
    more is a sign of learning by heart. Images blurred or alike are near to everything as well,
    so that the pairs should be looked at. Source: the test of training against held-out
    distances, C. Meehan et al., arXiv:2004.05675.

    Parameters
    ----------
    generated, training, held_out
        Bytes of shape (n, height, width, channels), of one size.

    Raises
    ------
    DataError
        Images of different sizes.
    """
    near, unseen = nearest(generated, training), nearest(held_out, training)

    def share_below(quantile: float, distances: Array) -> float:
        return float(np.mean(distances < np.quantile(unseen.distances, quantile)))

    share, floor = (share_below(NEAR, side.distances) for side in (near, unseen))
    # the quantile of so many distances is itself uncertain, by this much to either side
    spread = math.sqrt(NEAR * (1 - NEAR) / len(held_out))
    low, high = (share_below(max(NEAR + s, 0.0), near.distances) for s in (-spread, spread))
    error = math.hypot(binomial_error(share, len(generated)), (high - low) / 2)
    return Memorisation(
        generated=near,
        held_out=unseen,
        threshold=float(np.quantile(unseen.distances, NEAR)),
        share=(share, error),
        floor=(floor, binomial_error(floor, len(held_out))),
        copies=_copies(near),
        held_out_copies=_copies(unseen),
    )


def nearest(images: Images, training: Images) -> Nearest:
    """Return the nearest training image of each image, the first of several as near.

    Raises
    ------
    DataError
        Images of different sizes.
    """
    if images.shape[1:] != training.shape[1:]:
        raise DataError(
            f"images of (height, width, channels) {images.shape[1:]} have no distance to training "
            f"images of {training.shape[1:]}"
        )
    points = training.reshape(len(training), -1).astype(float)
    norms = np.sum(points**2, axis=1)
    rows = np.empty(len(images), dtype=np.intp)
    squares = np.empty(len(images))
    step = max(1, CHUNK // len(training))
    for first in range(0, len(images), step):
        chunk = images[first : first + step].reshape(-1, points.shape[1]).astype(float)
        # integers below 2^53 all along: float64 has no rounding here, and zero means equal
        table = norms - 2 * (chunk @ points.T)
        best = table.argmin(axis=1)
        rows[first : first + step] = best
        own = np.sum(chunk**2, axis=1)
        squares[first : first + step] = table[np.arange(len(best)), best] + own
    return Nearest(rows, np.sqrt(squares / points.shape[1]))


def _copies(near: Nearest) -> tuple[float, float]:
    share = float(np.mean(near.distances == 0))
    return share, binomial_error(share, len(near.distances))
