"""What every model bundle says of its network: checksum, device, versions, configuration."""

from __future__ import annotations

import hashlib
import platform
from datetime import UTC, datetime
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from fatgan.adversarial.settings import TrainingConfig
from fatgan.configuration.section import Section
from fatgan.version import __version__


def describe(
    network: keras.Model,
    config: Section,
    *,
    kind: str,
    name: str,
    seed: int,
    training: TrainingConfig,
    course: dict[str, Any],
) -> dict[str, Any]:
    """Return the part of a manifest that no kind of data changes, as plain values.

    Parameters
    ----------
    network
        The generator that the bundle holds.
    config
        How it was trained.
    kind
        What it makes: ``events`` or ``images``.
    name, seed, training
        Of the configuration.
    course
        What the training knows of itself: steps, seconds, the last terms.
    """
    gpus = tf.config.list_physical_devices("GPU")
    return {
        "name": name,
        "kind": kind,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "seed": seed,
        "checksum": _checksum(network),
        "training": {"device": "GPU" if gpus else "CPU", "jit": training.jit, **course},
        "versions": {
            "fatgan": __version__,
            "tensorflow": tf.__version__,
            "keras": keras.__version__,
            "numpy": np.__version__,
            "python": platform.python_version(),
        },
        "config": config.to_dict(),
    }


def _checksum(network: keras.Model) -> str:
    digest = hashlib.sha256()
    for weights in network.get_weights():
        digest.update(np.ascontiguousarray(weights).tobytes())
    return digest.hexdigest()
