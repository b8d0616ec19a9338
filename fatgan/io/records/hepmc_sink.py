"""HepMC3 files, written as text.

The text is written here and not by pyhepmc: of events of five particles it makes and writes 14
thousand a second on one core, as columns of text they are 180 thousand. The layout is that of
HepMC3's own ``WriterAscii`` (A. Buckley et al., arXiv:1912.08005), which the tests hold it against
by reading it with pyhepmc.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, cast

import numpy as np

from fatgan.errors import DataError
from fatgan.events.table import EventTable
from fatgan.io.cross_section import cross_section_of
from fatgan.io.header import Header
from fatgan.io.records.lines import Columns, Piece, TextSink
from fatgan.io.records.topology import (
    HADRONS,
    LEPTON,
    PHOTON,
    PROTON,
    SCATTERED,
    Topology,
    outgoing,
)
from fatgan.io.several import BEAM_ROLES
from fatgan.version import __version__

ATTRIBUTE = "fatgan"
"""Name of the attribute of the run that holds the header."""
WEIGHTED, UNWEIGHTED = "weight", "Default"
"""The weight's name: that of a table's weights, and HepMC3's own where all are 1."""

_LONGEST = (1 << 18) - 1
"""Characters that HepMC3 reads of a line."""
_COMPRESSION = 3
"""Of gzip: files are a tenth larger than at the usual 6, and written in half the time."""


class HepMC3Sink(TextSink):
    """A HepMC3 file being written: GEV and MM, weights, and provenance in the run's attributes.

    Each event holds the two beams (status 4), the virtual photon (22, status 13), the scattered
    lepton (status 1) and the hadronic system (90). Conditions and derived observables are
    attributes of the event under their names.

    A cross-section in pb stands in every event if the provenance says one (``cross_section_pb``,
    ``cross_section_error_pb``). If not, there is none: Rivet then wants to be told with ``-x``.
    Beams may differ from event to event; Rivet and the ePIC afterburner want them constant.

    Parameters
    ----------
    path
        File to write; compressed if its name ends in ``.gz``.
    columns
        Names of the columns that :meth:`write` is given.
    header
        :class:`Header` as JSON.
    hadrons
        Whether the hadronic system is final (status 1) or left out of the final state (2).

    Raises
    ------
    DataError
        A provenance that HepMC3 could not read back.
    """

    def __init__(
        self, path: Path, columns: Mapping[str, str], header: str, *, hadrons: bool = True
    ) -> None:
        known = Header.from_json(header, path)
        self._hadrons, self._events = hadrons, 0
        self._cross_section = _cross_section(known.provenance, "weight" in columns)
        taken = ("px", "py", "pz", "E", "weight", *BEAM_ROLES)
        self._attributes = [name for name in columns if name not in taken]
        begin = _begin(header, WEIGHTED if "weight" in columns else UNWEIGHTED)
        self._raw = path.open("wb")
        super().__init__(
            _compressed(self._raw) if path.suffix.lower() == ".gz" else self._raw, known.collision
        )
        self._file.write(begin)

    def close(self) -> None:
        """Finish the file."""
        self._file.write(b"HepMC::Asciiv3-END_EVENT_LISTING\n\n")
        super().close()
        self._raw.close()  # which the compressed file leaves open

    def pieces(self, table: EventTable, columns: Columns) -> Sequence[Piece]:
        """Return the lines of each event."""
        numbers = np.arange(self._events, self._events + len(table))
        self._events += len(table)
        pieces: list[Piece] = [
            "E ",
            numbers,
            " 2 5\nU GEV MM\nW ",
            columns.get("weight", "1"),
            "\n",
        ]
        pieces.append(self._cross_section)
        for name in self._attributes:
            pieces += [f"A 0 {name} ", columns[name], "\n"]
        return [*pieces, *_particles(outgoing(table, self._hadrons))]


def _particles(events: Topology) -> Iterator[Piece]:
    """Yield the lines of the particles: number, vertex or parent, id, momentum, mass, status."""
    for number, origin, place in (
        (1, "0", LEPTON),
        (2, "1", PHOTON),
        (3, "1", SCATTERED),
        (4, "0", PROTON),
        (5, "-2", HADRONS),
    ):
        if place == HADRONS:
            yield "V -2 0 [2,4]\n"
        yield f"P {number} {origin} "
        yield events.pdg[:, place]
        for values in (*events.momenta[:, place].T, events.mass[:, place]):
            yield " "
            yield values
        yield f" {events.status[place]}\n"


def _begin(header: str, weight: str) -> bytes:
    # HepMC3's own way to keep attributes on one line
    escaped = header.replace("\\", "\\\\").replace("\n", "\\|")
    if len(escaped) > _LONGEST - len(ATTRIBUTE) - 4:
        raise DataError(
            f"the provenance has {len(header):,} characters, more than a line of HepMC3 can hold: "
            "write another format, or a table with a shorter provenance"
        )
    return (
        "HepMC::Version 3.02.05\nHepMC::Asciiv3-START_EVENT_LISTING\n"
        f"W {weight}\nT fatgan\\|{__version__}\\|\nA {ATTRIBUTE} {escaped}\n"
    ).encode()


def _cross_section(provenance: Mapping[str, Any], weighted: bool) -> str:
    known = cross_section_of(provenance, weighted)
    return "" if known is None else f"A 0 GenCrossSection {known[0]!r} {known[1]!r} -1 -1\n"


def _compressed(file: IO[bytes]) -> IO[bytes]:
    # without name and time of writing equal events make equal files
    return cast(IO[bytes], gzip.GzipFile("", "wb", _COMPRESSION, file, mtime=0))
