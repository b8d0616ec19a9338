"""Distances in all features at once: one-dimensional ones along random directions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from analysis.scores.permutation import Blocks
from analysis.scores.score import Measurement, Score

if TYPE_CHECKING:
    from analysis.comparison import Comparison

Array = NDArray[np.float64]

DIRECTIONS = 32
CELLS = 500
"""Per direction. Up to as many events in all the distances are exact."""


class SlicedDistances(Score):
    """Sliced Wasserstein, Kolmogorov-Smirnov and energy distances.

    Seven smooth features in sigmas of the reference (:func:`analysis.features.standardised`)
    are projected on 32 directions drawn uniformly. Along each, with the gap between the
    cumulative distributions, W1 is the integral of its modulus (in sigmas), KS its largest
    modulus, and the energy distance twice the integral of its square (in sigmas; the square of
    :func:`scipy.stats.energy_distance`). The values are means over the directions; the largest
    KS over them sees no more. The gap is known between 500 cells of equal population of both
    samples together, and what lies within a cell is not seen. Law and error:
    :class:`~analysis.scores.permutation.Blocks`.

    Source: N. Bonneel et al., J. Math. Imaging Vis. 51 (2015) 22 (sliced W1); G. Szekely and
    M. Rizzo, J. Stat. Plan. Inference 143 (2013) 1249 (energy distance).
    """

    name: ClassVar[str] = "sliced distances"

    def measure(self, comparison: Comparison) -> Iterator[Measurement]:
        """Yield ``sliced W1``, ``sliced KS`` and ``sliced energy distance``."""
        blocks = Blocks(comparison)
        columns = blocks.pooled(*comparison.standardised)
        directions = uniform_directions(DIRECTIONS, len(columns), comparison.rng(self.name))
        values = np.mean([_distances(blocks, axis @ columns) for axis in directions], axis=0)
        for name, found in zip(("W1", "KS", "energy distance"), values, strict=True):
            yield Measurement(f"sliced {name}", None, *blocks.outcome(found), *blocks.sizes)


def uniform_directions(number: int, dimensions: int, rng: np.random.Generator) -> Array:
    """Return unit vectors drawn uniformly, shape (number, dimensions)."""
    vectors = rng.normal(size=(number, dimensions))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _distances(blocks: Blocks, values: Array) -> Array:
    """Return W1, KS and energy distance of one projection, shape (3, arrangements)."""
    edges = _inner_edges(values)
    cells = np.searchsorted(edges, values, side="right")
    a, b = blocks.means(blocks.counts(cells, len(edges) + 1))
    gap = np.cumsum(b - a, axis=1)[:, :-1]
    population = np.bincount(cells, minlength=len(edges) + 1)
    widths = np.diff(np.bincount(cells, values, len(edges) + 1) / population)
    modulus = np.abs(gap)
    return np.stack([modulus @ widths, modulus.max(axis=1, initial=0.0), 2 * gap**2 @ widths])


def _inner_edges(values: Array) -> Array:
    """Return the lower edges of all cells but the first; a cell holds at least one event."""
    ordered = np.sort(values)
    if len(ordered) > CELLS:
        ordered = ordered[np.arange(CELLS) * len(ordered) // CELLS]
    distinct = np.unique(ordered)
    return distinct[1:]
