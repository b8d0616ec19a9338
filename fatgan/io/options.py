"""How a file is to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from fatgan.errors import ConfigError, did_you_mean
from fatgan.events.collision import Frame
from fatgan.events.screening import MAX_UNPHYSICAL

Units = Literal["GeV", "MeV"]

_TO_GEV = {"GeV": 1.0, "MeV": 1e-3}
_ROLES = ("px", "py", "pz", "weight")


@dataclass(frozen=True)
class ReadOptions:
    """What a file does not say about itself.

    Parameters
    ----------
    tree
        Tree of a ROOT file; may be left out when there is only one.
    columns
        The file's own names of ``px``, ``py``, ``pz`` and ``weight``. Momenta not named here go
        by those names; weights are used only if named here, or if fatgan wrote them.
    cut
        Expression that events must fulfil, e.g. ``Q2 > 4 and y < 0.95``. A name is the file's
        own column, in its own units, if it has one, else an observable of the events (GeV,
        radians).
    limit
        Largest number of entries to read, counted before the cut.
    units
        Units of the momenta in the file.
    beams
        ``27.5x920``: electron x proton energies in GeV, or a preset. Needed unless fatgan wrote
        the file.
    frame
        The beam along +z: ``proton`` or ``electron``. Default: proton at colliders, electron on
        a proton at rest.
    max_unphysical
        Largest share of unphysical rows that is dropped instead of refused.
    """

    tree: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    cut: str | None = None
    limit: int | None = None
    units: Units = "GeV"
    beams: str | None = None
    frame: Frame | None = None
    max_unphysical: float = MAX_UNPHYSICAL

    def __post_init__(self) -> None:
        for role in self.columns:
            if role not in _ROLES:
                raise ConfigError(
                    f"column map: '{role}' is none of px, py, pz, weight; "
                    f"{did_you_mean(role, _ROLES)}"
                )
        if self.limit is not None and self.limit < 1:
            raise ConfigError(f"limit = {self.limit}: must be at least 1")
        if self.units not in _TO_GEV:
            raise ConfigError(f"units '{self.units}' are unknown: GeV or MeV")

    @property
    def to_gev(self) -> float:
        """What the file's momenta are multiplied by."""
        return _TO_GEV[self.units]

    def stated(self) -> dict[str, object]:
        """Return the options that change which events come out, as far as they are set."""
        entries = {
            "columns": dict(self.columns),
            "cut": self.cut,
            "limit": self.limit,
            "units": None if self.units == "GeV" else self.units,
        }
        return {name: value for name, value in entries.items() if value}
