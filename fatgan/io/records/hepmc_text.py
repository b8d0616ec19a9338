"""What the text of a HepMC file tells without parsing its events."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

import numpy as np

from fatgan.io.records.pieces import pieces

_EVENT, _UNITS, _END = b"\nE ", b"\nU ", b"END_EVENT_LISTING"
_LINES = (b"E", b"N", b"U", b"C", b"H", b"F", b"W", b"A", b"V", b"P")
"""What lines of events begin with."""
_PARTICLE = 10
"""Words of a particle's line in HepMC3."""
_VERSIONS = {3: b"HepMC::Asciiv3", 2: b"HepMC::IO_GenEvent"}
_CROSS_SECTION = {3: b"\nA 0 GenCrossSection ", 2: b"\nC "}
_HEADER = re.compile(rb"\nA fatgan ([^\n]*)")
_ESCAPED = re.compile(rb"\\(.)")


@dataclass(frozen=True)
class Census:
    """What is known of a HepMC file before its events are built.

    Parameters
    ----------
    version
        2 or 3.
    events
        Events that begin.
    unitless
        Events that do not say their units: how many, and the first one's number from 1.
    in_mev
        Whether there are events in MeV.
    weighted
        Whether nominal weights are others than 1; in files by fatgan whether they were written
        with weights.
    header
        What fatgan wrote about the file, as JSON.
    cross_section
        Cross-section in pb and its error as of the last event, where generators know it best.
    whole
        Whether the file has its last line, or at least the last event all of its.
    """

    version: int
    events: int
    unitless: tuple[int, int]
    in_mev: bool
    weighted: bool
    header: str | None
    cross_section: tuple[float, float] | None
    whole: bool

    @property
    def conditions(self) -> tuple[str, ...]:
        """Names of the conditions that fatgan wrote into each event."""
        return () if self.header is None else tuple(json.loads(self.header).get("conditions", ()))


def version_of(head: bytes) -> int | None:
    """Return 2 or 3 by a file's first bytes, or None where it is no HepMC file."""
    return next((number for number, mark in _VERSIONS.items() if mark in head[:512]), None)


def census(path: Path) -> Census:
    """Look through a file once; the answer is kept until the file changes."""
    status = path.stat()
    return _census(path, status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=8)
def _census(path: Path, modified: int, size: int) -> Census:
    known = _Counts()
    head, piece = b"", b""
    version = 3
    for number, piece in enumerate(pieces(path, _EVENT)):
        if number == 0:
            head = piece.split(_EVENT, 1)[0]
            version = version_of(head) or 3
            piece = piece[len(head) :]
        known.add(piece, version)
    header = _header(head)
    return Census(
        version,
        known.events,
        (known.unitless, known.first_unitless),
        in_mev=known.in_mev > 0,
        weighted=any(float(word) != 1 for word in known.weights)
        if header is None
        else b"\nW weight\n" in head,
        header=header,
        cross_section=_two_numbers(known.cross_section, version),
        whole=_END in piece or _is_whole(piece, version),
    )


@dataclass
class _Counts:
    events: int = 0
    unitless: int = 0
    first_unitless: int = 0
    in_mev: int = 0
    weights: set[bytes] = field(default_factory=set)
    cross_section: bytes = b""

    def add(self, piece: bytes, version: int) -> None:
        """Look through the lines of some events, by the letters that they begin with."""
        text = np.frombuffer(piece, np.uint8)
        begins = np.flatnonzero(text[:-1] == ord("\n")) + 1
        kinds = text[begins]
        events, units = (int(np.count_nonzero(kinds == ord(letter))) for letter in "EU")
        if units < events:
            without = [_UNITS not in event for event in piece.split(_EVENT)[1:]]
            self.first_unitless = self.first_unitless or self.events + without.index(True) + 1
            self.unitless += sum(without)
        self.events += events
        self.in_mev += piece.count(b"\nU MEV") if b"\nU MEV" in piece else 0
        if len(self.weights) < 2:
            lines = begins[kinds == ord("W" if version == 3 else "E")]
            self._add_weights(piece, lines.tolist(), version)
        at = piece.rfind(_CROSS_SECTION[version])
        self.cross_section = piece[at:].split(b"\n", 2)[1] if at >= 0 else self.cross_section

    def _add_weights(self, piece: bytes, begins: list[int], version: int) -> None:
        for begin in begins:
            words = piece[begin : piece.find(b"\n", begin)].split()
            place = 1
            if version == 2:
                # after eleven numbers come the random ones, then the weights, with how many
                random = int(words[11]) if len(words) > 11 and words[11].isdigit() else 0
                place = 13 + random
            self.weights.update(words[place : place + 1])
            if len(self.weights) > 1:
                return


def _header(head: bytes) -> str | None:
    found = _HEADER.search(head)
    if found is None:
        return None
    # HepMC3 keeps attributes on one line
    text = _ESCAPED.sub(lambda match: b"\n" if match[1] == b"|" else match[1], found[1])
    return text.decode(errors="replace")


def _two_numbers(line: bytes, version: int) -> tuple[float, float] | None:
    words = line.split()[{3: 3, 2: 1}[version] :]
    try:
        value, error = float(words[0]), float(words[1])
    except (ValueError, IndexError):
        return None
    return (value, error) if value > 0 and error >= 0 else None


def _is_whole(piece: bytes, version: int) -> bool:
    """Say whether the last event has all its lines and nothing behind them."""
    lines = [line.split() for line in piece[piece.rfind(_EVENT) :].split(b"\n") if line.strip()]
    if not lines or any(words[0] not in _LINES for words in lines):
        return False
    vertices = [words for words in lines if words[0] == b"V"]
    particles = [words for words in lines if words[0] == b"P"]
    try:
        if version == 3:
            return len(particles) == int(lines[0][3]) and len(particles[-1]) == _PARTICLE
        out = sum(int(words[7]) + int(words[8]) for words in vertices)
        return len(particles) == out and len(vertices) == int(lines[0][8])
    except (ValueError, IndexError):
        return False
