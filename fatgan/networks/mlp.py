"""Multilayer perceptrons."""

from __future__ import annotations

from collections.abc import Sequence

import keras

from fatgan.networks.dropout import ResumableDropout
from fatgan.networks.seeds import Seeds


def mlp(
    inputs: int,
    outputs: int,
    *,
    conditions: int = 0,
    layers: Sequence[int],
    slope: float = 0.2,
    dropout: float = 0.0,
    skip: bool = False,
    head: keras.layers.Layer | None = None,
    seed: int = 0,
    name: str = "mlp",
) -> keras.Model:
    """Return a stack of dense layers with LeakyReLU and a linear output.

    Parameters
    ----------
    inputs, outputs
        Sizes: (n, inputs) -> (n, outputs); with ``skip`` no more outputs than inputs.
    conditions
        Size of a second input that the first layer sees beside the first one: with it
        [(n, inputs), (n, conditions)] -> (n, outputs). With 0 there is none.
    layers
        Widths of the hidden layers.
    slope
        Negative slope of LeakyReLU.
    dropout
        Share of hidden units dropped in training.
    skip
        Add the first ``outputs`` inputs to the linear output, which starts at zero: the network
        begins as the identity and learns a correction to it (arXiv:1512.03385).
    head
        A last layer on the output.
    seed
        Of the weights' start: equal seeds, equal weights.
    """
    seeds = Seeds(seed)
    x = ends = start = keras.Input((inputs,))
    if conditions:
        ends = [start, keras.Input((conditions,), name="conditions")]
        x = keras.layers.Concatenate()(ends)
    for width in layers:
        x = keras.layers.Dense(width, kernel_initializer=_he(seeds))(x)
        x = keras.layers.LeakyReLU(negative_slope=slope)(x)
        if dropout:
            x = ResumableDropout(dropout, seed=seeds())(x)
    last = keras.initializers.Zeros() if skip else _he(seeds)
    x = keras.layers.Dense(outputs, kernel_initializer=last)(x)
    if skip:
        x = keras.layers.Add()([start[:, :outputs], x])
    if head is not None:
        x = head(x)
    return keras.Model(ends, x, name=name)


def _he(seeds: Seeds) -> keras.initializers.Initializer:
    return keras.initializers.HeNormal(seed=seeds())
