"""Harmonics of the azimuth: the ripple that global distances do not see."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from analysis.laws import Drawn, Given
from analysis.scores.score import Measurement, Score
from analysis.summaries.summary import ORDERS

if TYPE_CHECKING:
    from analysis.comparison import Comparison

Array = NDArray[np.float64]

DRAWS = 10_000
"""Draws for mean and spread of the law; its tail is integrated."""
DIRECTIONS = 4096


class PhiHarmonics(Score):
    """The difference |c_n(sample) - c_n(reference)| with c_n = mean of exp(i n phi), n = 1 to 6.

    A ripple 1 + a cos(n phi) has |c_n| = a/2. The difference, and not |c_n| of the sample
    alone, is taken for flat references too: it needs no decision about what is flat, and
    gives no false alarm where the data do have a harmonic. With 1/N = 1/n + 1/m its floor
    between samples of one flat truth is sqrt(pi/(4 N)) +- sqrt((1 - pi/4)/N), and 4/sqrt(N) is
    a limit that chance passes once in 10^7. For any truth the difference is normal in the
    complex plane, with the covariances of both samples. The error is that of the component
    along the difference.
    """

    name: ClassVar[str] = "phi harmonics"

    def measure(self, comparison: Comparison) -> Iterator[Measurement]:
        """Yield one measurement per order, named ``phi harmonic 1`` and so on."""
        rng = comparison.rng(self.name)
        a, b = (summary.harmonics for summary in comparison.summaries)
        covariances = a.covariances() / a.w**2 + b.covariances() / b.w**2
        normal = rng.normal(size=(DRAWS, 2))
        for order, difference, covariance in zip(
            ORDERS, b.means - a.means, covariances, strict=True
        ):
            variances, axes = np.linalg.eigh(covariance)
            drawn = normal * np.sqrt(np.maximum(variances, 0)) @ axes.T
            law = Drawn(np.hypot(*drawn.T))
            value = float(abs(difference))
            p_value = beyond(value, variances)
            along = np.array([difference.real, difference.imag]) / (value or 1.0)
            yield Measurement(
                f"phi harmonic {order}",
                "phi",
                value,
                math.sqrt(max(float(along @ covariance @ along), 0.0)),
                Given(law.mean, law.spread, law.p_value(value) if p_value is None else p_value),
                *comparison.sizes,
            )


def beyond(radius: float, variances: Array) -> float | None:
    """Return the chance of a normal vector in the plane to be longer than a radius.

    ``variances`` are those along its principal axes, shape (2,), the smaller first. In each
    direction the length is a Rayleigh variable; the chance is the mean over all directions.
    None where one variance is next to nothing, as where all events have one azimuth.
    """
    if not variances[0] > 1e-5 * variances[1]:
        return None
    angles = np.arange(DIRECTIONS) * math.pi / DIRECTIONS
    inverse = np.cos(angles) ** 2 / variances[0] + np.sin(angles) ** 2 / variances[1]
    shares = np.exp(-(radius**2) * inverse / 2) / inverse
    return float(shares.mean() / math.sqrt(variances.prod()))
