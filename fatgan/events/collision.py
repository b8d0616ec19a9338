"""The collision record: which beams, at which energies, in which frame."""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from fatgan.errors import ConfigError, did_you_mean
from fatgan.events.kinematics import ELECTRON_MASS, PROTON_MASS, Beams

Frame = Literal["proton", "electron"]
"""The beam that moves along +z: the proton at HERA and the EIC, the electron at JLab."""

PRESETS = {"hera": "27.5x920", "eic": "18x275", "jlab": "11x0"}

_BEAMS = re.compile(r"^\s*([0-9.eE+-]+)\s*[xX]\s*([0-9.eE+-]+)\s*$")


@dataclass(frozen=True)
class Collision:
    """An electron (or positron) beam on a proton beam, head on.

    Parameters
    ----------
    electron_energy, proton_energy
        Total beam energies in GeV. A proton energy of 0 is a proton at rest.
    frame
        The beam that moves along +z in the columns of the table.
    lepton_pdg
        11 (e-) or -11 (e+).
    """

    electron_energy: float
    proton_energy: float
    frame: Frame = "proton"
    lepton_pdg: int = 11
    hadron_pdg: int = 2212

    def __post_init__(self) -> None:
        if self.proton_energy == 0:
            object.__setattr__(self, "proton_energy", PROTON_MASS)
        if not (math.isfinite(self.electron_energy) and self.electron_energy > ELECTRON_MASS):
            raise ConfigError(
                f"electron beam energy {self.electron_energy} GeV is not above its mass"
            )
        if not (math.isfinite(self.proton_energy) and self.proton_energy >= PROTON_MASS):
            raise ConfigError(
                f"proton beam energy {self.proton_energy} GeV is below its mass; "
                "write 0 for a proton at rest"
            )
        if self.frame not in ("proton", "electron"):
            raise ConfigError(
                f"frame '{self.frame}' is unknown: 'proton' or 'electron', "
                "the beam that moves along +z"
            )
        if abs(self.lepton_pdg) != 11 or self.hadron_pdg != 2212:
            raise ConfigError(
                f"beams {self.lepton_pdg} on {self.hadron_pdg}: only e- (11) or e+ (-11) "
                "on protons (2212) are known"
            )

    @classmethod
    def parse(cls, beams: str, frame: Frame | None = None, lepton_pdg: int = 11) -> Collision:
        """Read ``"27.5x920"`` (electron x proton, GeV), ``"11x0"`` (at rest) or a preset's name.

        Without ``frame`` the convention of the field holds: colliders have the proton along +z,
        fixed-target experiments the electron.
        """
        match = _BEAMS.match(PRESETS.get(beams.lower(), beams))
        try:
            electron, proton = (float(text) for text in match.groups()) if match else (None, None)
        except ValueError:
            electron = proton = None
        if electron is None or proton is None:
            raise ConfigError(
                f"beams '{beams}' are not understood: write electron x proton energies in GeV "
                f"like 27.5x920 (11x0 for a proton at rest), or a preset; "
                f"{did_you_mean(beams.lower(), PRESETS)}"
            )
        at_rest = proton <= PROTON_MASS
        return cls(electron, proton, frame or ("electron" if at_rest else "proton"), lepton_pdg)

    @property
    def beams(self) -> Beams:
        """Light-cone components of both beams with the electron along +z."""
        k_plus = self.electron_energy + math.sqrt(self.electron_energy**2 - ELECTRON_MASS**2)
        P_minus = self.proton_energy + math.sqrt(self.proton_energy**2 - PROTON_MASS**2)
        return Beams(k_plus, ELECTRON_MASS**2 / k_plus, PROTON_MASS**2 / P_minus, P_minus)

    @property
    def s(self) -> float:
        """Squared centre-of-mass energy in GeV^2."""
        return self.beams.two_kP + ELECTRON_MASS**2 + PROTON_MASS**2

    @property
    def label(self) -> str:
        """``27.5x920``: what :meth:`parse` reads back."""
        proton = 0 if self.proton_energy <= PROTON_MASS else self.proton_energy
        return f"{self.electron_energy:g}x{proton:g}"

    def __str__(self) -> str:
        lepton = "e-" if self.lepton_pdg > 0 else "e+"
        return f"{lepton} p {self.label} GeV, {self.frame} along +z"

    def with_frame(self, frame: Frame) -> Collision:
        """Return the same collision seen with the other beam along +z."""
        return replace(self, frame=frame)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for a manifest or a file header."""
        return asdict(self)
