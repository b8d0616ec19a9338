"""What a user chooses of a representation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from fatgan.errors import ConfigError
from fatgan.representations.hard_process import HardProcess


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
    hard_process
        Cuts of the generator that made the sample, which become sides of the ``dis`` coordinates.

    Raises
    ------
    ConfigError
        Cuts on the hard process with other coordinates than ``dis``.
    """

    name: str = "dis"
    scaling: str = "quantile"
    azimuth: Literal["auto", "uniform", "learned"] = "auto"
    augment: tuple[str, ...] = ()
    hard_process: HardProcess | None = None

    def __post_init__(self) -> None:
        if self.hard_process is not None and self.name != "dis":
            raise ConfigError(
                f"representation.hard_process: its cuts are no straight sides in '{self.name}' "
                "coordinates; write representation.name: dis, or leave it out"
            )

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for a manifest."""
        return {**asdict(self), "augment": list(self.augment)}

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> Settings:
        """Rebuild from :meth:`to_dict`."""
        # bundles of before have none
        cuts = entries.get("hard_process")
        return cls(
            **{
                **entries,
                "augment": tuple(entries["augment"]),
                "hard_process": cuts and HardProcess(**cuts),
            }
        )
