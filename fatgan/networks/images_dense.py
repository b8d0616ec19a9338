"""Dense players for images: multilayer perceptrons that take an image for a row of numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

import keras

from fatgan.networks.dropout import ResumableDropout
from fatgan.networks.minibatch import MinibatchDiscrimination
from fatgan.networks.mlp import mlp
from fatgan.networks.seeds import Seeds

Shape = tuple[int, int, int]
"""Height, width and channels of one image."""


def generator(
    shape: Shape,
    noise: int,
    *,
    layers: Sequence[int] = (256, 256),
    slope: float = 0.2,
    seed: int = 0,
    name: str = "generator",
) -> keras.Model:
    """Return a generator of images between -1 and 1: (n, noise) -> (n, height, width, channels).

    Parameters
    ----------
    shape
        Of one image.
    noise
        Dimension of the noise.
    layers
        Widths of the hidden layers.
    slope
        Negative slope of LeakyReLU.
    seed
        Of the weights' start: equal seeds, equal weights.
    """
    tanh = keras.layers.Activation("tanh")
    body = mlp(noise, math.prod(shape), layers=layers, slope=slope, head=tanh, seed=seed)
    start = keras.Input((noise,))
    return keras.Model(start, keras.layers.Reshape(shape)(body(start)), name=name)


def critic(
    shape: Shape,
    outputs: int = 1,
    *,
    layers: Sequence[int] = (256, 256),
    slope: float = 0.2,
    dropout: float = 0.0,
    minibatch: int = 0,
    seed: int = 0,
    name: str = "critic",
) -> keras.Model:
    """Return a critic with a linear output: (n, height, width, channels) -> (n, outputs).

    Parameters
    ----------
    shape
        Of one image.
    outputs
        Numbers per image, as the objective asks.
    layers
        Widths of the hidden layers, at least one.
    slope
        Negative slope of LeakyReLU.
    dropout
        Share of hidden units dropped in training.
    minibatch
        Kernels of minibatch discrimination (arXiv:1606.03498) before the last layer; with 0 there
        is none. It needs ``batches_apart`` in the model.
    seed
        Of the weights' start: equal seeds, equal weights.
    """
    seeds = Seeds(seed)
    start = keras.Input(shape)
    x = keras.layers.Flatten()(start)
    features = mlp(
        *(x.shape[-1], layers[-1]),
        layers=layers[:-1],
        slope=slope,
        dropout=dropout,
        head=keras.layers.LeakyReLU(negative_slope=slope),
        seed=seeds(),
    )
    x = features(x)
    if dropout:
        x = ResumableDropout(dropout, seed=seeds())(x)
    if minibatch:
        x = MinibatchDiscrimination(minibatch, seed=seeds())(x)
    start_of_last = keras.initializers.HeNormal(seed=seeds())
    x = keras.layers.Dense(outputs, kernel_initializer=start_of_last)(x)
    return keras.Model(start, x, name=name)
