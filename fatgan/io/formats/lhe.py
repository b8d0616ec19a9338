"""Les Houches event files (hep-ph/0609017): the hard process, with the beams in ``<init>``."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from fatgan.errors import DataError, MissingExtraError
from fatgan.events.kinematics import ELECTRON_MASS, PROTON_MASS
from fatgan.io.formats.compressed import open_bytes
from fatgan.io.formats.record import RecordFormat
from fatgan.io.records.builder import Builder, Line
from fatgan.io.records.particles import BEAM, FINAL, Particles
from fatgan.io.records.pieces import pieces

_MASSES = {11: ELECTRON_MASS, -11: ELECTRON_MASS, 2212: PROTON_MASS}
_LEPTONS = range(11, 17)
_BEGIN, _END = b"<event", b"</event>"
_WEIGHT = re.compile(rb"<event[^>]*>\s*\S+\s+\S+\s+(\S+)")


class LHE(RecordFormat):
    """LHE by pylhe. The beams are those of ``<init>``, the first one along +z.

    Particles of status -1 are what enters the hard process, not the beams. The weight is
    ``XWGTUP``; where it is the same in all events there is none.
    """

    name = "lhe"
    rule = "hardest"
    electron = "the hardest particle of status 1 with the beam lepton's id"

    def sniff(self, head: bytes, path: Path) -> bool:
        """The root element says so."""
        return b"<LesHouchesEvents" in head

    def count(self, path: Path, tree: str | None) -> int:
        """Count the events that begin."""
        return _Census.of(path).begun

    def weighted(self, path: Path, tree: str | None, first: Particles) -> bool:
        """Weights that are all 1 count for nothing."""
        return _Census.of(path).weighted

    def blocks(self, path: Path, tree: str | None, chunk: int) -> Iterator[Particles]:
        """Read event by event with pylhe."""
        built, number = Builder(), 0
        with open_bytes(path) as file:
            beams, events = _opened(file, path)
            while True:
                event = _next(events, path, number + 1)
                if event is None:
                    break
                number += 1
                if event.eventinfo.nparticles != len(event.particles):
                    raise DataError(
                        f"{path}: event {number}: {len(event.particles)} particles where its "
                        f"first line promises {event.eventinfo.nparticles}"
                    )
                built.add([*beams, *_outgoing(event)], event.eventinfo.weight)
                if len(built) == chunk:
                    yield built.take()
        census = _Census.of(path)
        if number < census.begun or census.rubbish:
            bad = min(number + 1, census.begun)
            raise DataError(f"{path}: event {bad}: the file ends within it, or is damaged there")
        if len(built):
            yield built.take()


class _Census(NamedTuple):
    begun: int
    weighted: bool
    rubbish: bool

    @classmethod
    def of(cls, path: Path) -> _Census:
        begun, piece = 0, b""
        weights: set[bytes] = set()
        for piece in pieces(path, _BEGIN):
            begun += piece.count(_BEGIN) - piece.count(_BEGIN + b"group")
            if len(weights) < 2:
                weights.update(_WEIGHT.findall(piece))
        # the closing tag of the file may be missing
        rest = piece[piece.rfind(_END) + len(_END) :].strip() if begun else b""
        weighted = any(float(word) != 1 for word in weights)
        return cls(begun, weighted, bool(rest) and not rest.startswith(b"<"))


def _opened(file: Any, path: Path) -> tuple[list[Line], Iterator[Any]]:
    try:
        import pylhe
    except ImportError:
        raise MissingExtraError("pylhe", "lhe") from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            opened = pylhe.LHEFile.frombuffer(file, with_attributes=False)
        except ValueError as error:
            raise DataError(f"{path}: {error}") from None
    init = opened.init.initInfo
    return [
        _beam(init.beamA, init.energyA, 1.0),
        _beam(init.beamB, init.energyB, -1.0),
    ], iter(opened.events)


def _beam(pdg: int, energy: float, direction: float) -> Line:
    momentum = math.sqrt(max(energy**2 - _MASSES.get(pdg, 0.0) ** 2, 0.0))
    return pdg, BEAM, (0.0, 0.0, direction * momentum, energy)


def _next(events: Iterator[Any], path: Path, number: int) -> Any:
    """Return the next event; None at the end, and where the XML ends early."""
    with warnings.catch_warnings():
        # what pylhe warns of, an end of the XML, is told by the count of events
        warnings.simplefilter("ignore", RuntimeWarning)
        try:
            return next(events, None)
        except DataError:
            raise
        except (ValueError, IndexError) as error:
            raise DataError(f"{path}: event {number}: damaged ({error})") from None


def _outgoing(event: Any) -> list[Line]:
    return [
        (int(p.id), FINAL, (p.px, p.py, p.pz, p.e))
        for p in event.particles
        if p.status == 1 and abs(p.id) in _LEPTONS
    ]
