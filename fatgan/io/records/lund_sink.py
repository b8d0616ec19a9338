"""JLab's LUND text: what GEMC and the CLAS12 chain track."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from fatgan.errors import DataError
from fatgan.events.collision import Collision
from fatgan.events.collisions import AnyCollision
from fatgan.events.kinematics import PROTON_MASS
from fatgan.events.table import EventTable
from fatgan.io.header import Header
from fatgan.io.records.lines import Columns, Piece, TextSink
from fatgan.io.records.topology import HADRONS, SCATTERED, Topology, outgoing

_log = logging.getLogger("fatgan")


class LundSink(TextSink):
    """A LUND file being written: the scattered lepton is active (type 1), for Geant4 to track.

    Of each event there is a header of ten numbers (particles, A and Z of the target, both
    polarisations, beam id, beam energy in GeV, nucleon id, process id, weight), and a line of 14
    for the lepton and, unless it is left out, for the hadronic system (90, type 0: GEMC stops at
    an active particle that Geant4 does not know). Vertices are at the origin.

    The electron comes along +z on a proton at rest, whatever the frame of the table.

    LUND has no comments: the header with the provenance and the conditions is not kept, which is
    logged once a file.

    Parameters
    ----------
    path
        File to write.
    columns
        Names of the columns that :meth:`write` is given.
    header
        :class:`Header` as JSON.
    hadrons
        Whether the hadronic system has a line.

    Raises
    ------
    DataError
        Protons that are not at rest.
    """

    def __init__(
        self, path: Path, columns: Mapping[str, str], header: str, *, hadrons: bool = True
    ) -> None:
        known = Header.from_json(header, path)
        self._hadrons = hadrons
        if isinstance(known.collision, Collision):
            _check_at_rest(known.collision)
        lost = ["the provenance"] if known.provenance else []
        lost += [f"condition {name}" for name in known.conditions]
        if lost:
            _log.warning("LUND files have no place for %s: left out", ", ".join(lost))
        super().__init__(path.open("wb"), known.collision)

    def pieces(self, table: EventTable, columns: Columns) -> Sequence[Piece]:
        """Return the lines of each event."""
        _check_at_rest(table.collision)
        events = outgoing(table.with_frame("electron"))
        places = (SCATTERED, HADRONS) if self._hadrons else (SCATTERED,)
        pieces: list[Piece] = [f"{len(places)} 1 1 0 0 ", events.pdg[:, SCATTERED]]
        pieces += [" ", table["Ee"], " 2212 0 ", columns.get("weight", "1"), "\n"]
        for number, place in enumerate(places, start=1):
            pieces += _particle(events, number, place)
        return pieces


def _particle(events: Topology, number: int, place: int) -> list[Piece]:
    pieces: list[Piece] = [f"{number} 0 {int(place == SCATTERED)} "]
    pieces += [events.pdg[:, place], " 0 0"]
    for values in (*events.momenta[:, place].T, events.mass[:, place]):
        pieces += [" ", values]
    return [*pieces, " 0 0 0\n"]


def _check_at_rest(collision: AnyCollision) -> None:
    moving = np.count_nonzero(np.asarray(collision.proton_energy) > PROTON_MASS)
    if moving:
        raise DataError(
            "LUND files hold electrons on a proton at rest, and these are events of "
            f"{collision}: write HepMC3 (.hepmc) or another format"
        )
