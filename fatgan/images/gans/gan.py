"""The first GAN."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import keras
import tensorflow as tf
from pydantic import Field

from fatgan.adversarial.keys import key, normal
from fatgan.adversarial.model import AdversarialModel
from fatgan.adversarial.objectives import Minimax
from fatgan.adversarial.settings import TrainingConfig
from fatgan.images.gans.base import ImageGAN, budget
from fatgan.images.image_set import ImageSet
from fatgan.images.networks import Dense, Networks

SAMPLE = 512


class GAN(ImageGAN):
    """GAN: dense networks, minimax or non-saturating loss (arXiv:1406.2661).

    ``objective.saturating`` chooses the paper's minimax loss for the generator instead of the
    form that it recommends.
    """

    gan: Literal["gan"] = "gan"
    networks: Networks = Field(Dense(), discriminator="name")
    training: TrainingConfig = budget(jit=True)

    def evidence(self, model: AdversarialModel, images: ImageSet) -> Mapping[str, float]:
        """Return the size of the generator's gradient under both losses at this critic."""
        noise = normal((SAMPLE, model.generator.input_shape[-1]), key(self.seed, "evidence", 0))
        weights = model.generator.trainable_variables
        found = {"critic's mean D(fake)": float(tf.reduce_mean(tf.sigmoid(_scores(model, noise))))}
        for saturating in (True, False):
            loss = Minimax(saturating=saturating)
            with tf.GradientTape() as tape:
                scores = _scores(model, noise)
                value = loss.generator_loss(scores, scores)
            size = tf.linalg.global_norm(tape.gradient(value, weights))
            name = "minimax" if saturating else "non-saturating"
            found[f"generator's gradient, {name}"] = float(size)
        return found


def _scores(model: AdversarialModel, noise: keras.KerasTensor) -> keras.KerasTensor:
    return model.critic(model.generator(noise, training=False), training=False)
