"""A small convolutional network that tells classes of images."""

from __future__ import annotations

import math

import keras
import numpy as np

from fatgan.images.image_set import HALF

DIMENSION = 64
"""Numbers in the penultimate layer, the features."""
MAPS = (16, 32, 64)
"""Feature maps of the last three convolutions; earlier ones have as many as the first of them."""
DROPOUT = 0.3


def convnet(shape: tuple[int, int, int], classes: int, seed: int) -> keras.Model:
    """Return the network: bytes (n, height, width, channels) -> features and probabilities.

    Convolutions of stride 2 bring the shorter side to about 7 pixels; one convolution, the
    maximum of 2 x 2, the dense layer of 64 features (SiLU) and the classes follow.

    Parameters
    ----------
    shape
        Height, width and channels.
    classes
        How many there are.
    seed
        Of the weights' start and of the dropout.

    Returns
    -------
    A model with the outputs ``features`` (n, 64) and ``probabilities`` (n, classes).
    """
    rng = np.random.default_rng(seed)

    def draw() -> int:
        return int(rng.integers(2**31 - 1))

    def start() -> keras.initializers.Initializer:
        return keras.initializers.HeNormal(seed=draw())

    images = keras.Input(shape, name="images")
    x = keras.layers.Rescaling(1 / HALF, offset=-1.0)(images)
    halvings = max(0, round(math.log2(min(shape[:2]) / 7)))
    for layer in range(halvings + 1):
        x = keras.layers.Conv2D(
            MAPS[max(layer - halvings - 1, -len(MAPS))],
            3 if layer else 5,
            strides=2 if layer < halvings else 1,
            padding="same",
            activation="relu",
            kernel_initializer=start(),
        )(x)
    x = keras.layers.MaxPooling2D(2, padding="same")(x)
    x = keras.layers.Flatten()(x)
    x = keras.layers.Dropout(DROPOUT, seed=draw())(x)
    features = keras.layers.Dense(
        DIMENSION, activation="silu", kernel_initializer=start(), name="features"
    )(x)
    x = keras.layers.Dropout(DROPOUT, seed=draw())(features)
    probabilities = keras.layers.Dense(
        classes, activation="softmax", kernel_initializer=start(), name="probabilities"
    )(x)
    return keras.Model(images, {"features": features, "probabilities": probabilities})
