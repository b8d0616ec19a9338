"""HepMC2 and HepMC3 files of text, read with pyhepmc.

Which of the two a file is, its content tells, and so it is with compression. The layouts are those
of M. Dobbs and J. B. Hansen, Comput. Phys. Commun. 134 (2001) 41, and A. Buckley et al.,
arXiv:1912.08005.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError, MissingExtraError
from fatgan.io.formats.base import Sink
from fatgan.io.formats.compressed import open_bytes
from fatgan.io.formats.record import RecordFormat
from fatgan.io.records.hepmc_sink import HepMC3Sink
from fatgan.io.records.hepmc_text import Census, census, version_of
from fatgan.io.records.particles import BEAM, FINAL, OTHER, Particles

_BLOCK = 4096
"""Events whose particles, all of them, are held at a time."""
_LONGEST_CHAIN = 10_000
_OFF_SHELL = 1e-3
"""Share of E^2 by which E^2 - p^2 of a lepton may be off: files with six digits have 1e-6."""


class HepMC(RecordFormat):
    """HepMC by its content. Beams have status 4; units are GEV or MEV, as each event says.

    The weight is the first one; where it is the same in all events there is none.

    Parameters
    ----------
    hadrons
        Whether the hadronic system is final in written files.
    """

    name = "hepmc"
    suffixes = (".hepmc", ".hepmc3", ".hepmc.gz", ".hepmc3.gz")
    rule = "hardest"
    electron = (
        "the beam lepton followed through the vertices to status 1, "
        "else the hardest of its id with status 1"
    )

    def __init__(self, hadrons: bool = True) -> None:
        self._hadrons = hadrons

    def sniff(self, head: bytes, path: Path) -> bool:
        """The begin of the listing says so."""
        return version_of(head) is not None

    def count(self, path: Path, tree: str | None) -> int:
        """Count the events that begin."""
        return census(path).events

    def header(self, path: Path, tree: str | None) -> str | None:
        """Return the attribute ``fatgan`` of the run."""
        return census(path).header

    def provenance(self, path: Path, tree: str | None) -> Mapping[str, Any]:
        """Return the cross-section of the last event, which is the generator's final one."""
        known = census(path)
        if known.cross_section is None:
            return {}
        value, error = known.cross_section
        return {
            "cross_section_pb": value,
            "cross_section_error_pb": error,
            "events": known.events,
        }

    def weighted(self, path: Path, tree: str | None, first: Particles) -> bool:
        """Weights that are all 1 count for nothing."""
        return census(path).weighted

    def blocks(self, path: Path, tree: str | None, chunk: int) -> Iterator[Particles]:
        """Read event by event; of the particles beams and final leptons are kept."""
        known = census(path)
        unitless, first = known.unitless
        if unitless and (known.whole or first < known.events):
            raise DataError(
                f"{path}: event {first}: no line 'U GEV MM' or 'U MEV MM' says its units (as in "
                f"{unitless:,} of {known.events:,} events)"
            )
        number = 0
        with open_bytes(path) as file, _reader(file, known.version) as reader:
            while number < known.events:
                size = min(chunk, _BLOCK, known.events - number)
                events = _Events(known)
                events.read(reader, size)
                number += len(events)
                if len(events) < size or (number == known.events and not known.whole):
                    bad = number + (len(events) < size)
                    raise DataError(
                        f"{path}: event {bad}: the file ends within it, or is damaged there"
                    )
                block = events.particles()
                _check_shell(block, path, number - size)
                yield block

    def writer(self, path: Path, columns: Mapping[str, str], header: str) -> Sink:
        """Begin a HepMC3 file, compressed if its name ends in .gz."""
        return HepMC3Sink(path, columns, header, hadrons=self._hadrons)


class _Events:
    """The particles of events as arrays, of which the parser's own objects do not live on."""

    def __init__(self, known: Census) -> None:
        self._known, self._conditions = known, known.conditions
        self._arrays: list[tuple[NDArray[Any], ...]] = []
        self._weight: list[float] = []
        self._scattered: list[int] = []
        self._in_mev: list[bool] = []
        self._further: list[list[float]] = []

    def __len__(self) -> int:
        return len(self._arrays)

    def read(self, reader: Any, size: int) -> None:
        """Append up to ``size`` events, fewer where the file ends or is damaged."""
        import pyhepmc

        event, known, mev = pyhepmc.GenEvent(), self._known, pyhepmc.Units.MEV
        # of whatever the event holds when it is asked
        view = event.numpy.particles
        for _ in range(size):
            if not reader.read_event(event):
                return
            pdg, status = view.pid, view.status
            if len(pdg) == 0:  # what the reader calls an event at the end of the file
                return
            # lists of few numbers are searched faster than arrays
            if 4 not in status.tolist():
                status = _with_beams(event, status)
            ids = pdg.tolist()
            several = ids.count(11) + ids.count(-11) > 2 and _several(pdg, status)
            self._scattered.append(_followed(event) if several else -1)
            self._arrays.append((pdg, status, view.px, view.py, view.pz, view.e))
            if known.weighted:
                weights = event.weights
                self._weight.append(weights[0] if len(weights) else 1.0)
            if known.in_mev:
                self._in_mev.append(event.momentum_unit == mev)
            if self._conditions:
                own = event.attributes
                self._further.append([own[name].astype(float) for name in self._conditions])

    def particles(self) -> Particles:
        """Return what is needed of them: beams and final leptons."""
        counts = np.array([len(arrays[0]) for arrays in self._arrays], np.int64)
        pdg, status, *momenta = (np.concatenate(part) for part in zip(*self._arrays, strict=True))
        role = np.select([status == 4, status == 1], [BEAM, FINAL], OTHER).astype(np.int8)
        lepton = (np.abs(pdg) >= 11) & (np.abs(pdg) <= 16)
        keep = (role == BEAM) | ((role == FINAL) & lepton)
        starts = np.cumsum(counts) - counts
        before = np.concatenate([[0], np.cumsum(keep)])
        scattered = np.array(self._scattered, np.int64)
        last = starts + np.maximum(scattered, 0)
        momentum = np.array([component[keep] for component in momenta])
        if self._in_mev:
            momentum *= np.repeat(np.where(self._in_mev, 1e-3, 1.0), counts)[keep]
        further = np.array(self._further, np.float64).reshape(len(self), -1)
        return Particles(
            before[starts + counts] - before[starts],
            pdg[keep].astype(np.int32),
            role[keep],
            momentum,
            np.array(self._weight, np.float64) if self._known.weighted else None,
            np.where(scattered >= 0, before[last] - before[starts], -1),
            {name: further[:, i] for i, name in enumerate(self._conditions)},
        )


@contextmanager
def _reader(file: BinaryIO, version: int) -> Iterator[Any]:
    try:
        import pyhepmc
        import pyhepmc.io
    except ImportError:
        raise MissingExtraError("pyhepmc", "hepmc") from None
    setup = pyhepmc.Setup
    before = setup.print_errors, setup.print_warnings, setup.debug_level
    # what it would print on the standard error becomes one line of ours
    setup.print_errors, setup.print_warnings, setup.debug_level = False, False, 0
    kinds = {2: pyhepmc.io.ReaderAsciiHepMC2, 3: pyhepmc.io.ReaderAscii}
    try:
        stream = pyhepmc.io.pyiostream(file)
        with kinds[version](stream) as reader:
            yield reader
    finally:
        setup.print_errors, setup.print_warnings, setup.debug_level = before


def _several(pdg: NDArray[Any], status: NDArray[Any]) -> bool:
    """Say whether more than one final particle may be the scattered lepton."""
    return bool(np.count_nonzero(np.abs(pdg[status == 1]) == 11) > 1)


def _with_beams(event: Any, status: NDArray[Any]) -> NDArray[Any]:
    """Return status codes with the beams that the event names, or has by coming from nowhere."""
    status = status.copy()
    for beam in event.beams:
        status[beam.id - 1] = 4
    return status


def _followed(event: Any) -> int:
    """Return which particle the beam lepton has become, counted from 0; -1 if it is lost."""
    particle = next((beam for beam in event.beams if abs(beam.pid) == 11), None)
    for _ in range(_LONGEST_CHAIN):
        if particle is None or particle.status == 1:
            break
        vertex = particle.end_vertex
        same = [] if vertex is None else vertex.particles_out
        same = [child for child in same if child.pid == particle.pid]
        particle = max(same, key=lambda child: child.momentum.e, default=None)
    return -1 if particle is None or particle.status != 1 else int(particle.id) - 1


def _check_shell(block: Particles, path: Path, before: int) -> None:
    """Refuse leptons whose momentum and energy do not fit: the parser takes letters for zeros."""
    px, py, pz, E = block.momenta
    electron = np.abs(block.pdg) == 11
    with np.errstate(invalid="ignore"):
        bad = electron & (np.abs(E**2 - px**2 - py**2 - pz**2) > _OFF_SHELL * E**2 + 1e-5)
    if bad.any():
        i = int(bad.argmax())
        raise DataError(
            f"{path}: event {before + int(block.event[i]) + 1}: an electron has momentum "
            f"({px[i]:g}, {py[i]:g}, {pz[i]:g}) and energy {E[i]:g} GeV, which do not fit: damaged"
        )
