"""Is the azimuth uniform? A test of its harmonics, before phi is drawn and not learned.

For unpolarised beams and full acceptance phi is uniform, and drawing it so is exact. Neither may
be assumed of a user's file; and a ripple of a few per cent is invisible to global distances.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

HARMONICS = 6
"""Harmonics tested: 1 to 6."""
FALSE_ALARM = 1e-4
"""The chance that a uniform sample is taken for a rippled one, over all harmonics together."""


def is_uniform(phi: NDArray[np.float64], weights: NDArray[np.float64] | None = None) -> bool:
    """Return whether no harmonic of the sample is significant.

    For uniform phi, |sum w exp(i n phi)|^2 / sum w^2 is exponential with mean 1, independently
    for each n, and for weights of any sign as long as they do not depend on phi: weights of the
    events, or a condition, of which the amplitude of a harmonic may be a function.

    Parameters
    ----------
    phi
        Angles in radians, shape (n,).
    weights
        Shape (n,); ``None`` counts every event once.
    """
    power = len(phi) * np.abs(harmonics(phi)) ** 2 if weights is None else _power(phi, weights)
    return bool(power.max() < -np.log(FALSE_ALARM / HARMONICS))


def harmonics(phi: NDArray[np.float64], highest: int = HARMONICS) -> NDArray[np.complex128]:
    """Return <exp(i n phi)> for n = 1 ... ``highest``, shape (highest,); phi in radians, (n,)."""
    return _turns(phi, highest).mean(axis=1)


def _power(phi: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    total = float(np.sum(weights * weights))
    return np.abs(_turns(phi, HARMONICS) @ weights) ** 2 / (total or 1.0)


def _turns(phi: NDArray[np.float64], highest: int) -> NDArray[np.complex128]:
    turn = np.exp(1j * phi)
    return np.cumprod(np.broadcast_to(turn, (highest, len(phi))), axis=0)
