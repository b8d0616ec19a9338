"""The settings of a training: optimizers, budget and schedule."""

from __future__ import annotations

from typing import Literal, Self

import keras
from pydantic import Field, model_validator

from fatgan.configuration.section import Section


class TrainingConfig(Section):
    """The course of a training. ``max_seconds`` counts wall time, compilation included.

    Both players have the optimizer; of ``rmsprop`` ``beta_2`` is the decay of the mean square.
    ``stop_at_floor`` ends the training when the distance to the selection rows was below its
    error at three checks running. It saves time, and gives up the annealing that was still to
    come, which makes a generator better also where the rows are too few to see it: 10,000 of them
    see a divergence of 0.001, which is reached early.
    """

    batch: int = Field(1024, ge=2)
    critic_steps: int = Field(1, ge=1)
    optimizer: Literal["adam", "rmsprop"] = "adam"
    learning_rate: float = Field(1e-3, gt=0)
    beta_1: float = Field(0.0, ge=0, lt=1)
    beta_2: float = Field(0.99, ge=0, lt=1)
    decay_to: float = Field(0.1, gt=0, le=1)
    averaging: float = Field(0.9999, ge=0, lt=1)
    max_steps: int = Field(20_000, ge=1)
    max_seconds: float | None = Field(None, gt=0)
    stop_at_floor: bool = False
    steps_per_call: int = Field(50, ge=1)
    jit: bool = True

    @model_validator(mode="after")
    def _has_no_momentum(self) -> Self:
        if self.optimizer == "rmsprop" and self.beta_1:
            raise ValueError("beta_1 is Adam's: leave it out with rmsprop")
        return self

    def new_optimizer(self) -> keras.optimizers.Optimizer:
        """Return one player's optimizer."""
        if self.optimizer == "rmsprop":
            return keras.optimizers.RMSprop(self.learning_rate, rho=self.beta_2)
        return keras.optimizers.Adam(self.learning_rate, self.beta_1, self.beta_2)
