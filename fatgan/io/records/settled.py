"""What the first events of a record say of the beams of the whole file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fatgan.events.collision import Collision, Frame
from fatgan.io.records.beams import EventBeams, refuse
from fatgan.io.records.head_on import head_on
from fatgan.io.several import SeveralBeams

Array = NDArray[np.float64]

_SAME = 1e-4
"""Relative difference of energies up to which beams are one setting."""
_SMEARING = 0.02
"""Relative difference up to which energies that all differ are one nominal energy, smeared."""
_DIGITS = 3
"""Significant digits of nominal energies: 18, 27.5, 10.6."""


@dataclass(frozen=True)
class Settled:
    """How the beams of all events of a file are understood.

    Parameters
    ----------
    frame
        The beam along +z.
    collision
        The one collision of all events, or that each has its own.
    turned
        Whether the events are to be seen head on, because beams cross or are smeared.
    nominal
        The lepton beam's energy in GeV that they shall have then; None for each event's own.
    """

    frame: Frame
    collision: Collision | SeveralBeams
    turned: bool
    nominal: float | None

    @classmethod
    def by(cls, beams: EventBeams, *, as_it_is: bool) -> Settled:
        """Settle it by the first events; nothing is turned ``as_it_is``."""
        frame: Frame = "electron" if beams.lepton_forward[0] else "proton"
        energies = beams.electron_energy, beams.proton_energy
        smeared = any(_is_smeared(values) for values in energies)
        turned = not as_it_is and bool(smeared or beams.cross.any())
        one_energy = float(np.ptp(energies[0])) < _SMEARING * float(np.median(energies[0]))
        nominal = float(_rounded(np.median(energies[0]))) if turned and one_energy else None
        new = cls(frame, SeveralBeams(frame), turned, nominal)
        Ee, Ep = new.energies(beams)
        first = 0 if not turned else int(np.argsort(Ep)[len(Ep) // 2])
        same = _same(Ee, Ee[first]) & _same(Ep, Ep[first])
        if not (same & (beams.lepton_pdg == beams.lepton_pdg[0])).all():
            return new
        one = Collision(float(Ee[first]), float(Ep[first]), frame, int(beams.lepton_pdg[0]))
        return cls(frame, one, turned, nominal)

    def energies(self, beams: EventBeams) -> tuple[Array, Array]:
        """Return the energies Ee, Ep of the beams as the events are seen, each (n,)."""
        _, Ee, Ep = self.seen(np.zeros((3, len(beams))), beams)
        return Ee, Ep

    def seen(self, momenta: Array, beams: EventBeams) -> tuple[Array, Array, Array]:
        """Return the electrons' momenta (3, n) and Ee, Ep (n,), all in GeV."""
        if not self.turned:
            return momenta, beams.electron_energy, beams.proton_energy
        Ee = _rounded(beams.electron_energy)
        if self.nominal is not None:
            Ee = np.full(len(beams), self.nominal)
        momenta, Ep = head_on(momenta, beams.lepton[:3], beams.proton[:3], Ee)
        return momenta, Ee, Ep

    def check(self, beams: EventBeams, Ee: Array, Ep: Array, path: object, before: int) -> None:
        """Refuse further events whose beams are not what the first ones' are."""
        flipped = beams.lepton_forward != (self.frame == "electron")
        refuse(flipped, path, before, lambda _: f"the {self.frame} beam is not along +z as before")
        if not self.turned:
            refuse(
                beams.cross, path, before, lambda _: "the beams cross, where the first ones do not"
            )
        own = self.collision
        if isinstance(own, SeveralBeams):
            return
        other = ~(_same(Ee, own.electron_energy) & _same(Ep, own.proton_energy))
        other |= beams.lepton_pdg != own.lepton_pdg
        refuse(
            other,
            path,
            before,
            lambda i: (
                f"beams {beams.lepton_pdg[i]} {Ee[i]:g}x{Ep[i]:g}, the first events' are "
                f"{own.lepton_pdg} {own.label}; keep different beams in files of their own"
            ),
        )


def _same(values: Array, one: float) -> NDArray[np.bool_]:
    return np.isclose(values, one, rtol=_SAME, atol=0)


def _is_smeared(values: Array) -> bool:
    """Say whether nearly all energies differ, around one: settings of a machine come again."""
    spread = float(np.ptp(values)) / float(np.median(values))
    return _SAME < spread < _SMEARING and 2 * len(np.unique(values)) > len(values) > 2


def _rounded(values: NDArray[np.float64] | np.floating) -> Array:
    scale = 10.0 ** (_DIGITS - 1 - np.floor(np.log10(values)))
    rounded: Array = np.round(values * scale) / scale
    return rounded
