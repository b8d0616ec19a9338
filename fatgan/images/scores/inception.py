"""Inception-v3 as feature network, where its weights are at hand; nothing is downloaded."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError
from fatgan.images.image_set import HALF
from fatgan.images.scores.features import INCEPTION, FeatureNetwork

WEIGHTS = "inception_v3_weights_tf_dim_ordering_tf_kernels.h5"
"""Name of the file that Keras downloads."""
SIDE = 299
DIMENSION = 2048
PREDICTED = 64
"""Images evaluated at once."""


def inception_network(weights: Path | None = None) -> FeatureNetwork:
    """Return Inception-v3, trained on ImageNet: C. Szegedy et al., arXiv:1512.00567.

    The features are those of the last pooling, the probabilities those of ImageNet's classes.
    Images are brought to 299 x 299 pixels bilinearly, grey ones to three equal channels. These
    are the weights of ``keras.applications``, not those of 2015 that most published FIDs stand
    on: such values differ.

    Parameters
    ----------
    weights
        A file of weights with the classes on top; by default Keras' own cache.

    Raises
    ------
    DataError
        The weights are not there or are not those of Inception-v3.
    """
    path = weights or _cached()
    if not path.is_file():
        raise DataError(
            f"{path}: the weights of Inception-v3 are not there; give the file {WEIGHTS}, fetch "
            'it with: python -c "import keras; keras.applications.InceptionV3()", or score with '
            "a classifier trained on the data"
        )
    if not h5py.is_hdf5(path):
        raise DataError(f"{path}: not an HDF5 file with weights of Inception-v3")
    network = _built(path)

    def forward(images: NDArray[np.uint8]) -> tuple[NDArray[Any], NDArray[Any]]:
        outputs = network.predict(as_colour(images), batch_size=PREDICTED, verbose=0)
        return outputs["features"], outputs["probabilities"]

    return FeatureNetwork(INCEPTION, DIMENSION, forward)


def as_colour(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return three channels: grey images have three equal ones."""
    return np.repeat(images, 3, axis=3) if images.shape[3] == 1 else images


def _cached() -> Path:
    home = os.environ.get("KERAS_HOME")
    return (Path(home) if home else Path.home() / ".keras") / "models" / WEIGHTS


def _built(path: Path) -> keras.Model:
    try:
        body = keras.applications.InceptionV3(weights=str(path))
    except (OSError, ValueError, KeyError) as error:
        raise DataError(f"{path}: not the weights of Inception-v3 with its classes") from error
    pooled = keras.Model(
        body.input,
        {"features": body.get_layer("avg_pool").output, "probabilities": body.output},
    )
    images = keras.Input((None, None, 3))
    x = keras.layers.Resizing(SIDE, SIDE, interpolation="bilinear")(images)
    x = keras.layers.Rescaling(1 / HALF, offset=-1.0)(x)
    return keras.Model(images, pooled(x))
