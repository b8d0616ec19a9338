"""The Wasserstein GAN with clipped weights."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from pydantic import Field

from fatgan.adversarial.model import AdversarialModel
from fatgan.adversarial.objectives import Objective, Wasserstein
from fatgan.adversarial.penalties import Penalty, WeightClipping
from fatgan.adversarial.settings import TrainingConfig
from fatgan.images.gans.base import ImageGAN, budget
from fatgan.images.image_set import ImageSet
from fatgan.images.networks import Convolutional, Networks

NEAR = 0.99
"""A weight beyond this share of the limit is at the limit."""


class WGAN(ImageGAN):
    """WGAN: the earth-mover distance, with clipped weights and RMSProp (arXiv:1701.07875).

    The critic has no batch normalisation: its score is one image's own.
    """

    gan: Literal["wgan"] = "wgan"
    networks: Networks = Field(Convolutional(critic_norm="none"), discriminator="name")
    objective: Objective = Field(Wasserstein(), discriminator="name")
    penalty: Penalty = Field(WeightClipping(limit=0.01), discriminator="name")
    training: TrainingConfig = budget(
        optimizer="rmsprop", learning_rate=5e-5, beta_1=0.0, beta_2=0.99, critic_steps=5
    )

    def evidence(self, model: AdversarialModel, images: ImageSet) -> Mapping[str, float]:
        """Return the share of the critic's weights that lie at the limit of the clipping."""
        weights = [np.ravel(w.numpy()) for w in model.critic.trainable_variables]
        if not isinstance(self.penalty, WeightClipping):
            return {}
        at_limit = np.abs(np.concatenate(weights)) > NEAR * self.penalty.limit
        return {"share of weights at +-c": float(np.mean(at_limit))}
