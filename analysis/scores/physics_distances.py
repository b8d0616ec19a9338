"""Frechet and kernel physics distances: moments of the features, up to the second and fourth."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from analysis.scores.mmd import unbiased_mmd2
from analysis.scores.permutation import Blocks
from analysis.scores.score import Measurement, Score

if TYPE_CHECKING:
    from analysis.comparison import Comparison

Array = NDArray[np.float64]

GROUPS = (1, 2, 4)
"""Samples are cut into so many parts to see how the distance falls with the number of events."""


class FrechetDistance(Score):
    """Frechet distance of normal laws with the means and covariances of both samples.

    In sigmas^2, of the seven features of :func:`analysis.features.standardised`. A finite
    sample adds to it as 1/N: it is worked out with all events and as the mean over halves and
    quarters, and a line in 1/N gives the value at infinite size, which may be negative. Law and
    error: :class:`~analysis.scores.permutation.Blocks`.

    Source: R. Kansal et al., arXiv:2211.10295 (there of energy flow polynomials of jets); M. J.
    Chong and D. Forsyth, arXiv:1911.07023 (infinite size).
    """

    name: ClassVar[str] = "Frechet distance"

    def measure(self, comparison: Comparison) -> Iterator[Measurement]:
        """Yield one measurement."""
        blocks = Blocks(comparison)
        sums = blocks.products(blocks.pooled(*comparison.standardised), with_constant)
        found = []
        for parts in GROUPS:
            sides = (blocks.means(sums, group=(part, parts)) for part in range(parts))
            found.append(np.mean([_frechet(a, b) for a, b in sides], axis=0))
        at_infinity = np.polynomial.polynomial.polyfit(GROUPS, np.stack(found), 1)[0]
        yield Measurement(self.name, None, *blocks.outcome(at_infinity), *blocks.sizes)


class KernelDistance(Score):
    """Kernel physics distance: the unbiased squared MMD with the kernel (x y/d + 1)^4.

    Of the d = 7 features of :func:`analysis.features.standardised`; it compares all their
    moments up to the fourth. The kernel's features are polynomials, so that the value is that
    of all pairs of events. Its mean between samples of one truth is 0. Law and error:
    :class:`~analysis.scores.permutation.Blocks`.

    Source: R. Kansal et al., arXiv:2211.10295.
    """

    name: ClassVar[str] = "kernel distance"

    def measure(self, comparison: Comparison) -> Iterator[Measurement]:
        """Yield one measurement."""
        blocks = Blocks(comparison)
        columns = blocks.pooled(*comparison.standardised)
        # (z z')^4 = (q q')^2 is the inner product of the matrices q q^T and q' q'^T
        sums = blocks.products(columns, _quadratic)
        diagonal = (np.mean(columns**2, axis=0) + 1) ** 4
        values = unbiased_mmd2(blocks, sums.reshape(len(sums), -1), diagonal)
        yield Measurement(self.name, None, *blocks.outcome(values), *blocks.sizes)


def with_constant(columns: Array) -> Array:
    """Put a 1 before the features of each event: (d, events) to (1 + d, events)."""
    return np.concatenate([np.ones((1, columns.shape[1])), columns])


def covariances(products: Array) -> tuple[Array, Array]:
    """Return means and covariances from means of products of (1, x).

    From shape (..., 1 + d, 1 + d) to (..., d) and (..., d, d).
    """
    mean = products[..., 0, 1:]
    return mean, products[..., 1:, 1:] - mean[..., :, None] * mean[..., None, :]


def frechet_of_normals(mean_a: Array, cov_a: Array, mean_b: Array, cov_b: Array) -> Array:
    """Return |mu - mu'|^2 + tr(C + C' - 2 (C C')^(1/2)) of normal laws.

    Means have shape (..., d), covariances (..., d, d). Covariances of events with negative
    weights may have negative eigenvalues, which count as 0.
    """
    values, vectors = np.linalg.eigh(cov_a)
    root = (vectors * np.sqrt(np.maximum(values, 0))[..., None, :]) @ np.swapaxes(vectors, -1, -2)
    mixed = np.linalg.eigvalsh(root @ cov_b @ root)
    cross = np.sqrt(np.maximum(mixed, 0)).sum(axis=-1)
    own = np.trace(cov_a, axis1=-2, axis2=-1) + np.trace(cov_b, axis1=-2, axis2=-1)
    return np.sum((mean_a - mean_b) ** 2, axis=-1) + own - 2 * cross


def _frechet(a: Array, b: Array) -> Array:
    return frechet_of_normals(*covariances(a), *covariances(b))


def _quadratic(columns: Array) -> Array:
    """Return features of the kernel (x y/d + 1)^2, (d, events) to ((d + 1)(d + 2)/2, events)."""
    z = with_constant(columns / np.sqrt(len(columns)))
    first, second = np.triu_indices(len(z))
    return z[first] * z[second] * np.where(first == second, 1.0, np.sqrt(2))[:, None]
