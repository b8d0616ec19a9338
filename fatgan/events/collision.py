"""The collision record: which beams, at which energies, in which frame."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np

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
        check_beams(
            self.electron_energy, self.proton_energy, self.frame, self.lepton_pdg, self.hadron_pdg
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
        arrays = Beams.of_energies(self.electron_energy, self.proton_energy)
        # plain floats take the precision of whatever they meet in the graph
        return Beams(*(float(component) for component in arrays))

    @property
    def s(self) -> float:
        """Squared centre-of-mass energy in GeV^2."""
        return float(self.beams.s)

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

    def settings(self) -> tuple[Collision, ...]:
        """Return the distinct collisions: this one, as its counterpart of many beams does."""
        return (self,)


def check_beams(
    electron_energy: Any, proton_energy: Any, frame: str, lepton_pdg: Any, hadron_pdg: int = 2212
) -> None:
    """Refuse beams that cannot be, given as single numbers or as arrays (n,), one per event.

    Raises
    ------
    ConfigError
        An energy below the mass or not finite, an unknown frame, other beams than e- or e+ on
        protons; of arrays the first such number is named, and how many there are.
    """
    if frame not in ("proton", "electron"):
        raise ConfigError(
            f"frame '{frame}' is unknown: 'proton' or 'electron', the beam that moves along +z"
        )
    electron = np.isfinite(electron_energy) & (electron_energy > ELECTRON_MASS)
    _refuse_unless(electron, electron_energy, "electron beam energy {} GeV is not above its mass")
    proton = np.isfinite(proton_energy) & (proton_energy >= PROTON_MASS)
    _refuse_unless(
        proton,
        proton_energy,
        "proton beam energy {} GeV is below its mass; write 0 for a proton at rest",
    )
    known = (np.abs(lepton_pdg) == 11) & (hadron_pdg == 2212)
    beams = f"beams {{}} on {hadron_pdg}"
    _refuse_unless(
        known, lepton_pdg, f"{beams}: only e- (11) or e+ (-11) on protons (2212) are known"
    )


def _refuse_unless(good: Any, values: Any, complaint: str) -> None:
    bad = ~np.atleast_1d(good)
    if bad.any():
        line = complaint.format(np.atleast_1d(values)[bad][0])
        count = f" (in {np.count_nonzero(bad):,} of {bad.size:,} events)" if np.ndim(values) else ""
        raise ConfigError(line + count)
