"""Coordinates, one scaling each, and the azimuth: momenta <-> the columns of the features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fatgan.representations.coordinates import DIS, coordinates_named
from fatgan.representations.drifting import DriftingQuantiles, settings_of
from fatgan.representations.region import Region
from fatgan.representations.scaling import QuantileScaling, Scaling, scaling_named
from fatgan.representations.settings import Settings

Array = NDArray[np.float64]
Momenta = tuple[Array, Array, Array]


class Features:
    """The fitted map of one choice of coordinates, scaling and azimuth, for any region.

    All momenta are in the electron frame, in GeV. With a learned azimuth, polar coordinates are
    followed by (cos phi, sin phi): an angle without a seam.
    """

    def __init__(self, settings: Settings, scalings: Sequence[Scaling]) -> None:
        self.settings, self._scalings = settings, list(scalings)
        self._coordinates = coordinates_named(settings.name)
        self._drifts = any(isinstance(scaling, DriftingQuantiles) for scaling in scalings)

    @classmethod
    def fit(
        cls, settings: Settings, momenta: Momenta, region: Region, weights: Array | None
    ) -> Features:
        """Fit to momenta of events of this region; ``weights`` (n,) above zero, or None."""
        coordinates, scaling = coordinates_named(settings.name), scaling_named(settings.scaling)
        columns = coordinates.encode(*momenta, region)
        drift = _drift(settings, region)
        if drift is not None:
            groups = settings_of(drift)
            # of many beams the limits are the widest
            limits = zip(*(coordinates.limits(region.rows(rows)) for rows in groups), strict=True)
            return cls(
                settings,
                [
                    DriftingQuantiles.fit(
                        column, list(zip(groups, own, strict=True)), drift, weights
                    )
                    for column, own in zip(columns, limits, strict=True)
                ],
            )
        pairs = zip(columns, coordinates.limits(region), strict=True)
        return cls(settings, [scaling.fit(column, limit, weights) for column, limit in pairs])

    @property
    def learns_azimuth(self) -> bool:
        """Whether phi is an angle of its own among the features."""
        return self._coordinates.polar and self.settings.azimuth == "learned"

    @property
    def dimension(self) -> int:
        """Number of features."""
        return len(self._scalings) + 2 * self.learns_azimuth

    def encode(self, px: Array, py: Array, pz: Array, region: Region) -> Array:
        """Return the features of momenta, shape (n, dimension)."""
        columns = self._coordinates.encode(px, py, pz, region)
        drift = region.drift() if self._drifts else None
        features = [s.forward(c, drift) for s, c in zip(self._scalings, columns, strict=True)]
        if self.learns_azimuth:
            phi = np.arctan2(py, px)
            features += [np.cos(phi), np.sin(phi)]
        return np.stack(features, axis=1)

    def momenta(
        self, columns: Any, region: Region, xp: Any = np, azimuth: Any = None
    ) -> tuple[Any, Any, Any]:
        """Return (px, py, pz), in NumPy or in the graph.

        ``columns`` iterates over the features. Without drawn angles a polar event has phi = 0.
        """
        count = len(self._scalings)
        drift = region.drift(xp) if self._drifts else None
        values = tuple(s.inverse(columns[i], xp, drift) for i, s in enumerate(self._scalings))
        decoded = self._coordinates.decode(values, region, xp)
        if self._coordinates.polar:
            pT, pz = decoded
            if self.learns_azimuth:
                a, b = columns[count], columns[count + 1]
                length = xp.sqrt(a * a + b * b + 1e-12)
                cosine, sine = a / length, b / length
            elif azimuth is not None:
                cosine, sine = xp.cos(azimuth), xp.sin(azimuth)
            else:
                return pT, xp.zeros_like(pT), pz
            return pT * cosine, pT * sine, pz
        px, py, pz = decoded
        if azimuth is not None:
            cosine, sine = xp.cos(azimuth), xp.sin(azimuth)
            px, py = px * cosine - py * sine, px * sine + py * cosine
        return px, py, pz

    def to_list(self) -> list[dict[str, Any]]:
        """Return the scalings as plain values."""
        return [scaling.to_dict() for scaling in self._scalings]

    @classmethod
    def from_list(cls, settings: Settings, entries: Sequence[Mapping[str, Any]]) -> Features:
        """Rebuild from :meth:`to_list`."""
        usual = scaling_named(settings.scaling)
        kinds = [
            DriftingQuantiles if item.get("name") == DriftingQuantiles.name else usual
            for item in entries
        ]
        return cls(
            settings, [kind.from_dict(item) for kind, item in zip(kinds, entries, strict=True)]
        )


def _drift(settings: Settings, region: Region) -> Array | None:
    """Return the drift of each event, or ``None`` where one scaling serves all of them.

    Edges in Q2 of the events' own are told to the network and not to the scaling.
    """
    if settings.name != DIS.name or settings.scaling != QuantileScaling.name:
        return None
    if np.ndim(region.Q2_min) or not np.ndim(region.Q2_high):
        return None
    # rounding must not make two settings of one
    drift = np.round(region.drift(), 9)
    return drift if np.any(drift != drift[0]) else None
