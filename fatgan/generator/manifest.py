"""What the bundle of an event generator says of itself besides: columns, data, transform."""

from __future__ import annotations

from typing import Any

import keras

from fatgan.adversarial.description import describe
from fatgan.generator.config import RunConfig
from fatgan.generator.cross_section import CrossSections
from fatgan.generator.data import Split
from fatgan.representations import FeatureTransform


def manifest_of(
    config: RunConfig,
    transform: FeatureTransform,
    data: Split,
    cross_sections: CrossSections | None,
    network: keras.Model,
    course: dict[str, Any],
) -> dict[str, Any]:
    """Return the manifest of a network, as plain values.

    Parameters
    ----------
    config, transform, data
        What was trained how, and on which rows.
    cross_sections
        Of these rows, where their files say them.
    network
        The generator that the bundle holds.
    course
        What the training knows of itself: steps, seconds, the last terms, the choice.
    """
    common = describe(
        network,
        config,
        kind="events",
        name=config.name,
        seed=config.seed,
        training=config.training,
        course=course,
    )
    return {
        **common,
        "columns": {"px": "GeV", "py": "GeV", "pz": "GeV", "E": "GeV"},
        "data": {
            "provenance": dict(data.training.provenance),
            "rows": len(data.training),
            "held_out": len(data.held_out),
            "selection": len(data.selection),
            "settings": [
                {"beams": collision.label, "lepton": collision.lepton_pdg, "rows": len(rows)}
                for collision, rows in data.training.by_setting()
            ],
        },
        "cross_sections": None if cross_sections is None else cross_sections.to_dict(),
        "transform": transform.to_dict(),
    }
