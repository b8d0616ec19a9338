"""The GAN with spectral normalisation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from pydantic import Field

from fatgan.adversarial.model import AdversarialModel
from fatgan.adversarial.objectives import Hinge, Objective
from fatgan.adversarial.settings import TrainingConfig
from fatgan.images.gans.base import ImageGAN, budget
from fatgan.images.image_set import ImageSet
from fatgan.images.networks import Convolutional, Networks
from fatgan.networks.spectral import SpectralNormalization


class SNGAN(ImageGAN):
    """SNGAN: every layer of the critic divided by its largest singular value (arXiv:1802.05957)."""

    gan: Literal["sngan"] = "sngan"
    # with one power iteration, as in the paper, the first layer's largest singular value was 1.04
    networks: Networks = Field(Convolutional(critic_norm="none", spectral=3), discriminator="name")
    objective: Objective = Field(Hinge(), discriminator="name")
    training: TrainingConfig = budget()

    def evidence(self, model: AdversarialModel, images: ImageSet) -> Mapping[str, float]:
        """Return the largest singular values of the critic's layers, after division: 1 each."""
        layers = [item for item in model.critic.layers if isinstance(item, SpectralNormalization)]
        return {
            f"largest singular value, layer {number}": float(
                np.linalg.norm(layer.normalised_matrix(), ord=2)
            )
            for number, layer in enumerate(layers, start=1)
        }
