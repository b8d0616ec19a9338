"""What a user chooses of a representation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Settings:
    """The section ``representation`` of a configuration.

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

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for a manifest."""
        return {**asdict(self), "augment": list(self.augment)}

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> Settings:
        """Rebuild from :meth:`to_dict`."""
        return cls(**{**entries, "augment": tuple(entries["augment"])})
