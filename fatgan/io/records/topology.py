r"""The particles of an inclusive event: both beams, the photon, the lepton and all hadrons as one.

An event table knows the scattered lepton k' alone; with the beams k and P that is a whole event at
the level of ``e p -> e' X``:

.. math::
    k \to q + k', \qquad q + P \to X, \qquad q = k - k', \quad p_X = k + P - k'

It is what eic-smear's BuildTree, the ePIC afterburner and Rivet ask of a HepMC3 file: two beams of
status 4 first, and the scattered lepton and one photon as the children of the beam lepton.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError
from fatgan.events.collisions import AnyCollision
from fatgan.events.kinematics import ELECTRON_MASS, PROTON_MASS
from fatgan.events.table import EventTable

Array = NDArray[np.float64]

LEPTON, PROTON, PHOTON, SCATTERED, HADRONS = range(5)
"""Places of the particles in an event. The parents of the hadrons stand side by side."""

SYSTEM_PDG = 90
"""What Pythia calls the whole of several particles."""
FINAL, DECAYED, BEAM, EXCHANGED = 1, 2, 4, 13
"""HepMC3's status codes of final, decayed and beam particles, and Pythia's of a space-like one."""
MOTHERS = np.array([[-1, -1], [-1, -1], [0, -1], [0, -1], [1, 2]], np.int32)
"""The first and the last parent of each particle by their places, -1 where there is none."""


@dataclass(frozen=True)
class Topology:
    """n events of the five particles in the order of :data:`LEPTON` to :data:`HADRONS`.

    Parameters
    ----------
    momenta
        px, py, pz, E in GeV, in the frame of the table, shape (n, 5, 4).
    mass
        Masses in GeV, shape (n, 5); the photon's is -Q, as HepMC3 has it for a space-like one.
    pdg
        Ids of the Particle Data Group, shape (n, 5).
    status
        HepMC3's status codes, shape (5,).
    """

    momenta: Array
    mass: Array
    pdg: NDArray[np.int32]
    status: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.momenta)


def outgoing(table: EventTable, hadrons: bool = True) -> Topology:
    """Return the particles of a table's events; four-momentum is conserved to rounding.

    Parameters
    ----------
    table
        Scattered leptons with their collision.
    hadrons
        Whether the hadronic system is final (status 1). Geant4 cannot track it: without, it has
        decayed (status 2), into what the event does not hold.

    Raises
    ------
    DataError
        Momenta that are no numbers, or too large for an energy; counted.
    """
    scattered = np.stack(table.momenta, axis=1)
    with np.errstate(over="ignore", invalid="ignore"):
        energy = table["E"]
    bad = np.count_nonzero(~np.isfinite(energy))
    if bad:
        raise DataError(
            f"{bad:,} events have momenta that are no numbers, or too large for "
            "an energy: leave them out"
        )
    momenta = np.zeros((len(table), 5, 4))
    _place_beams(momenta, table.collision)
    momenta[:, SCATTERED, :3], momenta[:, SCATTERED, 3] = scattered, energy
    momenta[:, PHOTON] = momenta[:, LEPTON] - momenta[:, SCATTERED]
    momenta[:, HADRONS] = momenta[:, PHOTON] + momenta[:, PROTON]
    mass = np.empty((len(table), 5))
    mass[:, [LEPTON, SCATTERED]], mass[:, PROTON] = ELECTRON_MASS, PROTON_MASS
    mass[:, PHOTON], mass[:, HADRONS] = _root(-table["Q2"]), _root(table["W2"])
    pdg = np.empty((len(table), 5), np.int32)
    pdg[:, [LEPTON, SCATTERED]] = np.reshape(table.collision.lepton_pdg, (-1, 1))
    pdg[:, [PROTON, PHOTON, HADRONS]] = 2212, 22, SYSTEM_PDG
    status = [BEAM, BEAM, EXCHANGED, FINAL, FINAL if hadrons else DECAYED]
    return Topology(momenta, mass, pdg, np.array(status, np.int32))


def _place_beams(momenta: Array, collision: AnyCollision) -> None:
    for place, energy, mass, leads in (
        (LEPTON, collision.electron_energy, ELECTRON_MASS, "electron"),
        (PROTON, collision.proton_energy, PROTON_MASS, "proton"),
    ):
        momenta[:, place, 3] = energy
        # no difference of squares, and nothing below zero for a proton at rest
        size = np.sqrt((momenta[:, place, 3] - mass) * (momenta[:, place, 3] + mass))
        momenta[:, place, 2] = size if collision.frame == leads else -size


def _root(squared: Array) -> Array:
    """Return masses of squared masses, negative for space-like ones."""
    root: Array = np.sign(squared) * np.sqrt(np.abs(squared))
    return root
