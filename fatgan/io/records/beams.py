"""The beams of the events of a record, and what a file may hold of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError
from fatgan.events.kinematics import ELECTRON_MASS, PROTON_MASS
from fatgan.io.records.particles import BEAM, Particles

Array = NDArray[np.float64]

_LEPTONS = (11, 12, 13, 14, 15, 16)
_PROTON = 2212
_AT_REST = 1e-3
"""Momentum (GeV) below which a proton is at rest, whatever digits its mass has."""
_CROSSING = 1e-7
"""Angle (rad) of a beam to the z axis from which on it is one: true ones are above 1e-5."""


@dataclass(frozen=True)
class EventBeams:
    """Beams of n events: ids of the leptons (n,), four-momenta px, py, pz, E in GeV, (4, n)."""

    lepton_pdg: NDArray[np.int32]
    lepton: Array
    proton: Array

    def __len__(self) -> int:
        return len(self.lepton_pdg)

    @property
    def electron_energy(self) -> Array:
        """Total energies of the lepton beam as the file says them, (n,)."""
        return np.maximum(self.lepton[3], np.nextafter(ELECTRON_MASS, 1))

    @property
    def proton_energy(self) -> Array:
        """Total energies of the proton beam, (n,): exactly the mass for one at rest."""
        at_rest = np.linalg.norm(self.proton[:3], axis=0) < _AT_REST
        # generators have masses of their own, with fewer digits
        return np.where(at_rest, PROTON_MASS, np.maximum(self.proton[3], PROTON_MASS))

    @property
    def lepton_forward(self) -> NDArray[np.bool_]:
        """Whether the lepton moves along +z, (n,)."""
        return self.lepton[2] > 0

    @property
    def cross(self) -> NDArray[np.bool_]:
        """Whether a beam of the event has an angle to the z axis, (n,)."""
        return (_angle(self.lepton) > _CROSSING) | (_angle(self.proton) > _CROSSING)


def of(particles: Particles, path: object, before: int = 0) -> EventBeams | None:
    """Return the beams of a block's events; None if not one event has any.

    Parameters
    ----------
    particles
        A block.
    path
        The file, for messages.
    before
        Events of the file in front of the block, for messages.

    Raises
    ------
    DataError
        An event with no beams, one, or more than two; two leptons, two hadrons, nuclei, neutrons,
        other leptons than electrons; momenta that are no numbers, or beams that move the same way.
    """
    which = np.flatnonzero(particles.role == BEAM)
    if len(which) == 0:
        return None
    number = np.bincount(particles.event[which], minlength=len(particles))
    refuse(number != 2, path, before, lambda i: f"{number[i]} beam particles instead of 2")
    pairs = which.reshape(-1, 2)
    ids = particles.pdg[pairs]
    is_lepton = np.isin(np.abs(ids), _LEPTONS)
    leptons = is_lepton.sum(axis=1)

    def named(i: int) -> str:
        return f"(ids {ids[i, 0]}, {ids[i, 1]})"

    not_ep = "not electron-proton events"
    refuse(leptons == 2, path, before, lambda i: f"no hadron beam {named(i)}: {not_ep}")
    refuse(leptons == 0, path, before, lambda i: f"no lepton beam {named(i)}: {not_ep}")
    rows = np.arange(len(pairs))
    first = is_lepton.argmax(axis=1)
    k, p = pairs[rows, first], pairs[rows, 1 - first]
    lepton, hadron = particles.pdg[k], particles.pdg[p]
    refuse(
        np.abs(lepton) != 11,
        path,
        before,
        lambda i: f"lepton beam {lepton[i]}: only e- (11) and e+ (-11) are known",
    )
    refuse(hadron != _PROTON, path, before, lambda i: _other_hadron(int(hadron[i])))
    found = EventBeams(lepton, particles.momenta[:, k], particles.momenta[:, p])
    _check_momenta(found, path, before)
    return found


def _other_hadron(pdg: int) -> str:
    kind = "a nucleus" if abs(pdg) > 1_000_000_000 else "no proton"
    return f"hadron beam {pdg} is {kind}; only protons (2212) are known"


def _check_momenta(beams: EventBeams, path: object, before: int) -> None:
    finite = np.isfinite(np.concatenate([beams.lepton, beams.proton]))
    broken: NDArray[np.bool_] = np.any(~finite, axis=0)
    refuse(broken, path, before, lambda _: "the beams' momenta are NaN or infinite")
    still = beams.lepton[2] == 0
    refuse(still, path, before, lambda _: "the lepton beam does not move along z")
    same = (beams.lepton[2] * beams.proton[2] > 0) & (np.abs(beams.proton[2]) > _AT_REST)
    refuse(same, path, before, lambda _: "both beams move the same way along z")
    flips = beams.lepton_forward != beams.lepton_forward[0]
    refuse(flips, path, before, lambda _: "the beams have changed their sides")


def refuse(bad: NDArray[np.bool_], path: object, before: int, reason: Callable[[int], str]) -> None:
    """Raise on the first bad event, counted from 1 in the file, with how many there are."""
    if not bad.any():
        return
    i = int(bad.argmax())
    count = int(np.count_nonzero(bad))
    more = f" (as in {count:,} of {len(bad):,} events)" if count > 1 else ""
    raise DataError(f"{path}: event {before + i + 1}: {reason(i)}{more}")


def _angle(momenta: Array) -> Array:
    along = np.abs(momenta[2])
    # a beam at rest has no direction
    return np.where(along > _AT_REST, np.hypot(momenta[0], momenta[1]) / np.fmax(along, 1e-300), 0)
