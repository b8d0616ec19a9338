"""Means over real events, which may carry weights."""

from __future__ import annotations

from typing import Any

from keras import ops


def expectation(values: Any, weights: Any = None) -> Any:
    """Return the mean, a scalar, of values of shape (n, outputs) with weights of shape (n,).

    It is not divided by the sum of the weights, which is known to be n on average: the mean over
    a batch is then unbiased, whatever signs they have.
    """
    if weights is None:
        return ops.mean(values)
    return ops.mean(ops.multiply(ops.reshape(weights, (-1, 1)), values))
