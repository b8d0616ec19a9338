"""What an exported file says of itself: which model, its inputs and outputs, units and ranges."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
import tensorflow as tf

from fatgan.events.beam_columns import BEAM_COLUMNS, beam_value
from fatgan.generator.export.graph import EventGraph
from fatgan.generator.export.told import UNITS
from fatgan.representations import FeatureTransform
from fatgan.version import __version__

LAYOUT = 1
"""Version of the inputs, the outputs and these entries."""


def describe(graph: EventGraph, manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entries as plain values.

    Parameters
    ----------
    graph
        What the file holds.
    manifest
        Of the model's bundle.
    """
    transform = graph.transform
    normals = f"{graph.noise} independent standard normal numbers for each event, float32"
    if transform.draws_azimuth:
        normals += "; the direction of the last two is the azimuth"
    return {
        "generator": "fatgan",
        "layout": LAYOUT,
        "model": manifest.get("name"),
        "model_checksum": manifest.get("checksum"),
        "versions": {
            **manifest.get("versions", {}),
            "exported_by": {"fatgan": __version__, "tensorflow": tf.__version__},
        },
        "noise": {"count": graph.noise, "law": normals},
        "conditions": [
            {"name": name, "unit": UNITS.get(name, ""), "low": low, "high": high}
            for name, (low, high) in _ranges(transform, graph.columns).items()
        ],
        "trained_ranges": {} if transform.conditions is None else transform.conditions.ranges,
        "columns": {**manifest["columns"], "inside": "bool"},
        "inside": "whether the event lies in the physical and fiducial region; draw others again",
        "frame": f"{transform.collision.frame} beam along +z",
        "collisions": [setting.to_dict() for setting in transform.collision.settings()],
        "fiducial": asdict(transform.fiducial),
        "config": manifest.get("config"),
    }


def _ranges(transform: FeatureTransform, names: tuple[str, ...]) -> dict[str, tuple[float, float]]:
    """Return the smallest and the largest value of each column in the training."""
    known = {} if transform.conditions is None else transform.conditions.ranges
    settings = transform.collision.settings()
    beams = {name: [float(beam_value(name, each)) for each in settings] for name in BEAM_COLUMNS}
    ends = {name: (min(values), max(values)) for name, values in beams.items()}
    return {name: known.get(name, ends.get(name, (-np.inf, np.inf))) for name in names}
