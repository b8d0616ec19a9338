"""ONNX: one file that onnxruntime runs from C++, Python, Java and others."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fatgan.atomic import disk_named
from fatgan.errors import MissingExtraError
from fatgan.generator.export.check import Made, Sampler
from fatgan.generator.export.graph import OUTPUTS, EventGraph
from fatgan.version import __version__

OPSET = 17
"""Of ONNX 1.12 (2022): old enough for most runtimes."""

PACKAGES = ("onnx", "onnxruntime", "tf2onnx")


def check_installed() -> None:
    """Refuse to begin where a package is missing.

    Raises
    ------
    MissingExtraError
        One of :data:`PACKAGES`.
    """
    for package in PACKAGES:
        _module(package)


def write_onnx(graph: EventGraph, description: Mapping[str, Any], path: Path) -> None:
    """Write the graph with its description as metadata, one key per entry, in JSON.

    Raises
    ------
    MissingExtraError
        A package is not installed.
    DataError
        The file cannot be written.
    """
    converter = _module("tf2onnx")
    # it speaks of every pass over the graph
    logging.getLogger("tf2onnx").setLevel(logging.ERROR)
    model, _ = converter.convert.from_function(
        graph.function(),
        input_signature=graph.signature,
        opset=OPSET,
        # its own rule sends logarithms through float32, which onnxruntime no longer needs
        custom_op_handlers={"Log": (lambda ctx, node, name, args: node, [])},
    )
    _settle(model)
    for key, value in description.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value if isinstance(value, str) else json.dumps(value)
    _module("onnx").checker.check_model(model, full_check=True)
    with disk_named(path):
        path.write_bytes(model.SerializeToString())


def open_onnx(path: Path) -> Sampler:
    """Return the file as a function of its inputs."""
    runtime = _module("onnxruntime")
    options = runtime.SessionOptions()
    options.log_severity_level = 3
    session = runtime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])

    def sample(**inputs: NDArray[Any]) -> Made:
        return dict(zip(OUTPUTS, map(np.asarray, session.run(OUTPUTS, inputs)), strict=True))

    return sample


def _settle(model: Any) -> None:
    """Put the outputs in order, name the rows, and say who made the file."""
    model.producer_name, model.producer_version = "fatgan", __version__
    model.graph.name = "events"
    ordered = sorted(model.graph.output, key=lambda output: OUTPUTS.index(output.name))
    kept = [type(output).FromString(output.SerializeToString()) for output in ordered]
    del model.graph.output[:]
    model.graph.output.extend(kept)
    for value in (*model.graph.input, *model.graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "events"


def _module(package: str) -> Any:
    try:
        return import_module(package)
    except ImportError:
        raise MissingExtraError(package, "onnx") from None
