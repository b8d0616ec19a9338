"""The standard error of a share."""

from __future__ import annotations

import math


def binomial_error(share: float, number: int) -> float:
    """Return the standard error of a share of ``number`` independent images.

    It is the standard deviation of the posterior Beta(k + 1/2, number - k + 1/2) with Jeffreys'
    prior, which for a share of 0 or 1 is not zero: none of 100 still leaves room for one in 200.
    """
    centre = (share * number + 0.5) / (number + 1)
    return math.sqrt(centre * (1 - centre) / (number + 2))
