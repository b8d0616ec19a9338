"""The header of files that fatgan writes: one JSON object with the collision and the provenance."""

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
from fatgan.version import __version__

SCHEMA = 1
"""Version of the header's layout."""


@dataclass(frozen=True)
class Header:
    """What a file says about itself."""

    collision: Collision
    provenance: Mapping[str, Any]

    def to_json(self) -> str:
        """Return one line of JSON."""
        return json.dumps(
            {
                "fatgan": __version__,
                "schema": SCHEMA,
                "units": "GeV",
                "collision": self.collision.to_dict(),
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
            return cls(Collision(**entries["collision"]), entries["provenance"])
        except (ValueError, KeyError, TypeError) as error:
            raise DataError(f"{path}: the fatgan header is damaged ({error})") from None


def settle_collision(header: Header | None, options: ReadOptions, path: Path) -> Collision:
    """Return the collision that the file and the options agree on.

    Raises
    ------
    DataError
        Neither tells the beams, or they contradict each other.
    """
    asked = options.collision
    if header is None:
        if asked is None:
            raise DataError(
                f"{path}: the file does not say which beams it is from; "
                "say --beams, electron x proton in GeV, e.g. --beams 27.5x920"
            )
        return asked
    own = header.collision
    if asked is not None:
        pairs = (
            (own.electron_energy, asked.electron_energy),
            (own.proton_energy, asked.proton_energy),
        )
        # labels carry six digits
        if not all(math.isclose(a, b, rel_tol=1e-5) for a, b in pairs):
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
    return own


def _plain(value: Any) -> Any:
    """Return NumPy numbers and arrays, mappings and paths as JSON knows them."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return dict(value) if isinstance(value, Mapping) else str(value)
