"""EIC text: the event files of BeAGLE, Pythia 6, Sartre and their kin, which eic-smear reads.

A first line that ends in ``EVENT FILE``, the names of the columns of events and of particles
between lines of ``=====``; then for each event its line, such a line, its particles, and ``Event
finished``. Particles have 14 columns: number, status, id, parent, two of daughters, px, py, pz, E,
m and the vertex. BeAGLE's have 18: a second parent before the momenta, and three at the end. Units
are GeV. The layout is that of https://eic.github.io/software/mcgen.html and, for BeAGLE, of
arXiv:2204.11998.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from fatgan.errors import DataError
from fatgan.io.formats.compressed import open_bytes
from fatgan.io.formats.record import RecordFormat
from fatgan.io.records.builder import Builder, Line
from fatgan.io.records.particles import BEAM, FINAL, Particles
from fatgan.io.records.pieces import pieces

_RULER, _FINISHED = b"=====", b"Event finished"
_MOMENTA = {14: 6, 18: 7}
"""In which column px stands, by how many there are."""
_FINAL, _DOCUMENTED = b"1", b"21"
_LEPTONS = range(11, 17)


class EICText(RecordFormat):
    """Text of BeAGLE, Pythia 6 or Sartre; the first two particles of status 21 are the beams."""

    name = "eic_text"
    rule = "first"
    electron = "the first particle of status 1 with the beam lepton's id"

    def sniff(self, head: bytes, path: Path) -> bool:
        """The first line says so."""
        return b"EVENT FILE" in head.lstrip().split(b"\n", 1)[0].upper()

    def count(self, path: Path, tree: str | None) -> int:
        """Count the ends of events."""
        count = sum(piece.count(_FINISHED) for piece in pieces(path, _FINISHED))
        # an event without an end is told by reading it
        return count or sum(len(block) for block in self.blocks(path, tree, 1))

    def blocks(self, path: Path, tree: str | None, chunk: int) -> Iterator[Particles]:
        """Read event by event."""
        built, number = Builder(), 0
        with open_bytes(path) as file:
            names = _read_names(file)
            for event in _events(file, path):
                number += 1
                try:
                    built.add(event.particles(names))
                except (ValueError, IndexError) as error:
                    raise DataError(f"{path}: event {number}: {error}") from None
                if len(built) == chunk:
                    yield built.take()
        if len(built):
            yield built.take()


@dataclass(frozen=True)
class _Event:
    head: Sequence[bytes]
    lines: Sequence[bytes]

    def particles(self, names: Sequence[str]) -> list[Line]:
        """Return the beams and the final leptons."""
        found: list[Line] = []
        beams = 0
        for line in self.lines:
            words = line.split()
            start = _MOMENTA.get(len(words))
            if start is None:
                raise ValueError(f"a line of {len(words)} columns, not 14 or 18: {_shown(line)}")
            pdg = _whole(words[2], line)
            is_beam = words[1] == _DOCUMENTED and beams < 2
            is_final = words[1] == _FINAL and abs(pdg) in _LEPTONS
            if is_beam or is_final:
                momentum = [_number(word, line) for word in words[start : start + 4]]
                pdg = self._nucleus(names) or pdg if is_beam and pdg in (2212, 2112) else pdg
                found.append((pdg, BEAM if is_beam else FINAL, momentum))
                beams += is_beam
        return found

    def _nucleus(self, names: Sequence[str]) -> int:
        """Return the id of the nucleus of which BeAGLE lists one nucleon as the beam, else 0."""
        if "Atarg" not in names:
            return 0
        line = b" ".join(self.head)
        A, Z = (_whole(self.head[names.index(name)], line) for name in ("Atarg", "Ztarg"))
        return 1_000_000_000 + 10_000 * Z + 10 * A if A > 1 else 0


def _read_names(file: BinaryIO) -> list[str]:
    """Return the names of an event's columns, and leave the file where the events begin."""
    rulers, names = 0, b""
    for line in file:
        if _RULER in line:
            rulers += 1
        elif rulers == 1:
            names += line
        if rulers == 3:
            break
    return [name.strip().decode(errors="replace") for name in names.split(b",")]


def _events(file: BinaryIO, path: Path) -> Iterator[_Event]:
    head: list[bytes] = []
    lines: list[bytes] = []
    number = 1
    for line in file:
        if _FINISHED in line:
            yield _Event(head, lines)
            head, lines, number = [], [], number + 1
        elif not line.strip() or _RULER in line:
            continue
        elif head:
            lines.append(line)
        else:
            head = line.split()
    if head:
        raise DataError(
            f"{path}: event {number}: the file ends within it, there is no 'Event finished'"
        )


def _number(word: bytes, line: bytes) -> float:
    try:
        return float(word)
    except ValueError:
        shown = word.decode(errors="replace")
        raise ValueError(f"'{shown}' is no number: {_shown(line)}") from None


def _whole(word: bytes, line: bytes) -> int:
    number = _number(word, line)
    if not number.is_integer():
        raise ValueError(f"{number} is no whole number: {_shown(line)}")
    return int(number)


def _shown(line: bytes) -> str:
    return repr(line[:80].decode(errors="replace").strip())
