"""Harmonics of the azimuth: the ripple that global distances do not see."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from analysis.scores.score import Context, Measurement, Score
from fatgan.events import EventTable

Array = NDArray[np.float64]

ORDERS = (1, 2, 3, 4, 5, 6)


class PhiHarmonics(Score):
    """The difference |c_n(sample) - c_n(reference)| with c_n = mean of exp(i n phi), n = 1 to 6.

    A ripple 1 + a cos(n phi) has |c_n| = a/2. The difference, and not |c_n| of the sample
    alone, is taken for flat references too: it needs no decision about what is flat, and
    gives no false alarm where the data do have a harmonic. With 1/N = 1/n + 1/m its floor
    between samples of one flat truth is sqrt(pi/(4 N)) +- sqrt((1 - pi/4)/N), and 4/sqrt(N) is
    a limit that chance passes once in 10^7. For any truth the difference is normal in the
    complex plane, which gives the floor from the pool's covariance. The error is that of the
    component along the difference.
    """

    name: ClassVar[str] = "phi harmonics"
    repeats: ClassVar[int] = 10_000

    def floors(
        self, values: list[Measurement], pool: EventTable, context: Context
    ) -> list[tuple[float, float]]:
        """Return mean and spread from the normal law of the difference, one per order."""
        rng = np.random.default_rng([context.seed, 1])
        result = []
        for value, order in zip(values, ORDERS, strict=True):
            angle = order * pool["phi"]
            covariance = np.cov(np.cos(angle), np.sin(angle))
            covariance *= 1 / value.n_reference + 1 / value.n_sample
            drawn = rng.multivariate_normal(np.zeros(2), covariance, self.repeats)
            moduli = np.hypot(*drawn.T)
            result.append((float(moduli.mean()), float(moduli.std(ddof=1))))
        return result

    def measure(
        self, reference: EventTable, sample: EventTable, context: Context
    ) -> Iterator[Measurement]:
        """Yield one measurement per order, named ``phi harmonic 1`` and so on."""
        for order in ORDERS:
            difference = harmonic(sample["phi"], order) - harmonic(reference["phi"], order)
            angle = np.angle(difference)
            variance = sum(
                np.cos(order * table["phi"] - angle).var() / len(table)
                for table in (reference, sample)
            )
            yield Measurement(
                f"phi harmonic {order}",
                "phi",
                abs(difference),
                math.sqrt(variance),
                len(reference),
                len(sample),
            )


def harmonic(phi: Array, order: int) -> complex:
    """Return the mean of exp(i order phi) over angles in radians, shape (n,)."""
    return complex(np.exp(1j * order * phi).mean())
