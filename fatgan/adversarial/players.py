"""Two players with an optimizer each, as Keras compiles, saves and restores them."""

from __future__ import annotations

from typing import Any

import keras


class Players(keras.Model):
    """Base of a model with a ``critic`` and a ``generator``, which take their steps in turn."""

    critic: keras.Model
    generator: keras.Model

    def compile(
        self,
        critic_optimizer: keras.optimizers.Optimizer,
        generator_optimizer: keras.optimizers.Optimizer,
        jit_compile: bool = True,
    ) -> None:
        """Give each player its own optimizer.

        Both are built here, so that their slots are saved and restored with the model.
        """
        super().compile(optimizer=None, jit_compile=jit_compile)
        critic_optimizer.build(self.critic.trainable_variables)
        generator_optimizer.build(self.generator.trainable_variables)
        self.critic_optimizer = critic_optimizer
        self.generator_optimizer = generator_optimizer

    def get_compile_config(self) -> dict[str, Any]:
        """Return both optimizers, for saving."""
        return {
            "critic_optimizer": keras.saving.serialize_keras_object(self.critic_optimizer),
            "generator_optimizer": keras.saving.serialize_keras_object(self.generator_optimizer),
            "jit_compile": self.jit_compile,
        }

    def compile_from_config(self, config: dict[str, Any]) -> None:
        """Restore what :meth:`get_compile_config` saved."""
        self.compile(
            keras.saving.deserialize_keras_object(config["critic_optimizer"]),
            keras.saving.deserialize_keras_object(config["generator_optimizer"]),
            jit_compile=config["jit_compile"],
        )

    @property
    def step(self) -> Any:
        """The number of steps taken: the generator's optimizer counts them, and saves them."""
        return self.generator_optimizer.iterations
