"""The feature transform: a table of events <-> the numbers a network learns.

``FeatureTransform`` joins coordinates, one scaling per feature, the treatment of the azimuth and
the augmentation, all fitted to the training rows, and goes into the model bundle as plain values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError
from fatgan.events import Collision, EventTable, Fiducial, kinematics
from fatgan.events.bounds import is_physical
from fatgan.events.observables import to_electron_frame
from fatgan.representations.augmentation import AUGMENTATIONS, check_augmentation
from fatgan.representations.azimuth import is_uniform
from fatgan.representations.coordinates import coordinates_named
from fatgan.representations.scaling import Scaling, scaling_named

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

_LARGE = 1e6
"""Features are clipped here before the inverse: beyond, nothing changes but overflow."""
_BISECTIONS = 60


@dataclass(frozen=True)
class Settings:
    """What a user chooses of a representation.

    Parameters
    ----------
    name
        Coordinates: dis, lightcone, cartesian, spherical or direct.
    scaling
        quantile or standard.
    azimuth
        uniform (drawn), learned, or auto: drawn when the data's harmonics allow it.
    augment
        Names of further features that the critic sees.
    """

    name: str = "dis"
    scaling: str = "quantile"
    azimuth: Literal["auto", "uniform", "learned"] = "auto"
    augment: tuple[str, ...] = ()


class FeatureTransform:
    """A fitted transform. Features are float32 of shape (n, dimension), of order one.

    With a learned azimuth, polar coordinates are followed by (cos phi, sin phi): an angle without
    a seam. With a uniform one the coordinates alone are learned, and :meth:`inverse` takes the
    drawn angles.
    """

    def __init__(
        self,
        settings: Settings,
        collision: Collision,
        fiducial: Fiducial,
        scalings: Sequence[Scaling],
        standards: Mapping[str, tuple[float, float]],
        anchor: Sequence[float],
    ) -> None:
        self.settings, self.collision, self.fiducial = settings, collision, fiducial
        self._coordinates = coordinates_named(settings.name)
        self._scalings, self._standards = list(scalings), dict(standards)
        self._anchor = np.asarray(anchor, dtype=np.float64)

    @classmethod
    def fit(cls, table: EventTable, settings: Settings) -> FeatureTransform:
        """Fit to training rows.

        Raises
        ------
        ConfigError
            An unknown name, or an augmentation that needs an azimuth nobody learns.
        """
        if len(table) < 2:
            raise DataError(f"{len(table)} training rows: a transform needs at least 2")
        azimuth = settings.azimuth
        if azimuth == "auto":
            azimuth = "uniform" if is_uniform(table["phi"]) else "learned"
        settings = Settings(settings.name, settings.scaling, azimuth, settings.augment)
        coordinates = coordinates_named(settings.name)
        check_augmentation(settings.augment, azimuth == "learned" or not coordinates.polar)
        scaling, beams = scaling_named(settings.scaling), table.collision.beams
        momenta, fiducial = table.electron_frame(), Fiducial.found(table)
        scalings = [
            scaling.fit(column, limits)
            for column, limits in zip(
                coordinates.encode(*momenta, beams),
                coordinates.limits(beams, fiducial),
                strict=True,
            )
        ]
        standards = {}
        for name in settings.augment:
            column = AUGMENTATIONS[name](*momenta, beams, np)
            standards[name] = (float(column.mean()), float(column.std()) or 1.0)
        transform = cls(settings, table.collision, fiducial, scalings, standards, ())
        # A typical event: unphysical features are pulled towards it.
        features = transform.forward(table[:10_000]).astype(np.float64)
        typical = np.argmin(np.abs(features - np.median(features, axis=0)).sum(axis=1))
        transform._anchor = features[typical]
        return transform

    @property
    def learns_azimuth(self) -> bool:
        """Whether phi is an angle of its own among the features."""
        return self._coordinates.polar and self.settings.azimuth == "learned"

    @property
    def draws_azimuth(self) -> bool:
        """Whether :meth:`inverse` needs drawn angles."""
        return self.settings.azimuth == "uniform"

    @property
    def dimension(self) -> int:
        """Number of features a network generates."""
        return len(self._coordinates.features) + 2 * self.learns_azimuth

    @property
    def view_dimension(self) -> int:
        """Number of features the critic sees."""
        return self.dimension + len(self.settings.augment)

    def forward(self, table: EventTable) -> NDArray[np.float32]:
        """Return the features of a table's events, shape (n, dimension)."""
        columns = self._coordinates.encode(*table.electron_frame(), self.collision.beams)
        features = [s.forward(c) for s, c in zip(self._scalings, columns, strict=True)]
        if self.learns_azimuth:
            px, py, _ = table.electron_frame()
            phi = np.arctan2(py, px)
            features += [np.cos(phi), np.sin(phi)]
        return np.stack(features, axis=1).astype(np.float32)

    def inverse(self, features: NDArray[Any], azimuth: Array | None = None) -> EventTable:
        """Return the events of any finite features, shape (n, dimension): always physical.

        Features outside the physical or fiducial region are pulled towards a typical event until
        they are inside; :meth:`decode` says which these are.

        Parameters
        ----------
        features
            Shape (n, dimension).
        azimuth
            Drawn angles in radians, shape (n,); needed if :attr:`draws_azimuth`.
        """
        if self.draws_azimuth and azimuth is None:
            raise DataError("the azimuth is drawn, not learned: give the angles of the events")
        features = np.array(features, dtype=np.float64)
        _, inside = self.decode(features, azimuth)
        if not inside.all():
            outside = ~inside
            angles = None if azimuth is None else azimuth[outside]
            features[outside] = self._pull_inside(features[outside], angles)
        momenta, _ = self.decode(features, azimuth)
        return self._table(*momenta)

    def decode(
        self, features: NDArray[Any], azimuth: Array | None = None
    ) -> tuple[tuple[Array, Array, Array], Mask]:
        """Return electron-frame momenta as the features say, and which events are inside."""
        features = np.asarray(features, dtype=np.float64)
        known = ~np.isnan(features).any(axis=1)
        if not known.all():
            features = np.where(known[:, None], features, 0.0)
        px, py, pz = self.momenta(np.clip(features.T, -_LARGE, _LARGE), np, azimuth)
        # Beams must see what the table will: the invariants of the momenta, not of the features.
        values = kinematics.invariants(*kinematics.light_cone(px, py, pz), self.collision.beams)
        inside = known & is_physical(values) & self.fiducial.within_edges(values)
        if self.fiducial.cut is not None:
            inside &= self.fiducial.passes_cut(self._table(px, py, pz))
        return (px, py, pz), inside

    def momenta(self, columns: Any, xp: Any = np, azimuth: Any = None) -> tuple[Any, Any, Any]:
        """Return (px, py, pz) in the electron frame, in NumPy or in the graph.

        ``columns`` iterates over the features. Without drawn angles a polar event has phi = 0.
        """
        count = len(self._scalings)
        values = tuple(scaling.inverse(columns[i], xp) for i, scaling in enumerate(self._scalings))
        decoded = self._coordinates.decode(values, self.collision.beams, xp)
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

    def augmented(self, columns: Any, xp: Any) -> list[Any]:
        """Return the augmented features, each standardised, one array (n,) per name."""
        if not self._standards:
            return []
        momenta = self.momenta(columns, xp)
        return [
            (AUGMENTATIONS[name](*momenta, self.collision.beams, xp) - mean) / deviation
            for name, (mean, deviation) in self._standards.items()
        ]

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for a manifest."""
        return {
            "settings": {**asdict(self.settings), "augment": list(self.settings.augment)},
            "collision": self.collision.to_dict(),
            "fiducial": asdict(self.fiducial),
            "scalings": [scaling.to_dict() for scaling in self._scalings],
            "standards": {name: list(pair) for name, pair in self._standards.items()},
            "anchor": self._anchor.tolist(),
        }

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> FeatureTransform:
        """Rebuild from :meth:`to_dict`."""
        chosen = entries["settings"]
        settings = Settings(**{**chosen, "augment": tuple(chosen["augment"])})
        scaling = scaling_named(settings.scaling)
        return cls(
            settings,
            Collision(**entries["collision"]),
            Fiducial.from_dict(entries["fiducial"]),
            [scaling.from_dict(item) for item in entries["scalings"]],
            {name: (pair[0], pair[1]) for name, pair in entries["standards"].items()},
            entries["anchor"],
        )

    def _table(self, px: Array, py: Array, pz: Array) -> EventTable:
        return EventTable(*to_electron_frame(px, py, pz, self.collision), self.collision)

    def _pull_inside(self, features: Array, azimuth: Array | None) -> Array:
        """Bisect between each point and the typical event for the last physical point."""
        direction = np.clip(features, -_LARGE, _LARGE) - self._anchor
        low, high = np.zeros(len(features)), np.ones(len(features))
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            _, inside = self.decode(self._anchor + middle[:, None] * direction, azimuth)
            low, high = np.where(inside, middle, low), np.where(inside, high, middle)
        return self._anchor + low[:, None] * direction
