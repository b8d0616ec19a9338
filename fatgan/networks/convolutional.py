"""Convolutional players for images of any size, after DCGAN.

A. Radford, L. Metz and S. Chintala (arXiv:1511.06434): strided convolutions down in the critic,
fractional-strided ones up in the generator, and no dense hidden layer. Each stage halves height
and width, rounded up, while both are at least 8: 28, 14, 7 or 32, 16, 8, 4; smaller images have
one stage. Kernels are 4 wide, twice the stride: every pixel is then made of equally many taps.
With an odd kernel some have more than their neighbours, which shows as a checkerboard
(A. Odena et al., Distill 2016, doi:10.23915/distill.00003).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import pairwise
from typing import Any, Literal

import keras

from fatgan.errors import ConfigError
from fatgan.networks.minibatch import MinibatchDiscrimination
from fatgan.networks.seeds import Seeds
from fatgan.networks.spectral import SpectralNormalization

Norm = Literal["batch", "layer", "none"]
Shape = tuple[int, int, int]
"""Height, width and channels of one image."""

KERNEL, STRIDE = 4, 2
SMALLEST = 4
"""Height and width of an image have at least so many pixels."""


def grids(shape: Shape) -> list[tuple[int, int]]:
    """Return height and width at each stage, the image's first.

    Raises
    ------
    ConfigError
        The image is lower or narrower than 4 pixels.
    """
    height, width, _ = shape
    if min(height, width) < SMALLEST:
        raise ConfigError(
            f"images of {height} x {width} pixels are too small for convolutions of stride "
            f"{STRIDE}: at least {SMALLEST} x {SMALLEST} are needed; take dense networks"
        )
    found = [(height, width)]
    while len(found) == 1 or min(height, width) >= 2 * SMALLEST:
        height, width = math.ceil(height / STRIDE), math.ceil(width / STRIDE)
        found.append((height, width))
    return found


def generator(
    shape: Shape,
    noise: int,
    *,
    filters: int = 32,
    hidden: int = 0,
    norm: Norm = "batch",
    spread: float | None = 0.02,
    seed: int = 0,
    name: str = "generator",
) -> keras.Model:
    """Return a generator of images between -1 and 1: (n, noise) -> (n, height, width, channels).

    ReLU in all layers but the last, which has tanh and no normalisation.

    Parameters
    ----------
    shape
        Of one image.
    noise
        Dimension of the noise, which a transposed convolution takes from a grid of 1 x 1 to the
        smallest one.
    filters
        Channels of the largest hidden grid, doubled from each to the next smaller one.
    hidden
        Width of a dense layer between the noise and the smallest grid, as InfoGAN has it
        (arXiv:1606.03657); with 0 there is none, as DCGAN asks.
    norm
        After each hidden layer: ``batch`` norm, ``layer`` norm over all of an image, or ``none``.
    spread
        Standard deviation of the weights' start; ``None`` for He's sqrt(2/taps) in each layer.
    seed
        Of the weights' start: equal seeds, equal weights.
    """
    sizes, seeds = grids(shape), Seeds(seed)
    smallest = sizes[-1]
    channels = filters * 2 ** (len(sizes) - 2)
    start = keras.Input((noise,))
    x = start
    if hidden:
        first = keras.layers.Dense(
            hidden, use_bias=norm == "none", kernel_initializer=_normal(spread, noise, seeds)
        )
        x = keras.layers.ReLU()(_normalised(first(x), norm))
    wide = hidden or noise
    x = keras.layers.Reshape((1, 1, wide))(x)
    x = keras.layers.Conv2DTranspose(
        channels,
        smallest,
        use_bias=norm == "none",
        kernel_initializer=_normal(spread, wide, seeds),
    )(x)
    for (height, width), (taller, wider) in pairwise(reversed(sizes)):
        x = keras.layers.ReLU()(_normalised(x, norm))
        last = (taller, wider) == sizes[0]
        # half of the kernel's width lies on each side of a pixel's own source
        taps = channels * (KERNEL // STRIDE) ** 2
        channels = shape[2] if last else channels // 2
        x = keras.layers.Conv2DTranspose(
            channels,
            KERNEL,
            STRIDE,
            padding="same",
            use_bias=last or norm == "none",
            kernel_initializer=_normal(spread, taps, seeds),
        )(x)
        above, left = STRIDE * height - taller, STRIDE * width - wider
        if above or left:
            x = keras.layers.Cropping2D(((0, above), (0, left)))(x)
    return keras.Model(start, keras.layers.Activation("tanh")(x), name=name)


def critic(
    shape: Shape,
    outputs: int = 1,
    *,
    filters: int = 32,
    hidden: int = 0,
    norm: Norm = "none",
    spectral: int = 0,
    minibatch: int = 0,
    slope: float = 0.2,
    spread: float | None = 0.02,
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
    filters
        Channels of the first stage, doubled at each further one.
    hidden
        Width of a dense layer before the last one; with 0 there is none.
    norm
        After each stage but the first: ``batch`` norm (which needs ``batches_apart`` in the
        model, and spoils gradient penalties, since it makes one image's score depend on others),
        ``layer`` norm over all of an image (arXiv:1704.00028), or ``none``.
    spectral
        Power iterations per step of the kernels' spectral normalisation (arXiv:1802.05957); 0 for
        none.
    minibatch
        Kernels of minibatch discrimination (arXiv:1606.03498) before the last layer; with 0 there
        is none. It needs ``batches_apart`` in the model.
    slope
        Negative slope of LeakyReLU.
    spread
        Standard deviation of the weights' start; ``None`` for He's sqrt(2/taps) in each layer.
    seed
        Of the weights' start: equal seeds, equal weights.
    """
    seeds = Seeds(seed)

    def held(layer: keras.layers.Layer) -> keras.layers.Layer:
        if not spectral:
            return layer
        return SpectralNormalization(layer, iterations=spectral, seed=seeds())

    x = start = keras.Input(shape)
    for stage in range(len(grids(shape)) - 1):
        inner = "none" if stage == 0 else norm
        layer = keras.layers.Conv2D(
            filters * 2**stage,
            KERNEL,
            STRIDE,
            padding="same",
            use_bias=inner == "none",
            kernel_initializer=_normal(spread, KERNEL**2 * x.shape[-1], seeds),
        )
        x = keras.layers.LeakyReLU(negative_slope=slope)(_normalised(held(layer)(x), inner))
    x = keras.layers.Flatten()(x)
    if minibatch:
        x = MinibatchDiscrimination(minibatch, seed=seeds())(x)
    if hidden:
        layer = keras.layers.Dense(
            hidden,
            use_bias=norm == "none",
            kernel_initializer=_normal(spread, x.shape[-1], seeds),
        )
        x = keras.layers.LeakyReLU(negative_slope=slope)(_normalised(held(layer)(x), norm))
    # the output of a critic is linear: no ReLU loses half of it
    last = keras.layers.Dense(outputs, kernel_initializer=_normal(spread, 2 * x.shape[-1], seeds))
    return keras.Model(start, held(last)(x), name=name)


def _normal(
    spread: float | None, taps: int, seed: Callable[[], int]
) -> keras.initializers.Initializer:
    """Return normal numbers; Keras' own He counts the taps of transposed convolutions wrongly."""
    stddev = math.sqrt(2 / taps) if spread is None else spread
    return keras.initializers.RandomNormal(stddev=stddev, seed=seed())


def _normalised(x: Any, norm: str) -> Any:
    if norm == "batch":
        # DCGAN's memory of the moments: ten batches
        return keras.layers.BatchNormalization(momentum=0.9, epsilon=1e-5)(x)
    if norm == "layer":
        return keras.layers.GroupNormalization(groups=1, epsilon=1e-5)(x)
    return x
