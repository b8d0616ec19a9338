"""The transform as Keras layers: what a generator's output passes, and what a critic sees."""

from __future__ import annotations

from typing import Any

import keras
from keras import ops

from fatgan.representations.transform import FeatureTransform


@keras.saving.register_keras_serializable(package="fatgan")
class UnitCircle(keras.layers.Layer):
    """Put the last two features on the unit circle: (cos phi, sin phi) of a learned angle."""

    def call(self, features: Any) -> Any:
        """Map features (n, d) to (n, d)."""
        pair = features[:, -2:]
        # epsilon inside the root: its slope at zero is infinite
        length = ops.sqrt(ops.sum(pair * pair, axis=-1, keepdims=True) + 1e-12)
        return ops.concatenate([features[:, :-2], pair / length], axis=-1)


@keras.saving.register_keras_serializable(package="fatgan")
class CriticView(keras.layers.Layer):
    """Append the augmented features: (n, dimension) to (n, view_dimension).

    A conditional one is called with ``[features, conditions]``, the latter (n, c) and scaled.
    """

    def __init__(self, transform: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._entries = transform
        self._transform = FeatureTransform.from_dict(transform)

    def call(self, inputs: Any) -> Any:
        """Return features with the standardised augmented ones behind them."""
        features, conditions = inputs if isinstance(inputs, list | tuple) else (inputs, None)
        columns = ops.unstack(features, self._transform.dimension, axis=-1)
        augmented = self._transform.augmented(columns, ops, conditions)
        return ops.concatenate([features, ops.stack(augmented, -1)], -1) if augmented else features

    def get_config(self) -> dict[str, Any]:
        """Return what rebuilds the layer."""
        return {**super().get_config(), "transform": self._entries}
