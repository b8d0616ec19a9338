"""From any finite features to events: which are inside the physical region, and the way there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError
from fatgan.events import EventTable, kinematics
from fatgan.events.bounds import is_physical
from fatgan.events.observables import to_electron_frame
from fatgan.representations.coordinates import DIS
from fatgan.representations.features import Features, Momenta
from fatgan.representations.scope import Asked, Scope

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_LARGE = 1e6
"""Features are clipped here before the inverse: beyond, nothing changes but overflow."""
_BISECTIONS = 60
_SHORT = 1 - 1e-9
"""Nearer than this to the largest Q2 of its beams or to the smallest W2 an event is stuck there, by
a scaling that clips or beams that end sooner than others: such events would pile up."""


class Decoder:
    """The inverse of fitted features, in the scope of their training.

    ``anchor`` holds the features of a typical event, shape (dimension,).
    """

    def __init__(self, features: Features, scope: Scope, anchor: Sequence[float]) -> None:
        self.features, self._scope = features, scope
        self.anchor = np.asarray(anchor, dtype=np.float64)

    def decode(
        self, points: NDArray[Any], azimuth: Array | None, asked: Asked
    ) -> tuple[Momenta, Mask]:
        """Return electron-frame momenta as features (n, dimension) say, and which are inside."""
        points = np.asarray(points, dtype=np.float64)
        known = ~np.isnan(points).any(axis=1)
        if not known.all():
            points = np.where(known[:, None], points, 0.0)
        columns, region = np.clip(points.T, -_LARGE, _LARGE), asked.region
        momenta = self.features.momenta(columns, region, np, azimuth)
        # Beams must see what the table will: the invariants of the momenta, not of the features.
        values = kinematics.invariants(*kinematics.light_cone(*momenta), region.beams)
        fiducial = self._scope.fiducial
        edges = region.Q2_min if self._scope.has_edges else None
        inside = known & is_physical(values) & fiducial.within_edges(values, edges)
        inside &= (values.Q2 < _SHORT * region.Q2_high) & (_SHORT * values.W2 > fiducial.W2_min)
        if fiducial.cut is not None:
            inside &= fiducial.passes_cut(table_of(momenta, asked))
        return momenta, inside

    def pulled_inside(self, points: Array, azimuth: Array | None, asked: Asked) -> Array:
        """Return the last point inside between each of these (n, dimension) and a typical event.

        Raises
        ------
        DataError
            No event of these beams is known.
        """
        anchors = self._anchors(len(points), azimuth, asked)
        direction = np.clip(points, -_LARGE, _LARGE) - anchors
        low, high = np.zeros(len(points)), np.ones(len(points))
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            _, inside = self.decode(anchors + middle[:, None] * direction, azimuth, asked)
            low, high = np.where(inside, middle, low), np.where(inside, high, middle)
        return anchors + low[:, None] * direction

    def _anchors(self, n: int, azimuth: Array | None, asked: Asked) -> Array:
        """Return points inside, shape (n, dimension).

        Where beams differ so much from the training's that its typical event is none of theirs,
        the centre of their region stands for it.
        """
        anchors = np.tile(self.anchor, (n, 1))
        own = self._scope.own
        if own and asked.collision is own.collision:
            return anchors  # one of its events, even where that rounds over its own edge
        missing = ~self.decode(anchors, azimuth, asked)[1]
        if missing.any():
            anchors[missing] = self.features.encode(*_central(asked, n), asked.region)[missing]
            missing = ~self.decode(anchors, azimuth, asked)[1]
        if missing.any():
            raise DataError(
                f"{asked.collision}: no event of {np.count_nonzero(missing):,} that features "
                "far from the training can be pulled to; the beams are too far from the "
                f"training's for '{self.features.settings.name}' coordinates or for its cut"
            )
        return anchors


def table_of(momenta: Momenta, asked: Asked, conditions: Any = None) -> EventTable:
    """Return electron-frame momenta in GeV as a table of the beams asked for."""
    turned = to_electron_frame(*momenta, asked.collision)
    return EventTable(*turned, asked.collision, conditions=conditions)


def _central(asked: Asked, n: int) -> Momenta:
    """Return momenta half way between the edges of the ``dis`` coordinates, each (n,)."""
    region = asked.region
    a = np.broadcast_to(np.log(region.Q2_high / region.Q2_min) / 2, (n,))
    pT, pz = DIS().decode((a, np.full(n, 0.5)), region)
    return pT, np.zeros(n), pz
