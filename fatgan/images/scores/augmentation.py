"""Images turned, zoomed and shifted a little at random, so that a classifier learns from more."""

from __future__ import annotations

import math
from typing import Any

import tensorflow as tf
from keras import ops

from fatgan.adversarial.keys import key, uniform

SMALLEST = 20
"""Images of fewer pixels a side are left alone: their strokes are a pixel or two wide."""
SHIFT, TURN, ZOOM = 2.0, math.radians(12), 0.1
"""Largest shift in pixels, turn in radians and relative zoom, to either side."""


def augmented(images: Any, seed: int, step: Any) -> Any:
    """Return images (n, height, width, channels) as float32, each changed in its own way.

    All changes are one affine map, so that pixels are interpolated once: each further time would
    blur the images that are learned and not those that are judged. What leaves the frame is
    filled with the pixel at its edge.

    Parameters
    ----------
    images
        Bytes or numbers.
    seed, step
        What the random numbers are a function of.
    """
    images = tf.cast(images, tf.float32)
    height, width = images.shape[1:3]
    if min(height, width) < SMALLEST:
        return images
    draws = 2 * uniform((tf.shape(images)[0], 4), key(seed, "augmentation", step)) - 1
    angle, zoom = TURN * draws[:, 0], 1 + ZOOM * draws[:, 1]
    x, y = SHIFT * draws[:, 2], SHIFT * draws[:, 3]
    cos, sin = zoom * tf.cos(angle), zoom * tf.sin(angle)
    # turn and zoom around the centre: what is c stays at c
    centre_x, centre_y = (width - 1) / 2, (height - 1) / 2
    rows = (
        *(cos, -sin, x + centre_x - cos * centre_x + sin * centre_y),
        *(sin, cos, y + centre_y - sin * centre_x - cos * centre_y),
        *(tf.zeros_like(x), tf.zeros_like(x)),
    )
    return ops.image.affine_transform(
        images, tf.stack(rows, axis=1), interpolation="bilinear", fill_mode="nearest"
    )
