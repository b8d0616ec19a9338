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


def harmonics(phi: NDArray[np.float64], highest: int = HARMONICS) -> NDArray[np.complex128]:
    """Return <exp(i n phi)> for n = 1 ... ``highest``, shape (highest,); phi in radians, (n,)."""
    turn = np.exp(1j * phi)
    powers = np.cumprod(np.broadcast_to(turn, (highest, len(phi))), axis=0)
    return powers.mean(axis=1)


def is_uniform(phi: NDArray[np.float64]) -> bool:
    """Return whether no harmonic of the sample is significant.

    For uniform phi, N |<exp(i n phi)>|^2 is exponential with mean 1, independently for each n.
    """
    power = len(phi) * np.abs(harmonics(phi)) ** 2
    return bool(power.max() < -np.log(FALSE_ALARM / HARMONICS))
