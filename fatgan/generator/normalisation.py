"""The total cross-section of what a model has learned, where its samples say theirs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fatgan.events import BEAM_COLUMNS, Collision, EventTable
from fatgan.generator.cross_section import CrossSections
from fatgan.generator.target import Target
from fatgan.io.cross_section import cross_section_of
from fatgan.representations import FeatureTransform

APART = 5.0
"""Errors between two cross-sections that are not of one sample."""

Array = NDArray[np.float64]


def cross_sections_of(table: EventTable, transform: FeatureTransform) -> CrossSections | None:
    """Return the cross-sections of the files of a table, each at its own beams.

    A cut takes the share of the events away that it takes of the file. ``None`` if a file does
    not say its cross-section or has weights, if files of the same beams say different ones, or if
    the model has conditions besides the beams, which a file has no one value of.

    Parameters
    ----------
    table
        As read: its provenance tells the files.
    transform
        Of the model, whose scaled conditions the points lie in.
    """
    known = transform.conditions
    if table.weights is not None or (known and not set(known.names) <= set(BEAM_COLUMNS)):
        return None
    sources = table.provenance.get("sources", [dict(table.provenance)])
    points, found = [], []
    for source in sources:
        value = cross_section_of(source)
        if value is None:
            return None
        found.append(value)
        if known is None:
            points.append(np.zeros(0))
        else:
            own = source.get("collision", table.collision.to_dict())
            if "settings" in own:  # a file of several beams has one cross-section for all
                return None
            points.append(known.forward(Target(Collision(**own)).columns(), 1)[0])
    places, (sigma, error) = np.array(points), np.array(found).T
    if _contradict(places, sigma, error):
        return None
    return CrossSections(places, sigma, error)


def _contradict(points: Array, sigma: Array, error: Array) -> bool:
    """Return whether files of the same beams have different cross-sections: slices, perhaps."""
    for i in range(len(sigma)):
        same = np.isclose(points, points[i], 1e-5, 1e-5).all(axis=1)
        apart = np.abs(sigma[same] - sigma[i]) > APART * np.hypot(error[same], error[i])
        if apart.any():
            return True
    return False
