"""The header of files that fatgan writes: one JSON object on the beams and the provenance."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fatgan.errors import DataError
from fatgan.events.collision import Collision
from fatgan.io.options import ReadOptions
from fatgan.io.several import BEAM_ROLES, SeveralBeams
from fatgan.version import __version__

SCHEMA = 2
"""Version of the header's layout: 2 brought beams of each event's own, and conditions."""


@dataclass(frozen=True)
class Header:
    """What a file says about itself."""

    collision: Collision | SeveralBeams
    provenance: Mapping[str, Any]
    conditions: tuple[str, ...] = ()

    def to_json(self) -> str:
        """Return one line of JSON."""
        several = isinstance(self.collision, SeveralBeams)
        return json.dumps(
            {
                "fatgan": __version__,
                # what an earlier release can read, it shall
                "schema": SCHEMA if several or self.conditions else 1,
                "units": "GeV",
                "collision": self.collision.to_dict(),
                "conditions": self.conditions,
                "provenance": dict(self.provenance),
            },
            default=_plain,
        )

    @classmethod
    def from_json(cls, text: str, path: Path) -> Header:
        """Read a header back; ``path`` is for messages."""
        try:
            entries = json.loads(text)
            schema = entries["schema"]
            if schema > SCHEMA:
                raise DataError(
                    f"{path}: written by a newer fatgan ({entries.get('fatgan')}, header schema "
                    f"{schema}, known up to {SCHEMA}); update fatgan"
                )
            beams = dict(entries["collision"])
            several = beams.pop("several", False)
            return cls(
                SeveralBeams(**beams) if several else Collision(**beams),
                entries["provenance"],
                tuple(entries.get("conditions", ())),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(f"{path}: the fatgan header is damaged ({error})") from None


def settle_collision(
    header: Header | None,
    own: Collision | SeveralBeams | None,
    options: ReadOptions,
    path: Path,
) -> Collision | SeveralBeams:
    """Return the collision that the file and the options agree on.

    ``own`` is what the format itself says of the beams; a header by fatgan goes before it.

    Raises
    ------
    DataError
        Neither tells the beams, or they contradict each other.
    """
    asked, columns = options.collision, options.columns
    mapped = [role for role in BEAM_ROLES if role in columns]
    # labels carry six digits, and nominal energies are quoted as round numbers
    tolerance = 1e-3 if header is None else 1e-5
    stated = own if header is None else header.collision
    if stated is None:
        if asked is None and "Ee" not in columns:
            raise DataError(
                f"{path}: the file does not say which beams it is from; "
                "say --beams, electron x proton in GeV, e.g. --beams 27.5x920, "
                "or name its columns: --columns Ee=NAME,Ep=NAME"
            )
        if mapped or asked is None:
            return SeveralBeams.of_columns(columns, options.frame, options.lepton, asked)
        return asked
    if mapped:
        raise DataError(
            f"{path}: the file says its beams itself; leave {', '.join(mapped)} out of --columns"
        )
    _check_against(stated, options, path, tolerance)
    return stated


def _check_against(
    own: Collision | SeveralBeams, options: ReadOptions, path: Path, tolerance: float
) -> None:
    asked = options.collision
    if isinstance(own, SeveralBeams):
        if asked is not None:
            raise DataError(
                f"{path}: the file says the beams of each event, --beams says {asked.label}; "
                "leave --beams out"
            )
        if options.lepton == -11:
            raise DataError(
                f"{path}: the file says the lepton of each event, --lepton says -11; "
                "leave --lepton out"
            )
    elif asked is not None:
        pairs = (
            (own.electron_energy, asked.electron_energy),
            (own.proton_energy, asked.proton_energy),
        )
        if not all(math.isclose(a, b, rel_tol=tolerance) for a, b in pairs):
            raise DataError(
                f"{path}: the file says beams {own.label}, --beams says {asked.label}; "
                "leave --beams out"
            )
    stated = options.beams if isinstance(options.beams, Collision) else None
    frame = options.frame if stated is None else stated.frame
    if frame is not None and frame != own.frame:
        raise DataError(
            f"{path}: the file says {own.frame} along +z, --frame says {frame}; leave --frame out"
        )
    lepton = options.lepton if stated is None else stated.lepton_pdg
    # 11 is also what is said by saying nothing, except by a Collision
    if lepton != own.lepton_pdg and (lepton == -11 or stated is not None):
        raise DataError(
            f"{path}: the file says lepton {own.lepton_pdg}, --lepton says {lepton}; "
            "leave --lepton out"
        )
    if options.units != "GeV":
        raise DataError(f"{path}: the file says GeV, --units says {options.units}")


def _plain(value: Any) -> Any:
    """Return NumPy numbers and arrays, mappings and paths as JSON knows them."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return dict(value) if isinstance(value, Mapping) else str(value)
