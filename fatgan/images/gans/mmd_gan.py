"""The GAN of a kernel two-sample test."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from fatgan.adversarial.objectives import EmbeddedMMD, Objective
from fatgan.adversarial.penalties import GradientPenalty, Penalty
from fatgan.adversarial.settings import TrainingConfig
from fatgan.images.gans.base import ImageGAN, budget
from fatgan.images.networks import Convolutional, Networks


class MMDGAN(ImageGAN):
    """MMD-GAN: the critic embeds images for a kernel two-sample test (arXiv:1705.08584).

    With a penalty on the slope of the embedding in place of that paper's auto-encoder
    (arXiv:1801.01401 penalises the slope of the witness function instead). Its score is the
    kernel distance (KID), which estimates such a discrepancy without bias.
    """

    gan: Literal["mmd_gan"] = "mmd_gan"
    networks: Networks = Field(Convolutional(critic_norm="none"), discriminator="name")
    objective: Objective = Field(EmbeddedMMD(outputs=16), discriminator="name")
    penalty: Penalty = Field(GradientPenalty(weight=1.0, target=1.0), discriminator="name")
    training: TrainingConfig = budget(learning_rate=1e-4)
