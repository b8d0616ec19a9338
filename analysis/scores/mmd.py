"""Maximum mean discrepancy with Gaussian kernels of several widths."""

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

FREQUENCIES = 256
"""Each gives two features, a cosine and a sine."""
WIDTHS = (2.0, 1.0, 0.5)
"""Widths of the kernels in medians of the distance between two events; each half the last."""
PAIRED = 1000
"""Events of each side that the median distance is taken of."""


class GaussianMMD(Score):
    """Unbiased squared MMD with Gaussian kernels exp(-|x - y|^2/2 h^2).

    Of the seven features of :func:`analysis.features.standardised`, with widths h of 2, 1 and
    1/2 times the median distance between two events. The kernels are means over 256 random
    frequencies, so that the value is that of all pairs of events, for these frequencies; it
    differs from that of the exact kernel by about sqrt(2/256) = 9 % of itself or of its spread,
    whichever is larger. The law is of the same frequencies and not affected. The mean between
    samples of one truth is 0. Law and error: :class:`~analysis.scores.permutation.Blocks`.

    Source: A. Gretton et al., J. Mach. Learn. Res. 13 (2012) 723; A. Rahimi and B. Recht,
    Advances in Neural Information Processing Systems 20 (2007).
    """

    name: ClassVar[str] = "MMD"

    def measure(self, comparison: Comparison) -> Iterator[Measurement]:
        """Yield one measurement per width, ``MMD^2 (2 median)`` first."""
        blocks = Blocks(comparison)
        rng = comparison.rng(self.name)
        columns = blocks.pooled(*comparison.standardised)
        widest = WIDTHS[0] * (_median_distance(*comparison.standardised) or 1.0)
        frequencies = rng.normal(size=(FREQUENCIES, len(columns))) / widest
        sums = blocks.sums(columns, lambda part: fourier_features(part, frequencies))
        ones = np.ones(columns.shape[1])  # k(x, x)
        for width, part in zip(WIDTHS, np.split(sums, len(WIDTHS), axis=1), strict=True):
            values = unbiased_mmd2(blocks, part, ones)
            name = f"MMD^2 ({width:g} median)"
            yield Measurement(name, None, *blocks.outcome(values), *blocks.sizes)


def fourier_features(columns: Array, frequencies: Array) -> NDArray[np.float32]:
    """Return features whose inner products are Gaussian kernels, one set after another.

    From (d, events) and (F, d) to (2 F widths, events). Half the width is twice the frequency,
    the cosine and sine of which follow from those before.
    """
    # single precision: a rounding of 10^-7 is common to both samples, and it is twice as fast
    angles = frequencies.astype(np.float32) @ columns.astype(np.float32)
    cosine, sine = np.cos(angles), np.sin(angles)
    found = []
    for _ in WIDTHS:
        found += [cosine, sine]
        cosine, sine = cosine**2 - sine**2, 2 * cosine * sine
    result: NDArray[np.float32] = np.concatenate(found)
    result /= np.float32(np.sqrt(len(frequencies)))
    return result


def unbiased_mmd2(blocks: Blocks, sums: Array, diagonal: Array) -> Array:
    """Return the unbiased estimate of a squared maximum mean discrepancy, per arrangement.

    Parameters
    ----------
    sums
        Sums over blocks of the kernel's features, shape (blocks, D).
    diagonal
        k(x, x) of each event, shape (events,).

    Notes
    -----
    With weights w the mean of k over pairs of different events is
    (|sum w phi|^2 - sum w^2 k(x, x))/((sum w)^2 - sum w^2).
    Source: A. Gretton et al., J. Mach. Learn. Res. 13 (2012) 723, eq. 3.
    """
    a, b = blocks.means(sums)
    own = blocks.means(blocks.squares(diagonal), power=2)
    part = blocks.means(blocks.squares(np.ones(len(diagonal))), power=2)
    result = -2 * np.einsum("ij,ij->i", a, b)
    for mean, of_self, share in zip((a, b), own, part, strict=True):
        # one event that outweighs all others has no pairs
        pairs = np.maximum(1 - share, 0.01)
        result += (np.einsum("ij,ij->i", mean, mean) - of_self) / pairs
    return result


def _median_distance(reference: Array, sample: Array) -> float:
    """Return the median distance between events that are among the first of both sides."""
    from scipy.spatial.distance import pdist

    return float(np.median(pdist(np.concatenate([reference[:PAIRED], sample[:PAIRED]]))))
