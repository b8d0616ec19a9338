"""The networks of an image GAN: the section ``networks`` of its configuration."""

from __future__ import annotations

from typing import Annotated, Literal

import keras
from pydantic import Field

from fatgan.configuration.section import Section
from fatgan.networks import convolutional, images_dense

Shape = tuple[int, int, int]
"""Height, width and channels."""
Widths = Annotated[tuple[Annotated[int, Field(ge=1)], ...], Field(min_length=1)]


class Dense(Section):
    """Multilayer perceptrons: widths of the hidden layers of both players."""

    name: Literal["dense"] = "dense"
    noise: int = Field(64, ge=1)
    generator_layers: Widths = (256, 512)
    critic_layers: Widths = (512, 256)
    slope: float = Field(0.2, ge=0, lt=1)
    dropout: float = Field(0.0, ge=0, lt=1)
    minibatch: int = Field(0, ge=0)

    @property
    def batchwise(self) -> bool:
        """Whether the critic's score of an image depends on the others of its batch."""
        return self.minibatch > 0

    def generator(self, shape: Shape, seed: int) -> keras.Model:
        """Return the generator: (n, noise) -> (n, height, width, channels) in [-1, 1]."""
        return images_dense.generator(
            shape, self.noise, layers=self.generator_layers, slope=self.slope, seed=seed
        )

    def critic(self, shape: Shape, outputs: int, seed: int) -> keras.Model:
        """Return the critic: (n, height, width, channels) -> (n, outputs)."""
        return images_dense.critic(
            shape,
            outputs,
            layers=self.critic_layers,
            slope=self.slope,
            dropout=self.dropout,
            minibatch=self.minibatch,
            seed=seed,
        )


class Convolutional(Section):
    """Strided convolutions after DCGAN; ``filters`` channels in the stage next to the image.

    ``generator_hidden`` and ``critic_hidden`` are the widths of a dense layer beside the smallest
    grid; with 0 there is none, as DCGAN asks.
    The norms are ``batch``, ``layer`` or ``none``; ``spectral`` is the number of power iterations
    per step in the critic's spectral normalisation, 0 for none, and ``minibatch`` the number of
    kernels of minibatch discrimination. ``spread`` is the standard deviation of the weights' start;
    without it, He's.
    """

    name: Literal["convolutional"] = "convolutional"
    noise: int = Field(64, ge=1)
    filters: int = Field(32, ge=1)
    generator_hidden: int = Field(0, ge=0)
    critic_hidden: int = Field(0, ge=0)
    generator_norm: convolutional.Norm = "batch"
    critic_norm: convolutional.Norm = "batch"
    spectral: int = Field(0, ge=0)
    minibatch: int = Field(0, ge=0)
    slope: float = Field(0.2, ge=0, lt=1)
    spread: float | None = Field(0.02, gt=0)

    @property
    def batchwise(self) -> bool:
        """Whether the critic's score of an image depends on the others of its batch."""
        return self.minibatch > 0 or self.critic_norm == "batch"

    def generator(self, shape: Shape, seed: int) -> keras.Model:
        """Return the generator: (n, noise) -> (n, height, width, channels) in [-1, 1]."""
        return convolutional.generator(
            shape,
            self.noise,
            filters=self.filters,
            hidden=self.generator_hidden,
            norm=self.generator_norm,
            spread=self.spread,
            seed=seed,
        )

    def critic(self, shape: Shape, outputs: int, seed: int) -> keras.Model:
        """Return the critic: (n, height, width, channels) -> (n, outputs)."""
        return convolutional.critic(
            shape,
            outputs,
            filters=self.filters,
            hidden=self.critic_hidden,
            norm=self.critic_norm,
            spectral=self.spectral,
            minibatch=self.minibatch,
            slope=self.slope,
            spread=self.spread,
            seed=seed,
        )


Networks = Dense | Convolutional
