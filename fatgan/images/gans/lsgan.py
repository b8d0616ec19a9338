"""The GAN of least squares."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from fatgan.adversarial.objectives import LeastSquares, Objective
from fatgan.images.gans.base import ImageGAN


class LSGAN(ImageGAN):
    """LSGAN: squares instead of logarithms, which do not saturate (arXiv:1611.04076)."""

    gan: Literal["lsgan"] = "lsgan"
    objective: Objective = Field(LeastSquares(), discriminator="name")
