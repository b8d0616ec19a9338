"""What every image GAN is: a configuration that can build its model and show that it works."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import Field, model_validator

from fatgan.adversarial.mmd import MMD
from fatgan.adversarial.model import AdversarialModel
from fatgan.adversarial.objectives import Minimax, Objective
from fatgan.adversarial.penalties import NoPenalty, Penalty
from fatgan.adversarial.settings import TrainingConfig
from fatgan.configuration.section import Section
from fatgan.images.image_set import ImageSet
from fatgan.images.networks import Convolutional, Networks

Shape = tuple[int, int, int]
"""Height, width and channels."""


class ImageDataConfig(Section):
    """Which images to learn: a data set's name or a path, as for ``fatgan.images.datasets.load``.

    ``held_out`` images (at most a fifth of all) never enter the training: scores use them. They
    are the same for all seeds.
    """

    source: str = "mnist5k"
    limit: int | None = Field(None, gt=0)
    held_out: int = Field(1000, ge=1)


def budget(**settings: Any) -> TrainingConfig:
    """Return the course of an image GAN's training: ten minutes, unless the settings differ.

    Rates stay as they are to the end, as in the papers; the average of the generator's weights
    anneals instead.
    """
    common = {
        "batch": 64,
        "learning_rate": 2e-4,
        "beta_1": 0.5,
        "beta_2": 0.999,
        "decay_to": 1.0,
        "averaging": 0.999,
        "steps_per_call": 20,
        # XLA's convolutions take nine times as long as TensorFlow's on a CPU
        "jit": False,
        "max_steps": 100_000,
        "max_seconds": 600.0,
    }
    return TrainingConfig(**{**common, **settings})


class ImageGAN(Section):
    """Base of the image GANs. A subclass gives its name and its defaults, in its own file.

    Its fields are the keys of its configuration. The docstring's first line is what
    ``fatgan image list`` says of it.
    """

    gan: str = ""
    name: str = ""
    out: Path | None = None
    seed: int = Field(0, ge=0, lt=2**31)
    data: ImageDataConfig = ImageDataConfig()
    networks: Networks = Field(Convolutional(), discriminator="name")
    objective: Objective = Field(Minimax(), discriminator="name")
    penalty: Penalty = Field(NoPenalty(), discriminator="name")
    training: TrainingConfig = budget()
    grid: int = Field(64, ge=1)

    @model_validator(mode="after")
    def _has_no_floor(self) -> Self:
        if self.training.stop_at_floor:
            raise ValueError("training.stop_at_floor is for events: no image is kept to choose by")
        return self

    @property
    def folder(self) -> Path:
        """The run's folder: ``out``, or ``runs/images/`` and the name."""
        return self.out or Path("runs") / "images" / (self.name or self.gan)

    def build(self, shape: Shape) -> AdversarialModel:
        """Return the compiled model for images of (height, width, channels)."""
        training = self.training
        model = AdversarialModel(
            self.networks.generator(shape, self.seed),
            self.networks.critic(shape, self.objective.outputs, self.seed + 1),
            self.objective,
            self.penalty,
            MMD(weight=0),
            critic_steps=training.critic_steps,
            averaging=training.averaging,
            batches_apart=self.networks.batchwise,
            seed=self.seed,
        )
        optimizers = (training.new_optimizer(), training.new_optimizer())
        model.compile(*optimizers, jit_compile=training.jit)
        return model

    def evidence(self, model: AdversarialModel, images: ImageSet) -> Mapping[str, float]:
        """Return numbers that show whether this GAN's own idea works, by name.

        Parameters
        ----------
        model
            At the end of its training; it is left as it is.
        images
            What it has learned.
        """
        return {}
