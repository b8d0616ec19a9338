r"""Maximum mean discrepancy between two samples, as a penalty on the generator.

.. math::
    \mathrm{MMD}^2_u = \frac{1}{n(n-1)}\sum_{i\ne j} k(x_i,x_j)
                     + \frac{1}{n(n-1)}\sum_{i\ne j} k(y_i,y_j)
                     - \frac{2}{n^2}\sum_{i,j} k(x_i,y_j)

with a sum of Gaussian kernels of several widths (A. Gretton et al., JMLR 13 (2012) 723, lemma 6).
Unbiased, so that its gradient vanishes on average when the samples agree. The linear-time
estimate has almost no power: at 5 % in pT 0.3 sigma.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from keras import ops


@dataclass(frozen=True)
class MMD:
    """The penalty's settings.

    Parameters
    ----------
    weight
        Its factor in the generator's loss; 0 leaves it out.
    widths
        Widths of the Gaussian kernels, in units of the scaled features.
    rows
        How many rows of each batch enter; the cost is their square.
    """

    weight: float = 1.0
    widths: tuple[float, ...] = (0.1, 0.3, 1.0)
    rows: int = 512

    def __call__(self, real: Any, fake: Any) -> Any:
        """Return the weighted estimate from the first rows of two batches, shapes (n, d)."""
        real, fake = real[: self.rows], fake[: self.rows]
        return self.weight * unbiased_mmd2(real, fake, self.widths)


def unbiased_mmd2(x: Any, y: Any, widths: tuple[float, ...]) -> Any:
    """Return the unbiased estimate of MMD^2, a scalar; x and y have the same shape (n, d)."""
    n = x.shape[0]
    both = ops.concatenate([x, y])
    squares = ops.sum(both * both, axis=1)
    distance2 = squares[:, None] + squares[None, :] - 2 * ops.matmul(both, ops.transpose(both))
    distance2 = ops.maximum(distance2, 0.0)
    kernel = sum(ops.exp(-distance2 / (2 * width * width)) for width in widths)
    # the diagonal is one per kernel, whatever rounding says
    own = [ops.sum(kernel[s, s]) - ops.trace(kernel[s, s]) for s in (slice(0, n), slice(n, None))]
    return sum(own) / (n * (n - 1)) - 2 * ops.mean(kernel[:n, n:])
