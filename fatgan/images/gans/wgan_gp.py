"""The Wasserstein GAN with a gradient penalty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from fatgan.adversarial.model import AdversarialModel
from fatgan.adversarial.objectives import Objective, Wasserstein
from fatgan.adversarial.penalties import GradientPenalty, Penalty
from fatgan.adversarial.settings import TrainingConfig
from fatgan.images.gans.base import ImageGAN, budget
from fatgan.images.gans.slopes import slopes
from fatgan.images.image_set import ImageSet
from fatgan.images.networks import Convolutional, Networks


class WGANGP(ImageGAN):
    """WGAN-GP: the earth-mover distance, the critic's slope penalised (arXiv:1704.00028)."""

    gan: Literal["wgan_gp"] = "wgan_gp"
    networks: Networks = Field(
        Convolutional(
            filters=16, generator_hidden=256, critic_hidden=256, critic_norm="none", spread=None
        ),
        discriminator="name",
    )
    objective: Objective = Field(Wasserstein(), discriminator="name")
    penalty: Penalty = Field(GradientPenalty(weight=10.0, target=1.0), discriminator="name")
    training: TrainingConfig = budget(critic_steps=1, learning_rate=5e-4, beta_1=0.0, beta_2=0.9)

    def evidence(self, model: AdversarialModel, images: ImageSet) -> Mapping[str, float]:
        """Return mean and spread of the slope between real and generated images: 1, if it works."""
        found = slopes(model, images, self.seed)
        return {
            "slope between images, mean": float(found.mean()),
            "slope between images, spread": float(found.std()),
        }
