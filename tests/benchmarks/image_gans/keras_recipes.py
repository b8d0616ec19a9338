"""Two recipes of the Keras documentation, rebuilt from its description for 28 x 28 digits.

They run in the same loop as ours, which is quicker than theirs, and without an average of the
weights, which they do not have. What differs is the networks and the course.
"""

from __future__ import annotations

from typing import Any, Literal

import keras
from pydantic import Field

from fatgan.adversarial.mmd import MMD
from fatgan.adversarial.model import AdversarialModel
from fatgan.adversarial.objectives import Objective, Wasserstein
from fatgan.adversarial.penalties import GradientPenalty, Penalty
from fatgan.adversarial.settings import TrainingConfig
from fatgan.images.gans.base import ImageGAN, Shape, budget
from fatgan.networks.dropout import ResumableDropout
from fatgan.networks.seeds import Seeds

NOISE = 128
SLOPE = 0.2


class KerasRecipe(ImageGAN):
    """A recipe with networks of its own."""

    def build(self, shape: Shape) -> AdversarialModel:
        """Return the compiled model."""
        seeds = Seeds(self.seed)
        model = AdversarialModel(
            self.new_generator(shape, seeds),
            self.new_critic(shape, seeds),
            self.objective,
            self.penalty,
            MMD(weight=0),
            critic_steps=self.training.critic_steps,
            averaging=self.training.averaging,
            seed=self.seed,
        )
        optimizers = (self.training.new_optimizer(), self.training.new_optimizer())
        model.compile(*optimizers, jit_compile=self.training.jit)
        return model

    def new_generator(self, shape: Shape, seeds: Seeds) -> keras.Model:
        """Return the generator."""
        raise NotImplementedError

    def new_critic(self, shape: Shape, seeds: Seeds) -> keras.Model:
        """Return the critic."""
        raise NotImplementedError


def _start(seeds: Seeds) -> dict[str, Any]:
    return {"kernel_initializer": keras.initializers.GlorotUniform(seed=seeds())}


def _leaky() -> keras.layers.Layer:
    return keras.layers.LeakyReLU(negative_slope=SLOPE)


class KerasDCGAN(KerasRecipe):
    """DCGAN as in keras.io/examples/generative/dcgan_overriding_train_step, from 64 to 28 pixels.

    Two of its three doublings are left, from 7 x 7; its noise on the labels is left out. tanh
    stands for the sigmoid, since images here are between -1 and 1.
    """

    gan: Literal["keras_dcgan"] = "keras_dcgan"
    training: TrainingConfig = budget(
        batch=32, learning_rate=1e-4, beta_1=0.9, beta_2=0.999, averaging=0.0
    )

    def new_generator(self, shape: Shape, seeds: Seeds) -> keras.Model:
        """Return dense 7 x 7 x 128, two transposed convolutions, one convolution."""
        side = shape[0] // 4
        x = start = keras.Input((NOISE,))
        x = keras.layers.Dense(side * side * 128, **_start(seeds))(x)
        x = keras.layers.Reshape((side, side, 128))(x)
        for filters in (128, 256):
            x = keras.layers.Conv2DTranspose(filters, 4, 2, padding="same", **_start(seeds))(x)
            x = _leaky()(x)
        x = keras.layers.Conv2D(shape[2], 5, padding="same", activation="tanh", **_start(seeds))(x)
        return keras.Model(start, x, name="generator")

    def new_critic(self, shape: Shape, seeds: Seeds) -> keras.Model:
        """Return three strided convolutions, dropout, one number."""
        x = start = keras.Input(shape)
        for filters in (64, 128, 128):
            x = keras.layers.Conv2D(filters, 4, 2, padding="same", **_start(seeds))(x)
            x = _leaky()(x)
        x = ResumableDropout(0.2, seed=seeds())(keras.layers.Flatten()(x))
        return keras.Model(start, keras.layers.Dense(1, **_start(seeds))(x), name="critic")


class KerasWGANGP(KerasRecipe):
    """WGAN-GP as in keras.io/examples/generative/wgan_gp, whose images are of 28 x 28 as well."""

    gan: Literal["keras_wgan_gp"] = "keras_wgan_gp"
    objective: Objective = Field(Wasserstein(), discriminator="name")
    penalty: Penalty = Field(GradientPenalty(weight=10.0, target=1.0), discriminator="name")
    training: TrainingConfig = budget(
        batch=512,
        critic_steps=3,
        learning_rate=2e-4,
        beta_1=0.5,
        beta_2=0.9,
        averaging=0.0,
        # a step takes half a minute of a core, and the budget is looked at between calls
        steps_per_call=1,
    )

    def new_generator(self, shape: Shape, seeds: Seeds) -> keras.Model:
        """Return dense 4 x 4 x 256, three upsamplings with convolutions, and the middle of it."""
        x = start = keras.Input((NOISE,))
        x = keras.layers.Dense(4 * 4 * 256, use_bias=False, **_start(seeds))(x)
        x = keras.layers.Reshape((4, 4, 256))(_leaky()(keras.layers.BatchNormalization()(x)))
        for filters in (128, 64, shape[2]):
            last = filters == shape[2]
            x = keras.layers.UpSampling2D()(x)
            x = keras.layers.Conv2D(filters, 3, padding="same", use_bias=False, **_start(seeds))(x)
            x = keras.layers.BatchNormalization()(x)
            x = keras.layers.Activation("tanh")(x) if last else _leaky()(x)
        above, left = ((32 - size) // 2 for size in shape[:2])
        return keras.Model(start, keras.layers.Cropping2D((above, left))(x), name="generator")

    def new_critic(self, shape: Shape, seeds: Seeds) -> keras.Model:
        """Return the image with a margin, four strided convolutions with dropout, one number."""
        x = start = keras.Input(shape)
        x = keras.layers.ZeroPadding2D(tuple((32 - size) // 2 for size in shape[:2]))(x)
        for filters, dropped in ((64, 0.0), (128, 0.3), (256, 0.3), (512, 0.0)):
            x = _leaky()(keras.layers.Conv2D(filters, 5, 2, padding="same", **_start(seeds))(x))
            x = ResumableDropout(dropped, seed=seeds())(x) if dropped else x
        x = ResumableDropout(0.2, seed=seeds())(keras.layers.Flatten()(x))
        return keras.Model(start, keras.layers.Dense(1, **_start(seeds))(x), name="critic")


RECIPES = (KerasDCGAN(), KerasWGANGP())
