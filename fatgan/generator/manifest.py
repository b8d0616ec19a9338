"""What a model bundle says of itself: data, training, versions."""

from __future__ import annotations

import hashlib
import platform
from datetime import UTC, datetime
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from fatgan.generator.config import RunConfig
from fatgan.generator.data import Split
from fatgan.representations import FeatureTransform
from fatgan.version import __version__


def describe(
    config: RunConfig,
    transform: FeatureTransform,
    data: Split,
    network: keras.Model,
    course: dict[str, Any],
) -> dict[str, Any]:
    """Return the manifest of a network, as plain values.

    Parameters
    ----------
    config, transform, data
        What was trained how, and on which rows.
    network
        The generator that the bundle holds.
    course
        What the training knows of itself: steps, seconds, the last terms, the choice.
    """
    gpus = tf.config.list_physical_devices("GPU")
    return {
        "name": config.name,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": config.seed,
        "checksum": _checksum(network),
        "columns": {"px": "GeV", "py": "GeV", "pz": "GeV", "E": "GeV"},
        "data": {
            "provenance": dict(data.training.provenance),
            "rows": len(data.training),
            "held_out": len(data.held_out),
            "selection": len(data.selection),
        },
        "training": {
            "device": "GPU" if gpus else "CPU",
            "jit": config.training.jit,
            **course,
        },
        "versions": {
            "fatgan": __version__,
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
        "config": config.to_dict(),
        "transform": transform.to_dict(),
    }


def _checksum(network: keras.Model) -> str:
    digest = hashlib.sha256()
    for weights in network.get_weights():
        digest.update(np.ascontiguousarray(weights).tobytes())
    return digest.hexdigest()
