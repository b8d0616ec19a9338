"""The feature transform: a table of events <-> the numbers a network learns.

``FeatureTransform`` joins coordinates, one scaling per feature, the treatment of the azimuth, the
conditions and the augmentation, all fitted to the training rows, and goes into the model bundle as
plain values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError, ModelError
from fatgan.events import AnyCollision, Collision, EventTable, Fiducial
from fatgan.representations.augmentation import AUGMENTATIONS
from fatgan.representations.conditions import EDGE, Conditions
from fatgan.representations.decoding import Decoder, Mask, table_of
from fatgan.representations.features import Features, Momenta
from fatgan.representations.fitting import check_conditions, counting, joined, settled
from fatgan.representations.region import Region
from fatgan.representations.scaling import moments
from fatgan.representations.scope import Given, Scope
from fatgan.representations.settings import Settings

Array = NDArray[np.float64]

LAYOUT = 2
"""Version of what the features mean: a network that learned others must not be read."""


class FeatureTransform:
    """A fitted transform. Features are float32 of shape (n, dimension), of order one.

    With a learned azimuth, polar coordinates are followed by (cos phi, sin phi): an angle without
    a seam. With a uniform one the coordinates alone are learned, and :meth:`inverse` takes the
    drawn angles. Where the training is of several beams, the inverse is told for which ones.

    Attributes
    ----------
    collision
        The beams of the training: a single collision, or one row for each setting.
    conditions
        The scaling of the conditions, or ``None`` if there are none.
    """

    def __init__(
        self,
        features: Features,
        collision: AnyCollision,
        fiducial: Fiducial,
        standards: Mapping[str, tuple[float, float]],
        anchor: Sequence[float],
        conditions: Conditions | None = None,
    ) -> None:
        self.settings, self.conditions = features.settings, conditions
        self.collision, self.fiducial = collision, fiducial
        self._features, self._standards = features, dict(standards)
        self._scope = Scope(collision, fiducial, conditions, features.settings.hard_process)
        self._decoder = Decoder(features, self._scope, anchor)

    @classmethod
    def fit(
        cls, table: EventTable, settings: Settings, condition: Sequence[str] = ()
    ) -> FeatureTransform:
        """Fit to training rows; of weighted ones each counts by the size of its weight.

        Parameters
        ----------
        table
            The training rows, of one collision or of several.
        settings
            The configuration's section.
        condition
            Columns that the features depend on: Ee, Ep (GeV), s (GeV^2), lepton, or conditions of
            the table.

        Raises
        ------
        ConfigError
            An unknown name, an augmentation that needs an azimuth nobody learns or beam energies
            that are no conditions, or several beams that no condition tells apart.
        DataError
            Too few rows, or conditions that are no numbers.
        """
        table = counting(table)
        check_conditions(table, condition, settings)
        conditions = Conditions.fit(table, condition) if condition else None
        settings, fiducial = settled(settings, table, conditions), Fiducial.found(table)
        edge = table.conditions[EDGE] if EDGE in condition else None
        region = Region.of(table.collision, fiducial, edge, settings.hard_process)
        momenta = table.electron_frame()
        weights = None if table.weights is None else np.abs(table.weights)
        features = Features.fit(settings, momenta, region, weights)
        standards = {
            name: moments(AUGMENTATIONS[name](*momenta, region.beams, np), weights)
            for name in settings.augment
        }
        collision = joined(table.collision.settings())
        transform = cls(features, collision, fiducial, standards, (), conditions)
        # A typical event: unphysical features are pulled towards it.
        points = transform.forward(table[:10_000]).astype(np.float64)
        typical = np.argmin(np.abs(points - np.median(points, axis=0)).sum(axis=1))
        transform._decoder.anchor = points[typical]
        return transform

    @property
    def learns_azimuth(self) -> bool:
        """Whether phi is an angle of its own among the features."""
        return self._features.learns_azimuth

    @property
    def draws_azimuth(self) -> bool:
        """Whether :meth:`inverse` needs drawn angles."""
        return self.settings.azimuth == "uniform"

    @property
    def dimension(self) -> int:
        """Number of features a network generates."""
        return self._features.dimension

    @property
    def view_dimension(self) -> int:
        """Number of features the critic sees, without the conditions."""
        return self.dimension + len(self.settings.augment)

    def forward(self, table: EventTable) -> NDArray[np.float32]:
        """Return the features of a table's events, for its own beams, shape (n, dimension)."""
        region = self._scope.asked(table.collision, table.conditions).region
        return self._features.encode(*table.electron_frame(), region).astype(np.float32)

    def inverse(
        self,
        features: NDArray[Any],
        azimuth: Array | None = None,
        collision: AnyCollision | None = None,
        conditions: Given | None = None,
    ) -> EventTable:
        """Return the events of any finite features, shape (n, dimension): always physical.

        Features outside the physical or fiducial region are pulled towards a typical event until
        they are inside; :meth:`decode` says which these are.

        Parameters
        ----------
        features
            Shape (n, dimension).
        azimuth
            Drawn angles in radians, shape (n,); needed if :attr:`draws_azimuth`.
        collision
            The beams of all events, or of each; ``None`` for a training of one collision.
        conditions
            The other conditions by name, numbers or arrays (n,), which go into the table;
            ``Q2min`` is each event's lower edge in Q2 (GeV^2).

        Raises
        ------
        ConfigError
            The beams or Q2min are missing.
        DataError
            The angles are missing, or there is no event of these beams.
        """
        if self.draws_azimuth and azimuth is None:
            raise DataError("the azimuth is drawn, not learned: give the angles of the events")
        asked = self._scope.asked(collision, conditions)
        points = np.array(features, dtype=np.float64)
        _, inside = self._decoder.decode(points, azimuth, asked)
        outside = ~inside
        if outside.any():
            angles = None if azimuth is None else azimuth[outside]
            rows = asked.rows(outside)
            points[outside] = self._decoder.pulled_inside(points[outside], angles, rows)
        momenta, _ = self._decoder.decode(points, azimuth, asked)
        given = {name: np.broadcast_to(v, len(points)) for name, v in (conditions or {}).items()}
        return table_of(momenta, asked, given)

    def decode(
        self,
        features: NDArray[Any],
        azimuth: Array | None = None,
        collision: AnyCollision | None = None,
        conditions: Given | None = None,
    ) -> tuple[Momenta, Mask]:
        """Return electron-frame momenta as the features say, and which events are inside."""
        return self._decoder.decode(features, azimuth, self._scope.asked(collision, conditions))

    def augmented(self, columns: Any, xp: Any, conditions: Any = None) -> list[Any]:
        """Return the augmented features, each standardised, one array (n,) per name.

        ``conditions`` are the scaled ones, shape (n, c), where there are any.
        """
        if not self._standards:
            return []
        region = self._scope.region(conditions, xp)
        momenta = self._features.momenta(columns, region, xp)
        return [
            (AUGMENTATIONS[name](*momenta, region.beams, xp) - mean) / deviation
            for name, (mean, deviation) in self._standards.items()
        ]

    def momenta(
        self, columns: Any, xp: Any = np, azimuth: Any = None, conditions: Any = None
    ) -> tuple[Any, Any, Any]:
        """Return (px, py, pz) in the electron frame, in NumPy or in the graph."""
        region = self._scope.region(conditions, xp)
        return self._features.momenta(columns, region, xp, azimuth)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for a manifest."""
        return {
            "layout": LAYOUT,
            "settings": self.settings.to_dict(),
            "collisions": [setting.to_dict() for setting in self.collision.settings()],
            "fiducial": asdict(self.fiducial),
            "conditions": self.conditions.to_dict() if self.conditions else None,
            "scalings": self._features.to_list(),
            "standards": {name: list(pair) for name, pair in self._standards.items()},
            "anchor": self._decoder.anchor.tolist(),
        }

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> FeatureTransform:
        """Rebuild from :meth:`to_dict`.

        Raises
        ------
        ModelError
            The features are those of another version.
        """
        layout = entries.get("layout", 1)
        if layout != LAYOUT:
            raise ModelError(
                f"its features are of layout {layout}, and this fatgan knows layout {LAYOUT}: "
                "train the model again, or use the version that made it"
            )
        settings = Settings.from_dict(entries["settings"])
        conditions = entries["conditions"]
        return cls(
            Features.from_list(settings, entries["scalings"]),
            joined([Collision(**item) for item in entries["collisions"]]),
            Fiducial.from_dict(entries["fiducial"]),
            {name: (pair[0], pair[1]) for name, pair in entries["standards"].items()},
            entries["anchor"],
            conditions and Conditions.from_dict(conditions),
        )
