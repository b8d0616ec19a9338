"""Minibatch discrimination: a critic that sees how close the events of a batch are."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops


@keras.saving.register_keras_serializable(package="fatgan")
class MinibatchDiscrimination(keras.layers.Layer):
    """Append to each row's features how near the other rows of its batch are to it.

    T. Salimans et al. (arXiv:1606.03498, section 3.2): with a learned tensor T of shape
    (features, kernels, dimension) and M_i = f_i T, appended are
    o_ib = sum_j exp(-|M_ib - M_jb|_1), the row itself included. A generator that makes one event
    over and over gives itself away. Real and fake batches must come one by one
    (``batches_apart``); the work grows as the square of the batch.

    Parameters
    ----------
    kernels
        How many numbers are appended: (n, features) -> (n, features + kernels).
    dimension
        Of the space in which each kernel takes its distances.
    spread
        Standard deviation of T's start.
    seed
        Of T's start.
    """

    def __init__(
        self,
        kernels: int = 32,
        dimension: int = 5,
        *,
        spread: float = 0.05,
        seed: int = 0,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.kernels, self.dimension, self.spread, self.seed = kernels, dimension, spread, seed

    def build(self, input_shape: Any) -> None:
        """Create T, as a matrix."""
        self.tensor = self.add_weight(
            (input_shape[-1], self.kernels * self.dimension),
            keras.initializers.RandomNormal(stddev=self.spread, seed=self.seed),
            name="tensor",
        )

    def call(self, inputs: Any) -> Any:
        """Append the sums over the batch: (n, features) -> (n, features + kernels)."""
        points = ops.matmul(inputs, self.tensor)
        points = ops.reshape(points, (-1, self.kernels, self.dimension))
        distances = ops.sum(ops.abs(points[:, None] - points[None, :]), axis=-1)
        return ops.concatenate([inputs, ops.sum(ops.exp(-distances), axis=1)], axis=-1)

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return (n, features + kernels)."""
        return (*input_shape[:-1], input_shape[-1] + self.kernels)

    def get_config(self) -> dict[str, Any]:
        """Return what rebuilds the layer."""
        return {
            **super().get_config(),
            "kernels": self.kernels,
            "dimension": self.dimension,
            "spread": self.spread,
            "seed": self.seed,
        }
