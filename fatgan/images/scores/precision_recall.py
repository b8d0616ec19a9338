"""Precision, recall, density and coverage: quality and variety apart, from nearest neighbours.

A sample's support is the union of closed balls around its images, each out to its k-th nearest
neighbour in the sample. Precision is the share of generated images in the support of the real
ones, recall that of real images in the support of the generated ones: T. Kynkaanniemi et al.,
arXiv:1904.06991. Density counts in how many real balls a generated image lies, over k, and
coverage is the share of real balls with a generated image: M. F. Naeem et al., arXiv:2002.09797.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from fatgan.errors import DataError
from fatgan.images.scores.jackknife import BLOCKS, block_rows, jackknife_error

Array = NDArray[np.float64]

NEIGHBOURS = 5
FEWEST = 2 * BLOCKS
"""Images a side: one block fewer, and there still are neighbours."""
CHUNK = 4_000_000
"""Distances in memory at once."""


@dataclass(frozen=True)
class Neighbourhoods:
    """The four scores, each a pair of value and standard error (delete-a-block jackknife).

    The errors are cautious: 1.2 to 1.4 times the spread between samples where the laws differ,
    up to twice it where they are equal (measured on 300 Gaussian rows). Binomial errors, which
    leave out that the balls fluctuate too, come out at 0.6 of the spread. Density may exceed one;
    the others are shares.
    """

    precision: tuple[float, float]
    recall: tuple[float, float]
    density: tuple[float, float]
    coverage: tuple[float, float]


def neighbourhoods(real: Array, generated: Array, k: int = NEIGHBOURS) -> Neighbourhoods:
    """Return precision, recall, density and coverage of features (n, d) and (m, d), exactly.

    Raises
    ------
    DataError
        Fewer than 40 images on a side, or not as many as neighbours.
    """
    fewest = max(FEWEST, 2 * k)
    if min(len(real), len(generated)) < fewest:
        raise DataError(
            f"balls out to neighbour {k} with errors need {fewest} images a side, "
            f"not {len(real)} and {len(generated)}"
        )
    values = _values(real, generated, k)
    errors = [jackknife_error(without) for without in values[1:].T]
    pairs = zip(values[0].tolist(), errors, strict=True)
    return Neighbourhoods(*pairs)


def _values(real: Array, generated: Array, k: int) -> Array:
    """Return the four scores of all images, and of those without one block each: (1 + BLOCKS, 4).

    The distances are found once; what changes is who has a ball, and how large it is.
    """
    real_radii, radii = _radii(real, k), _radii(generated, k)
    # whoever is left out has a ball without anything in it
    real_kept, kept = real_radii >= 0, radii >= 0
    inside = np.zeros((len(radii), 2))
    covered, recalled = (np.zeros_like(real_kept) for _ in range(2))
    for rows, distances in _chunks(generated, real):
        for case in range(len(radii)):
            there = kept[case, rows]
            balls = (distances <= real_radii[case])[there]
            counts = balls.sum(axis=1)
            inside[case] += np.count_nonzero(counts), counts.sum()
            covered[case] |= balls.any(axis=0)
            recalled[case] |= (distances <= radii[case, rows, None]).any(axis=0)
    n, m = real_kept.sum(axis=1), kept.sum(axis=1)
    return np.stack(
        [
            inside[:, 0] / m,
            (recalled & real_kept).sum(axis=1) / n,
            inside[:, 1] / (k * m),
            covered.sum(axis=1) / n,
        ],
        axis=1,
    )


def _radii(sample: Array, k: int) -> Array:
    """Return the distance of each image to its k-th nearest other one, shape (1 + BLOCKS, n).

    The first row is of all images, the others without a block; who is in it has a radius of -1.
    """
    radii = np.empty((1 + BLOCKS, len(sample)))
    blocks = block_rows(len(sample))
    for rows, distances in _chunks(sample, sample):
        # the image itself is the nearest of all, so that the k-th other stands at k
        radii[0, rows] = np.partition(distances, k, axis=1)[:, k]
        for case, block in enumerate(blocks, start=1):
            left = np.delete(distances, block, axis=1)
            radii[case, rows] = np.partition(left, k, axis=1)[:, k]
    for case, block in enumerate(blocks, start=1):
        radii[case, block] = -1
    return radii


def _chunks(x: Array, y: Array) -> Iterator[tuple[slice, Array]]:
    """Yield some rows of x and their distances to all of y."""
    step = max(1, CHUNK // len(y))
    for first in range(0, len(x), step):
        rows = slice(first, first + step)
        # differences, not squares of sums: equal images are at distance zero
        yield rows, cdist(x[rows], y)
