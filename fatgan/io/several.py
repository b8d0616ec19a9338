"""Beams that stand in columns of a file, event by event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fatgan.events.collision import Collision, Frame
from fatgan.events.collisions import Collisions
from fatgan.events.kinematics import PROTON_MASS

Array = NDArray[np.float64]

BEAM_ROLES = ("Ee", "Ep", "lepton")
"""Total energies of the electron and the proton beam, and 11 (e-) or -11 (e+)."""


@dataclass(frozen=True)
class SeveralBeams:
    """What is known of such a file before its columns are read.

    Parameters
    ----------
    frame
        The beam along +z; None where neither the file nor the options say it.
    columns
        The file's own names of :data:`BEAM_ROLES`, as far as it has them.
    electron_energy, proton_energy, lepton_pdg
        What holds for all events where there is no column: GeV, GeV, 11 or -11.
    """

    frame: Frame | None
    columns: Mapping[str, str] = field(default_factory=lambda: {role: role for role in BEAM_ROLES})
    electron_energy: float = 0.0
    proton_energy: float = 0.0
    lepton_pdg: int = 11

    def __str__(self) -> str:
        frame = "" if self.frame is None else f", {self.frame} along +z"
        return f"each event's own, in columns {', '.join(self.columns.values())}{frame}"

    def to_dict(self) -> dict[str, Any]:
        """Return what the header of a file by fatgan says; the columns have their own names."""
        return {"several": True, "frame": self.frame}

    @classmethod
    def of_columns(
        cls, columns: Mapping[str, str], frame: Frame | None, lepton: int, stated: Collision | None
    ) -> SeveralBeams:
        """Return what a column map and the beams stated beside it say of a file of others."""
        own = {role: columns[role] for role in BEAM_ROLES if role in columns}
        if stated is None:
            return cls(frame, own, lepton_pdg=lepton)
        return cls(stated.frame, own, stated.electron_energy, stated.proton_energy)

    def collisions(self, columns: Mapping[str, Array], n: int, frame: Frame) -> Collisions:
        """Return the beams of n events from the columns by role, energies in GeV.

        Raises
        ------
        ConfigError
            A number that is no beam's.
        """
        return Collisions(
            columns.get("Ee", np.full(n, self.electron_energy)),
            _settled(columns.get("Ep", np.full(n, self.proton_energy))),
            frame,
            columns.get("lepton", np.full(n, self.lepton_pdg)),
        )


def frame_of(proton_energy: Array) -> Frame:
    """Return the field's convention: proton along +z unless all protons (GeV) are at rest."""
    return "electron" if bool((_settled(proton_energy) <= PROTON_MASS).all()) else "proton"


def _settled(proton_energy: Array) -> Array:
    # files give the mass of a proton at rest with fewer digits than we do, or in single precision
    at_rest = np.isclose(proton_energy, PROTON_MASS, rtol=1e-5, atol=0) | (proton_energy == 0)
    return np.where(at_rest, PROTON_MASS, proton_energy)
