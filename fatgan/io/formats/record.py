"""Event records: formats that hold particles, of which the scattered lepton becomes the row."""

from __future__ import annotations

import logging
from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError
from fatgan.events.screening import MAX_UNPHYSICAL
from fatgan.io.formats.base import Columns, Format, Layout
from fatgan.io.header import Header
from fatgan.io.records import beams as event_beams
from fatgan.io.records.particles import Particles
from fatgan.io.records.scattered import Rule, find, flavour_without_beams, without
from fatgan.io.records.settled import Settled
from fatgan.io.several import SeveralBeams

FIRST = 500
"""Events by which the beams of a file are told."""

_log = logging.getLogger("fatgan")


class RecordFormat(Format):
    """A format of particles. A subclass gives blocks of them; columns are made here.

    Columns are ``px``, ``py``, ``pz`` of the scattered lepton, in files with weights ``weight``,
    and ``Ee``, ``Ep``, ``lepton`` of its beams where there are any. Momenta come in the file's own
    orientation; events whose beams cross or are smeared are seen head on.
    """

    rule: ClassVar[Rule] = "hardest"
    """Which final lepton of the beam's flavour is the scattered one, where nothing else says it."""
    electron: ClassVar[str]
    """How the scattered lepton is found, in words, for ``fatgan inspect``."""
    _look: tuple[tuple[object, ...], Particles | None] | None = None
    """A file, as it was, and its first events."""

    @abstractmethod
    def blocks(self, path: Path, tree: str | None, chunk: int) -> Iterator[Particles]:
        """Yield the events in their order, at most ``chunk`` at a time.

        Truncated or damaged events are a DataError that names the file and the event, counted
        from 1; whatever else is raised on damaged bytes is made one line by the callers.
        """

    @abstractmethod
    def count(self, path: Path, tree: str | None) -> int:
        """Return the number of events without building them."""

    def header(self, path: Path, tree: str | None) -> str | None:
        """Return what fatgan wrote into the file about itself; None in files of others."""
        return None

    def provenance(self, path: Path, tree: str | None) -> Mapping[str, Any]:
        """Return what a file of others says of its events, in the words of ours."""
        return {}

    def weighted(self, path: Path, tree: str | None, first: Particles) -> bool:
        """Say whether the file has weights, given its first events: by default if those do."""
        return first.weight is not None

    def tree_of(self, path: Path, tree: str | None) -> str | None:
        """Return the name of the tree that is read; None in formats without trees."""
        return None

    def layout(self, path: Path, tree: str | None) -> Layout:
        """Count the events and tell the beams from the first ones."""
        name, entries = self.tree_of(path, tree), self.count(path, tree)
        first = self._first(path, tree) if entries else None
        header = self._header_of(path, tree, first)
        columns = dict.fromkeys(("px", "py", "pz"), "float64")
        if first is None:
            return Layout(self.name, name, entries, columns, header, electron=self.electron)
        settled = self._settled(first, path, header)
        if self.weighted(path, tree, first):
            columns["weight"] = "float64"
        if settled is not None:
            columns |= {"Ee": "float64", "Ep": "float64", "lepton": "float64"}
        columns |= dict.fromkeys(first.further, "float64")
        units = dict.fromkeys(("px", "py", "pz", "Ee", "Ep"), "GeV") | {"lepton": "", "weight": ""}
        return Layout(
            self.name,
            name,
            entries,
            columns,
            header,
            collision=None if settled is None else settled.collision,
            electron=self.electron,
            units={column: unit for column, unit in units.items() if column in columns},
            provenance=self.provenance(path, tree),
        )

    def chunks(
        self, path: Path, tree: str | None, columns: Sequence[str], limit: int | None, chunk: int
    ) -> Iterator[Columns]:
        """Yield the scattered leptons; events without one are left out with a count.

        Raises
        ------
        DataError
            More than one event in a hundred has no scattered lepton, beams that change.
        """
        first = self._first(path, tree)
        if first is None:
            return
        header = self._header_of(path, tree, first)
        rows = _Rows(self, path, first, self._settled(first, path, header))
        size = chunk if limit is None else min(chunk, limit)
        for block in self.blocks(path, tree, size):
            left = len(block) if limit is None else min(len(block), limit - rows.events)
            made = rows.of(block if left == len(block) else block.first(left))
            yield {name: made[name] for name in columns}
            if rows.events == limit:
                break
        rows.finish()

    def _first(self, path: Path, tree: str | None) -> Particles | None:
        """Return the first events, read once while a file does not change."""
        status = path.stat()
        key = (path, tree, status.st_mtime_ns, status.st_size)
        if self._look is None or self._look[0] != key:
            self._look = key, next(self.blocks(path, tree, FIRST), None)
        return self._look[1]

    def _header_of(self, path: Path, tree: str | None, first: Particles | None) -> str | None:
        """Return the header, unless somebody has let the beams cross since it was written."""
        header = self.header(path, tree)
        if header is None or first is None:
            return header
        beams = event_beams.of(first, path)
        return None if beams is not None and beams.cross.any() else header

    def _settled(self, first: Particles, path: Path, header: str | None) -> Settled | None:
        beams = event_beams.of(first, path)
        if beams is None:
            return None
        settled = Settled.by(beams, as_it_is=header is not None)
        # the first events of a file of several beams may all have the same
        if header and isinstance(Header.from_json(header, path).collision, SeveralBeams):
            return replace(settled, collision=SeveralBeams(settled.frame))
        return settled


class _Rows:
    """Makes rows of blocks, counting the events and those without a scattered lepton."""

    def __init__(
        self, form: RecordFormat, path: Path, first: Particles, settled: Settled | None
    ) -> None:
        self._form, self._path, self._settled = form, path, settled
        self._flavour = flavour_without_beams(first)
        self.events, self._missing, self._reason = 0, 0, ""

    def of(self, block: Particles) -> Columns:
        """Return the columns of a block by name."""
        beams = event_beams.of(block, self._path, self.events)
        if (beams is None) != (self._settled is None):
            raise DataError(
                f"{self._path}: event {self.events + 1}: "
                f"{'no' if beams is None else 'has'} beams, unlike the first events"
            )
        flavour = self._flavour if beams is None else beams.lepton_pdg
        found = find(block, flavour, self._form.rule)
        kept = found >= 0
        momenta = block.momenta[:3, found]
        made: Columns = {}
        if self._settled is not None and beams is not None:
            momenta, Ee, Ep = self._settled.seen(momenta, beams)
            self._settled.check(beams, Ee, Ep, self._path, self.events)
            made |= {"Ee": Ee, "Ep": Ep, "lepton": beams.lepton_pdg.astype(np.float64)}
        made |= dict(zip(("px", "py", "pz"), momenta, strict=True))
        if block.weight is not None:
            made["weight"] = block.weight
        made |= dict(block.further)
        self._note(block, kept)
        return made if kept.all() else {name: values[kept] for name, values in made.items()}

    def finish(self) -> None:
        """Say how many events were left out; refuse more than the limit's share of them."""
        if self._missing == 0:
            return
        line = (
            f"{self._missing:,} of {self.events:,} events have no scattered lepton "
            f"({self._form.electron}{self._reason})"
        )
        if self._missing > MAX_UNPHYSICAL * self.events:
            raise DataError(f"{self._path}: {line}")
        _log.warning(f"{self._path}: dropped {line}")

    def _note(self, block: Particles, kept: NDArray[np.bool_]) -> None:
        missing = int(np.count_nonzero(~kept))
        if missing and not self._reason:
            which = without(block, ~kept)
            self._reason = f"; {which}" if which else ""
        self.events, self._missing = self.events + len(block), self._missing + missing
        # enough to know: a file of other events is not read to its end
        if self._missing > MAX_UNPHYSICAL * max(self.events, FIRST * 20):
            self.finish()
