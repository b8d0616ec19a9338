"""Spectral normalisation: a layer whose kernel has a largest singular value of 1."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

_TRANSPOSED = (keras.layers.Conv1DTranspose, keras.layers.Conv2DTranspose)


@keras.saving.register_keras_serializable(package="fatgan")
class SpectralNormalization(keras.layers.Wrapper):
    """A dense or convolutional layer that works with W/sigma in place of its kernel W.

    T. Miyato et al. (arXiv:1802.05957): sigma is the largest singular value of W as a matrix of
    one column per output channel, followed by a power iteration while W changes. Gradients pass
    through sigma = v^T W u with both vectors held, which is its exact slope once they have
    converged. The kernel itself is left as the optimizer makes it; Keras' layer of that name
    overwrites it with W/sigma, and takes sigma for a constant.

    Parameters
    ----------
    layer
        What has a ``kernel``: Dense, Conv or ConvTranspose.
    iterations
        Power iterations per call. Their result is kept at training calls only.
    seed
        Of the vector that the iteration starts from.
    """

    def __init__(
        self, layer: keras.layers.Layer, *, iterations: int = 1, seed: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(layer, **kwargs)
        self.iterations, self.seed = iterations, seed

    def build(self, input_shape: Any) -> None:
        """Build the layer, and a start for the vector of its output channels."""
        super().build(input_shape)
        if not hasattr(self.layer, "kernel"):
            raise ValueError(f"{self.layer.name} has no kernel to normalise")
        self.u = self.add_weight(
            (self._matrix(self.layer.kernel).shape[1],),
            keras.initializers.RandomNormal(stddev=1.0, seed=self.seed),
            trainable=False,
            name="u",
        )

    def call(self, inputs: Any, training: bool | None = None) -> Any:
        """Apply the layer with its normalised kernel."""
        kernel = ops.convert_to_tensor(self.layer.kernel)
        kernel = kernel / self._sigma(self._matrix(kernel), bool(training))

        def put(variables: list[Any]) -> list[Any]:
            return [kernel if item is self.layer.kernel else item for item in variables]

        # The public way to call a layer with other values than its variables'.
        outputs, _ = self.layer.stateless_call(
            put(self.layer.trainable_variables), put(self.layer.non_trainable_variables), inputs
        )
        return outputs

    def normalised_matrix(self) -> Any:
        """Return W/sigma as :meth:`call` uses it, shape (all else, output channels)."""
        matrix = self._matrix(ops.convert_to_tensor(self.layer.kernel))
        return ops.convert_to_numpy(matrix / self._sigma(matrix, training=False))

    def _matrix(self, kernel: Any) -> Any:
        """Return the kernel as a matrix of shape (all else, output channels)."""
        if isinstance(self.layer, _TRANSPOSED):
            kernel = ops.swapaxes(kernel, -1, -2)
        return ops.reshape(kernel, (-1, kernel.shape[-1]))

    def _sigma(self, matrix: Any, training: bool) -> Any:
        """Return the largest singular value, a scalar."""
        held = ops.stop_gradient(matrix)
        # An average of the weights holds an average of this vector, which is no unit vector.
        u = ops.normalize(ops.convert_to_tensor(self.u), axis=0)
        v = ops.matmul(held, u)
        for _ in range(self.iterations):
            v = ops.normalize(v, axis=0)
            u = ops.normalize(ops.matmul(v, held), axis=0)
            v = ops.matmul(held, u)
        if training:
            self.u.assign(u)
        v = ops.normalize(v, axis=0)
        return ops.maximum(ops.sum(v * ops.matmul(matrix, u)), keras.config.epsilon())

    def compute_output_shape(self, input_shape: Any) -> Any:
        """Return the layer's."""
        return self.layer.compute_output_shape(input_shape)

    def get_config(self) -> dict[str, Any]:
        """Return what rebuilds the layer."""
        return {**super().get_config(), "iterations": self.iterations, "seed": self.seed}
