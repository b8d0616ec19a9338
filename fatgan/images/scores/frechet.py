r"""Frechet distance between two samples of features; with Inception-v3 it is called FID.

.. math::
    d^2 = |\mu_1-\mu_2|^2
        + \mathrm{Tr}\left(\Sigma_1+\Sigma_2-2(\Sigma_1\Sigma_2)^{1/2}\right)

the squared 2-Wasserstein distance of the two Gaussians with the samples' means and covariances:
M. Heusel et al., arXiv:1706.08500. It grows as the samples shrink (M. Binkowski et al.,
arXiv:1801.01401), so that only values of equal sizes compare.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from fatgan.errors import DataError
from fatgan.images.scores.jackknife import block_rows, jackknife_error

Array = NDArray[np.float64]


def frechet_distance(x: Array, y: Array) -> float:
    r"""Return the Frechet distance d^2 of features of shapes (n, d) and (m, d).

    With X and Y the centred features, Tr (S1 S2)^(1/2) is the sum of the singular values of
    X Y^T over sqrt((n - 1)(m - 1)), and X and Y may be replaced by their triangular factors.
    So no covariance is squared, nothing is complex, and more features than images do no harm.

    Raises
    ------
    DataError
        Fewer than two images on a side.
    """
    if min(len(x), len(y)) < 2:
        raise DataError(f"a Frechet distance needs two images a side, not {len(x)} and {len(y)}")
    factors = []
    for sample in (x, y):
        centred = sample - sample.mean(axis=0)
        factors.append(np.linalg.qr(centred).R / math.sqrt(len(sample) - 1))
    cross = linalg.svdvals(factors[0] @ factors[1].T).sum()
    traces = sum(float(np.sum(factor**2)) for factor in factors)
    shift = float(np.sum((x.mean(axis=0) - y.mean(axis=0)) ** 2))
    # rounding alone can take the distance of equal samples below zero
    return max(shift + traces - 2 * float(cross), 0.0)


def frechet(x: Array, y: Array) -> tuple[float, float]:
    """Return the Frechet distance and its standard error, by the delete-a-block jackknife.

    Raises
    ------
    DataError
        So few images that nothing is left without a block.
    """
    value = frechet_distance(x, y)
    pairs = zip(block_rows(len(x)), block_rows(len(y)), strict=True)
    without = [frechet_distance(np.delete(x, a, axis=0), np.delete(y, b, axis=0)) for a, b in pairs]
    return value, jackknife_error(without)
