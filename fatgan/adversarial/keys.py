"""Noise as a pure function of (seed, purpose, step).

Every random number of a training or a generation is drawn statelessly from a key. Resuming is
then exact without any extra state, and generated events depend neither on the size of the chunks
nor on how many workers share them.
"""

from __future__ import annotations

import hashlib
from typing import Any

import tensorflow as tf

_ALGORITHM = "philox"
"""Named, since what "auto" picks on a CPU is eight times slower once compiled by XLA."""


def key(seed: int, purpose: str, *steps: Any) -> tf.Tensor:
    """Return a key for stateless draws, int32 of shape (2,).

    Parameters
    ----------
    seed
        Any Python integer.
    purpose
        Names the use, so that two uses of one step never share numbers.
    steps
        Integers or integer tensors: the step, the block, the attempt.
    """
    digest = hashlib.sha256(f"{seed}:{purpose}".encode()).digest()
    words = [int.from_bytes(digest[i : i + 4], "little", signed=True) for i in (0, 4)]
    result = tf.constant(words, dtype=tf.int32)
    for step in steps:
        result = tf.random.experimental.stateless_fold_in(result, tf.cast(step, tf.int32))
    return result


def normal(shape: tuple[Any, ...], key: tf.Tensor) -> tf.Tensor:
    """Return standard normal numbers, float32."""
    return tf.random.stateless_normal(shape, seed=key, alg=_ALGORITHM)


def uniform(shape: tuple[Any, ...], key: tf.Tensor) -> tf.Tensor:
    """Return numbers uniform in [0, 1), float32."""
    return tf.random.stateless_uniform(shape, seed=key, alg=_ALGORITHM)


def integers(shape: tuple[Any, ...], key: tf.Tensor, below: int) -> tf.Tensor:
    """Return integers uniform in [0, below), int32."""
    return tf.random.stateless_uniform(
        shape, seed=key, maxval=below, dtype=tf.int32, alg=_ALGORITHM
    )
