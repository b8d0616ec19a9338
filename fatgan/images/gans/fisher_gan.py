"""The GAN of the Fisher distance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from pydantic import Field

from fatgan.adversarial.keys import key, normal
from fatgan.adversarial.model import AdversarialModel
from fatgan.adversarial.objectives import Fisher, Objective
from fatgan.adversarial.settings import TrainingConfig
from fatgan.images.gans.base import ImageGAN, budget
from fatgan.images.image_set import ImageSet, to_unit
from fatgan.images.networks import Convolutional, Networks

MOST = 1024


class FisherGAN(ImageGAN):
    """Fisher GAN: the critic's second moment is held at 1 by a multiplier (arXiv:1705.09675)."""

    gan: Literal["fisher_gan"] = "fisher_gan"
    networks: Networks = Field(Convolutional(critic_norm="none"), discriminator="name")
    objective: Objective = Field(Fisher(), discriminator="name")
    # at a constant rate the second moment swings by 20 to 50 % around 1
    training: TrainingConfig = budget(critic_steps=2, decay_to=0.05)

    def evidence(self, model: AdversarialModel, images: ImageSet) -> Mapping[str, float]:
        """Return the constraint, (E[D(real)^2] + E[D(fake)^2])/2: 1, if it holds."""
        real = to_unit(images.images[:MOST])
        noise = normal((len(real), model.generator.input_shape[-1]), key(self.seed, "evidence", 0))
        kept = model.generator.get_weights()
        # as in training: batch norm by the batch's own moments, whose averages it then moves
        fake = model.generator(noise, training=True)
        model.generator.set_weights(kept)
        scores = [model.critic(x, training=False).numpy() for x in (real, fake)]
        return {"constraint": float(sum(np.mean(score**2) for score in scores) / 2)}
