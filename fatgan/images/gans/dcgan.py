"""The GAN of convolutions."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from fatgan.adversarial.settings import TrainingConfig
from fatgan.images.gans.base import ImageGAN, budget
from fatgan.images.networks import Convolutional, Networks


class DCGAN(ImageGAN):
    """DCGAN: strided convolutions with batch normalisation (arXiv:1511.06434)."""

    gan: Literal["dcgan"] = "dcgan"
    networks: Networks = Field(Convolutional(), discriminator="name")
    training: TrainingConfig = budget()
