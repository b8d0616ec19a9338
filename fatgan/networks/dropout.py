"""Dropout whose random state travels with the weights."""

from __future__ import annotations

from typing import Any

import keras


@keras.saving.register_keras_serializable(package="fatgan")
class ResumableDropout(keras.layers.Dropout):
    """Keras' dropout, with the state of its random numbers saved in the ``.keras`` file.

    Keras saves a layer's weights only: a resumed training would repeat the draws of its start.
    """

    def save_own_variables(self, store: Any) -> None:
        """Save the state of the random numbers, uint32 of shape (2,)."""
        if self.rate > 0:
            store["state"] = keras.ops.convert_to_numpy(self.seed_generator.state)

    def load_own_variables(self, store: Any) -> None:
        """Restore it."""
        if self.rate > 0:
            self.seed_generator.state.assign(store["state"])
