r"""Kernel distance between two samples of features; with Inception-v3 it is called KID.

The unbiased estimate of the squared maximum mean discrepancy,

.. math::
    \mathrm{MMD}^2_u = \frac{1}{n(n-1)}\sum_{i\ne j} k(x_i,x_j)
                     + \frac{1}{m(m-1)}\sum_{i\ne j} k(y_i,y_j)
                     - \frac{2}{nm}\sum_{i,j} k(x_i,y_j),
    \qquad k(x,y) = \left(\frac{x\cdot y}{d}+1\right)^3,

of M. Binkowski et al., arXiv:1801.01401. Its mean does not depend on the sizes and is zero
between samples of one law, so that single values may be negative. All pairs enter, not those of
random subsets.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError
from fatgan.images.scores.jackknife import BLOCKS, block_rows, jackknife_error

Array = NDArray[np.float64]


def kernel_distance(x: Array, y: Array) -> tuple[float, float]:
    """Return the unbiased MMD^2 of features (n, d) and (m, d), and its standard error.

    The error is that of the delete-a-block jackknife; a twentieth of the kernel is in
    memory at once.

    Raises
    ------
    DataError
        Fewer than 40 images on a side.
    """
    if min(len(x), len(y)) < 2 * BLOCKS:
        raise DataError(
            f"a kernel distance with an error needs {2 * BLOCKS} images a side, "
            f"not {len(x)} and {len(y)}"
        )
    own = [_within(sample) for sample in (x, y)]
    cross = _block_sums(x, y)
    sizes = [_sizes(sample) for sample in (x, y)]
    value = _mmd2([sums.sum() for sums in own], cross.sum(), len(x), len(y))
    without = []
    for block in range(BLOCKS):
        left = [_without(sums, block) for sums in (*own, cross)]
        n, m = (total - size[block] for total, size in zip((len(x), len(y)), sizes, strict=True))
        without.append(_mmd2(left[:2], left[2], n, m))
    return value, jackknife_error(without)


def _mmd2(own: list[float], cross: float, n: int, m: int) -> float:
    return float(own[0] / (n * (n - 1)) + own[1] / (m * (m - 1)) - 2 * cross / (n * m))


def _without(sums: Array, block: int) -> float:
    """Return the sum over all pairs without a row or a column of the block."""
    return float(sums.sum() - sums[block].sum() - sums[:, block].sum() + sums[block, block])


def _within(sample: Array) -> Array:
    """Return the block sums of the kernel inside a sample, its diagonal left out."""
    sums = _block_sums(sample, sample)
    diagonal = (np.sum(sample**2, axis=1) / sample.shape[1] + 1) ** 3
    for block, rows in enumerate(block_rows(len(sample))):
        sums[block, block] -= diagonal[rows].sum()
    return sums


def _block_sums(x: Array, y: Array) -> Array:
    """Return the sums of the kernel over all pairs of blocks, shape (BLOCKS, BLOCKS)."""
    starts = [int(rows[0]) for rows in block_rows(len(y))]
    sums = np.empty((BLOCKS, BLOCKS))
    for block, rows in enumerate(block_rows(len(x))):
        base = x[rows] @ y.T / x.shape[1] + 1
        sums[block] = np.add.reduceat((base * base * base).sum(axis=0), starts)
    return sums


def _sizes(sample: Array) -> list[int]:
    return [len(rows) for rows in block_rows(len(sample))]
