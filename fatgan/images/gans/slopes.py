"""The slope of a critic between real and generated images."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from fatgan.adversarial.keys import key, normal, uniform
from fatgan.adversarial.model import AdversarialModel
from fatgan.images.image_set import ImageSet, to_unit

MOST = 512


def slopes(model: AdversarialModel, images: ImageSet, seed: int) -> NDArray[Any]:
    """Return |grad D| at points drawn uniformly between pairs of real and generated images.

    Up to 512 points; of a critic with several outputs the slope of their sum.
    """
    real = tf.constant(to_unit(images.images[:MOST]))
    noise = normal((len(real), model.generator.input_shape[-1]), key(seed, "evidence", 0))
    share = uniform((len(real), 1, 1, 1), key(seed, "evidence", 1))
    points = share * real + (1 - share) * model.generator(noise, training=False)
    with tf.GradientTape() as tape:
        tape.watch(points)
        scores = tf.reduce_sum(model.critic(points, training=False))
    gradient = tape.gradient(scores, points).numpy()
    return np.sqrt(np.sum(gradient**2, axis=(1, 2, 3)))
