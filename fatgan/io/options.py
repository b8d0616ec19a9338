"""How a file is to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from difflib import get_close_matches
from numbers import Integral, Real
from types import NoneType
from typing import Any, Literal

from fatgan.errors import ConfigError, SchemaError, did_you_mean
from fatgan.events.collision import Collision, Frame
from fatgan.events.conditions import checked_name
from fatgan.events.screening import MAX_UNPHYSICAL
from fatgan.io.several import BEAM_ROLES

Units = Literal["GeV", "MeV"]

_TO_GEV = {"GeV": 1.0, "MeV": 1e-3}
ROLES = ("px", "py", "pz", "weight", *BEAM_ROLES)
_TYPES: dict[str, tuple[type | tuple[type, ...], str]] = {
    "tree": ((str, NoneType), "a name"),
    "format": ((str, NoneType), "a name"),
    "columns": (Mapping, "a mapping like {'px': 'e_px'}"),
    "cut": ((str, NoneType), "text like 'Q2 > 4'"),
    "limit": ((Integral, NoneType), "a whole number"),
    "beams": ((str, Collision, NoneType), "text like '27.5x920' or a Collision"),
    "max_unphysical": (Real, "a number"),
}


@dataclass(frozen=True)
class ReadOptions:
    """What a file does not say about itself.

    Parameters
    ----------
    tree
        Tree of a ROOT file; may be left out when there is only one.
    columns
        The file's own names of ``px``, ``py``, ``pz``, ``weight``, of each event's beams ``Ee``,
        ``Ep`` and ``lepton`` (11 or -11), and of conditions under any further names, e.g.
        ``{"polarisation": "hel"}``. Momenta not named here go by those names; all else is used
        only if named here, or if fatgan wrote it.
    cut
        Expression that events must fulfil, e.g. ``Q2 > 4 and y < 0.95``. A name is the file's
        own column, in its own units, if it has one, else an observable of the events (GeV,
        radians).
    limit
        Largest number of entries to read, counted before the cut.
    units
        Units of the momenta and of the beams' energies in the file.
    beams
        ``27.5x920``: electron x proton energies in GeV, a preset, or a :class:`Collision`.
        Needed unless fatgan wrote the file or ``columns`` names both energies.
    frame
        The beam along +z: ``proton`` or ``electron``. Default: proton at colliders, electron on
        protons at rest.
    max_unphysical
        Largest share of unphysical rows that is dropped instead of refused.
    lepton
        11 (e-) or -11 (e+), where neither the file nor a :class:`Collision` says it.
    format
        Name of a format, where the content is taken for another.
    """

    tree: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    cut: str | None = None
    limit: int | None = None
    units: Units = "GeV"
    beams: str | Collision | None = None
    frame: Frame | None = None
    max_unphysical: float = MAX_UNPHYSICAL
    lepton: Literal[11, -11] = 11
    format: str | None = None

    def __post_init__(self) -> None:
        for name, (types, wanted) in _TYPES.items():
            value = getattr(self, name)
            if not isinstance(value, types):
                raise ConfigError(f"{name} = {value!r}: must be {wanted}")
        for role in self.columns:
            _check_role(role)
        if self.limit is not None and self.limit < 1:
            raise ConfigError(f"limit = {self.limit}: must be at least 1")
        if self.units not in _TO_GEV:
            raise ConfigError(f"units '{self.units}' are unknown: GeV or MeV")
        if self.lepton not in (11, -11):
            raise ConfigError(f"lepton = {self.lepton!r}: must be 11 (e-) or -11 (e+)")
        if isinstance(self.beams, Collision):
            self._check_against(self.beams)
        self._check_beam_columns()

    def changed(self, keywords: Mapping[str, Any]) -> ReadOptions:
        """Return these options with some of them replaced.

        Raises
        ------
        ConfigError
            An unknown name or a value out of range.
        """
        known = [item.name for item in fields(self)]
        for name in keywords:
            if name not in known:
                raise ConfigError(f"no reading option '{name}'; {did_you_mean(name, known)}")
        return replace(self, **keywords)

    @property
    def collision(self) -> Collision | None:
        """What the options say of the collision, or None if they do not name the beams."""
        if self.beams is None or isinstance(self.beams, Collision):
            return self.beams
        return Collision.parse(self.beams, self.frame, self.lepton)

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

    def _check_beam_columns(self) -> None:
        energies = [role for role in ("Ee", "Ep") if role in self.columns]
        if len(energies) == 1:
            raise ConfigError(
                f"column map: {energies[0]} alone; name the columns of both beams, Ee and Ep"
            )
        if energies and self.beams is not None:
            raise ConfigError(
                f"beams = '{self.beams}' and columns '{self.columns['Ee']}', "
                f"'{self.columns['Ep']}' both say the beams; leave one out"
            )
        if "lepton" in self.columns and self.lepton == -11:
            raise ConfigError(
                f"lepton = -11 and column '{self.columns['lepton']}' both say the lepton; "
                "leave one out"
            )

    def _check_against(self, beams: Collision) -> None:
        if self.frame not in (None, beams.frame):
            raise ConfigError(f"frame = '{self.frame}' contradicts the beams ({beams})")
        # 11 is the default and says nothing against a collision of positrons
        if self.lepton == -11 and beams.lepton_pdg == 11:
            raise ConfigError(f"lepton = {self.lepton} contradicts the beams ({beams})")


def _check_role(role: str) -> None:
    if role in ROLES:
        return
    near = get_close_matches(role, ROLES, cutoff=0.8)
    if near:
        raise ConfigError(
            f"column map: '{role}' is none of {', '.join(ROLES)}, and too near for a condition's "
            f"name; {did_you_mean(role, near)}"
        )
    try:
        checked_name(role)
    except SchemaError as error:
        raise ConfigError(f"column map: {error}") from None
