"""The total cross-section of what a model has learned, where its samples say theirs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fatgan.events import BEAM_COLUMNS, Collision, EventTable
from fatgan.generator.cross_section import CrossSections
from fatgan.generator.target import Target
from fatgan.representations import FeatureTransform

SIGMA, ERROR = "cross_section_pb", "cross_section_error_pb"
"""What simulated files call it, and generated ones."""
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
        value = _of_file(source)
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


def _of_file(source: Mapping[str, Any]) -> tuple[float, float] | None:
    """Return the cross-section in pb of a file's events that were kept, and its error.

    A file may have been written from another one with a cut, and so on up to the sample itself,
    whose cross-section is that of its ``events``. ``None`` if nothing up there says one, or if
    rows were left out on the way by other means than a cut.
    """
    kept, variance, origin = 1.0, 0.0, source.get("origin", {})
    if "entries" not in source:  # made in memory
        return None
    while True:
        share = source["events"] / source["entries"]
        # the binomial error of the share, beside that of the whole
        kept, variance = kept * share, variance + (1 - share) / source["events"]
        stated = origin.get("events")
        if stated is not None and stated != source["entries"] and "limit" not in source:
            return None
        if SIGMA in origin or not {"origin", "entries", "events"} <= set(origin):
            break
        source, origin = origin, origin["origin"]
    if not {SIGMA, ERROR} <= set(origin):
        return None
    sigma, error = float(origin[SIGMA]), float(origin[ERROR])
    if not (np.isfinite(sigma + error) and sigma > 0 and error >= 0):
        return None
    return sigma * kept, float(sigma * kept * np.hypot(error / sigma, np.sqrt(variance)))


def _contradict(points: Array, sigma: Array, error: Array) -> bool:
    """Return whether files of the same beams have different cross-sections: slices, perhaps."""
    for i in range(len(sigma)):
        same = np.isclose(points, points[i], 1e-5, 1e-5).all(axis=1)
        apart = np.abs(sigma[same] - sigma[i]) > APART * np.hypot(error[same], error[i])
        if apart.any():
            return True
    return False
