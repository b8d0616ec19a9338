"""LUND text of Jefferson Lab's generators, which GEMC reads: events on a target at rest.

A header of at least ten numbers for each event (particles, A, Z, polarisations of target and
beam, beam's id and energy, struck nucleon, process, weight) and for each particle at least
fourteen (number, lifetime, type, id, parent, daughter, px, py, pz, E, m and the vertex in cm).
Only the number of particles and of them type, id and momentum are sure: of the rest, says
https://gemc.jlab.org/gemc/html/documentation/generator/lund.html, users make what they like.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from fatgan.errors import DataError
from fatgan.events.kinematics import ELECTRON_MASS, PROTON_MASS
from fatgan.io.formats.base import Sink
from fatgan.io.formats.compressed import open_bytes
from fatgan.io.formats.record import RecordFormat
from fatgan.io.records.builder import Builder, Line
from fatgan.io.records.lund_sink import LundSink
from fatgan.io.records.particles import BEAM, FINAL, Particles

_HEADER, _PARTICLE = 10, 14
"""Least numbers of the two kinds of lines."""
_INTEGERS = 6
"""Numbers of a particle's line before its momentum."""
_ACTIVE = 1
_LEPTONS = range(11, 17)
_MOST = 100_000
"""Particles of an event above which a first number is none of particles."""


class Lund(RecordFormat):
    """LUND by lines. The electron beam is along +z, with the energy of the header.

    Parameters
    ----------
    hadrons
        Whether the hadronic system has a line in written files.
    """

    name = "lund"
    suffixes = (".lund",)
    rule = "hardest"
    electron = "the hardest active particle (type 1) with the beam lepton's id"

    def __init__(self, hadrons: bool = True) -> None:
        self._hadrons = hadrons

    def sniff(self, head: bytes, path: Path) -> bool:
        """A line of ten numbers, the first one of particles, and a first particle."""
        lines = [line.split() for line in head.split(b"\n")[:-1] if line.strip()]
        lines = [line for line in lines if not line[0].startswith(b"#")]
        if len(lines) < 2:
            return False
        first, second = lines[:2]
        if not (_are_numbers(first) and _are_numbers(second[:_INTEGERS])):
            return False
        counts = first[0].isdigit() and len(first) >= _HEADER and len(second) >= _PARTICLE
        return counts and 0 < int(first[0]) < _MOST and _is_particle(second)

    def count(self, path: Path, tree: str | None) -> int:
        """Count the headers, from one to the next."""
        with open_bytes(path) as file:
            return sum(1 for _ in _events(file, path))

    def weighted(self, path: Path, tree: str | None, first: Particles) -> bool:
        """Weights that are all 1 count for nothing."""
        if first.weight is None:
            return False
        with open_bytes(path) as file:
            return any(float(header[9]) != 1 for header, _ in _events(file, path))

    def blocks(self, path: Path, tree: str | None, chunk: int) -> Iterator[Particles]:
        """Read event by event."""
        built, number = Builder(), 0
        stated: bool | None = None
        with open_bytes(path) as file:
            for header, lines in _events(file, path):
                number += 1
                try:
                    values = [float(word) for word in header]
                    stated = _states_beams(values) if stated is None else stated
                    beams = _beams(values) if stated else []
                    weight = values[9] if stated else None
                    built.add([*beams, *_outgoing(lines)], weight)
                except (ValueError, IndexError) as error:
                    raise DataError(f"{path}: event {number}: {error}") from None
                if len(built) == chunk:
                    yield built.take()
        if len(built):
            yield built.take()

    def writer(self, path: Path, columns: Mapping[str, str], header: str) -> Sink:
        """Begin a file of electrons on protons at rest."""
        return LundSink(path, columns, header, hadrons=self._hadrons)


def _events(file: BinaryIO, path: Path) -> Iterator[tuple[list[bytes], list[list[bytes]]]]:
    """Yield headers with the lines of their particles, in words."""
    lines = (words for words in (line.split() for line in file) if words and words[0][:1] != b"#")
    for number, header in enumerate(lines, start=1):
        if not header[0].isdigit() or len(header) < _HEADER:
            raise DataError(
                f"{path}: event {number}: its header must be at least {_HEADER} numbers, the first "
                f"one that of its particles; it is {_shown(header)}"
            )
        particles: list[list[bytes]] = []
        for _ in range(int(header[0])):
            words = next(lines, None)
            if words is None or not _is_particle(words):
                there = "the file ends" if words is None else f"there is {_shown(words)}"
                raise DataError(
                    f"{path}: event {number}: {there} after {len(particles)} of "
                    f"{int(header[0])} particles that its header promises"
                )
            particles.append(words)
        yield header, particles


def _states_beams(header: Sequence[float]) -> bool:
    """Say whether a header has beams where the convention has them, not x, y, W, Q2 as others."""
    _, A, Z, _, _, beam, energy, nucleon, *_ = header
    whole = all(value.is_integer() for value in (A, Z, beam, nucleon))
    return whole and abs(beam) in (0, 11, 13, 22) and energy > 0 and nucleon in (0, 2212, 2112)


def _beams(header: Sequence[float]) -> list[Line]:
    """Return both beams; what the header leaves at zero is an electron on a proton."""
    _, A, Z, _, _, beam, energy, nucleon, *_ = header
    if not math.isfinite(energy) or energy <= 0:
        raise ValueError(f"the header's beam energy is {energy}")
    pdg = 2212 if nucleon == 0 else int(nucleon)
    if A > 1:
        pdg = 1_000_000_000 + 10_000 * int(Z) + 10 * int(A)
    elif A == 1:
        pdg = 2212 if Z == 1 else 2112
    momentum = math.sqrt(max(energy**2 - ELECTRON_MASS**2, 0.0))
    return [
        (int(beam) or 11, BEAM, (0.0, 0.0, momentum, energy)),
        (pdg, BEAM, (0.0, 0.0, 0.0, PROTON_MASS)),
    ]


def _outgoing(lines: Sequence[Sequence[bytes]]) -> list[Line]:
    found: list[Line] = []
    for words in lines:
        pdg = int(float(words[3]))
        if float(words[2]) == _ACTIVE and abs(pdg) in _LEPTONS:
            px, py, pz = (float(word) for word in words[6:9])
            # the energy is left to users: it follows from the momentum
            energy = math.sqrt(px * px + py * py + pz * pz + ELECTRON_MASS**2)
            found.append((pdg, FINAL, (px, py, pz, energy)))
    return found


def _is_particle(words: Sequence[bytes]) -> bool:
    return len(words) >= _PARTICLE


def _are_numbers(words: Sequence[bytes]) -> bool:
    try:
        return all(float(word) is not None for word in words)
    except ValueError:
        return False


def _shown(words: Sequence[bytes]) -> str:
    return repr(b" ".join(words)[:80].decode(errors="replace"))
