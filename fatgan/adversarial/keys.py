"""Noise as a pure function of (seed, purpose, step).

Every random number of a training or a generation is drawn statelessly from a key. Resuming is
then exact without any extra state, and generated events depend neither on the size of the chunks
nor on how many workers share them.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import tensorflow as tf


def key(seed: int, purpose: str, step: Any, part: Any = 0) -> tf.Tensor:
    """Return a key for stateless draws, int32 of shape (2,).

    The two words of (seed, purpose) are counted up by step and part. The generator behind the
    draws is itself a hash of its key (Philox), so that neighbouring keys give independent
    numbers; hashing here as well would cost more than all the draws.

    Parameters
    ----------
    seed
        Any Python integer.
    purpose
        Names the use, so that two uses of one step never share numbers.
    step, part
        Integers or integer tensors: the step or block, and a part of it.
    """
    words = np.frombuffer(_digest(seed, purpose), dtype=np.int32)[:2]
    return tf.constant(words) + tf.stack([tf.cast(step, tf.int32), tf.cast(part, tf.int32)])


def host_generator(seed: int, purpose: str, step: int, part: int = 0) -> np.random.Generator:
    """Return NumPy's counter-based generator for such a key: the draws of generation.

    On a CPU it draws a normal number in a fifth of the time that TensorFlow takes, and the same
    ones whatever the device.
    """
    words = np.frombuffer(_digest(seed, f"{purpose}:{step}:{part}"), dtype=np.uint64)[:2]
    return np.random.Generator(np.random.Philox(key=words))


def _digest(seed: int, purpose: str) -> bytes:
    return hashlib.sha256(f"{seed}:{purpose}".encode()).digest()


def normal(shape: tuple[Any, ...], key: tf.Tensor) -> tf.Tensor:
    """Return standard normal numbers, float32."""
    return tf.random.stateless_normal(shape, seed=key)


def uniform(
    shape: tuple[Any, ...], key: tf.Tensor, dtype: tf.dtypes.DType = tf.float32
) -> tf.Tensor:
    """Return numbers uniform in [0, 1)."""
    return tf.random.stateless_uniform(shape, seed=key, dtype=dtype)


def integers(shape: tuple[Any, ...], key: tf.Tensor, below: int) -> tf.Tensor:
    """Return integers uniform in [0, below), int32."""
    return tf.random.stateless_uniform(shape, seed=key, maxval=below, dtype=tf.int32)
