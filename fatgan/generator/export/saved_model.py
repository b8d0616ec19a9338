"""SavedModel: a folder that TensorFlow runs, from its C API too, without Keras or this package."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from tensorflow.core.protobuf import saved_model_pb2

from fatgan.atomic import disk_named
from fatgan.generator.export.check import Made, Sampler
from fatgan.generator.export.graph import OUTPUTS, EventGraph

SIGNATURE = "serving_default"
MARK = "saved_model.pb"
"""What every such folder holds."""
DESCRIPTION = Path("assets.extra") / "fatgan.json"
"""Where TensorFlow leaves room for what others want to say."""


def write_saved_model(graph: EventGraph, description: Mapping[str, Any], path: Path) -> None:
    """Write the graph and its description into a folder that must not be there.

    Raises
    ------
    DataError
        The folder cannot be written.
    """
    archive = keras.export.ExportArchive()
    archive.track(graph.network)
    archive.add_endpoint("events", graph.function())
    with disk_named(path):
        archive.write_out(str(path), verbose=False)
        entries = {**description, "tensors": _tensors(path)}
        (path / DESCRIPTION).parent.mkdir()
        (path / DESCRIPTION).write_text(json.dumps(entries, indent=1), encoding="utf-8")


def _tensors(path: Path) -> dict[str, str]:
    """Return what TensorFlow's C API calls the inputs and outputs: ``operation:output``."""
    saved = saved_model_pb2.SavedModel.FromString((path / MARK).read_bytes())
    signature = saved.meta_graphs[0].signature_def[SIGNATURE]
    both = {**signature.inputs, **signature.outputs}
    return {name: both[name].name for name in ("noise", "conditions", *OUTPUTS) if name in both}


def open_saved_model(path: Path) -> Sampler:
    """Return the folder's signature as a function of its inputs."""
    events = tf.saved_model.load(str(path)).signatures[SIGNATURE]

    def sample(**inputs: NDArray[Any]) -> Made:
        made = events(**{name: tf.constant(value) for name, value in inputs.items()})
        return {name: np.asarray(made[name]) for name in OUTPUTS}

    return sample
