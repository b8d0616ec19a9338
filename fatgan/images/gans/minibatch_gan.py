"""The GAN whose critic sees how much the images of a batch differ."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from fatgan.images.gans.base import ImageGAN
from fatgan.images.networks import Convolutional, Networks


class MinibatchGAN(ImageGAN):
    """Minibatch discrimination: the critic sees the variety of its batch (arXiv:1606.03498)."""

    gan: Literal["minibatch_gan"] = "minibatch_gan"
    networks: Networks = Field(Convolutional(minibatch=16), discriminator="name")
