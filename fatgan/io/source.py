"""A file with its options settled: which format, which columns, which beams."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import ConfigError, DataError, FatganError, SchemaError, did_you_mean
from fatgan.events.collision import Collision, Frame
from fatgan.events.collisions import AnyCollision
from fatgan.events.columns import frozen
from fatgan.events.cuts import Cut, observable
from fatgan.events.observables import OBSERVABLES
from fatgan.events.table import EventTable
from fatgan.io.formats import Columns, Format, Layout, is_number, sniff
from fatgan.io.header import Header, settle_collision
from fatgan.io.options import ROLES, ReadOptions
from fatgan.io.several import BEAM_ROLES, SeveralBeams, frame_of

_FRAME_CHUNK = 1_000_000
"""Entries read at a time to tell the frame."""

_MOMENTA = ("px", "py", "pz")

_WEIGHTS = ("weight", "weights", "wght", "w")
"""What others call a column of weights, in any case."""

_log = logging.getLogger("fatgan")


@dataclass(frozen=True)
class Opened:
    """A file whose metadata has been read."""

    path: Path
    format: Format
    layout: Layout
    header: Header | None

    @classmethod
    def at(cls, path: Path, options: ReadOptions) -> Opened:
        """Tell the format and read the metadata."""
        mapped = any(name in options.columns for name in _MOMENTA)
        known = sniff(path, options.format, mapped=mapped)
        with damage_named(path, known):
            layout = known.layout(path, options.tree)
        if options.tree is not None and layout.tree is None:
            raise SchemaError(f"{path}: a {known.name} file has no trees; leave --tree out")
        header = None if layout.header is None else Header.from_json(layout.header, path)
        return cls(path, known, layout, header)

    @property
    def collision(self) -> Collision | SeveralBeams | None:
        """What the format itself says of the beams."""
        roles = self.layout.roles
        if self.layout.collision is None and "Ee" in roles:
            return SeveralBeams(None, {role: roles[role] for role in BEAM_ROLES if role in roles})
        return self.layout.collision

    @property
    def stated(self) -> Collision | SeveralBeams | None:
        """What the file says of the beams."""
        return self.collision if self.header is None else self.header.collision

    @property
    def conditions(self) -> tuple[str, ...]:
        """Conditions that fatgan wrote into the file."""
        return () if self.header is None else self.header.conditions

    @property
    def place(self) -> str:
        """File and tree, for messages."""
        return str(self.path) + (f", tree '{self.layout.tree}'" if self.layout.tree else "")

    def chunks(self, columns: Sequence[str], limit: int | None, chunk: int) -> Iterator[Columns]:
        """Yield columns of the first ``limit`` entries as the file holds them."""
        with damage_named(self.path, self.format):
            yield from self.format.chunks(self.path, self.layout.tree, columns, limit, chunk)

    def numbers(self, column: str, array: NDArray[Any]) -> NDArray[np.float64]:
        """Return a column of a chunk as read-only numbers, copied only where it must be."""
        # text files can hold words far below the rows that told the column's type
        if array.dtype.kind not in "fiub" or array.ndim != 1:
            raise DataError(f"{self.place}: column '{column}' holds more than numbers")
        return frozen(np.ascontiguousarray(array, "float64"))

    def require(self, column: str) -> str:
        """Return a column's name if the file has it with one number per event."""
        columns = self.layout.columns
        if column not in columns:
            raise SchemaError(
                f"{self.place}: no column '{column}'; {did_you_mean(column, columns)}"
            )
        if not is_number(columns[column]):
            held = columns[column] or "other columns"
            raise SchemaError(
                f"{self.place}: column '{column}' holds {held}, not one number per event"
            )
        return column


class Source:
    """Reads a file chunk by chunk as event tables."""

    def __init__(self, opened: Opened, options: ReadOptions) -> None:
        self.opened, self.options = opened, options
        self.names = {**opened.layout.roles, **options.columns}
        # first: an empty file of records has no beams either
        if opened.layout.entries == 0:
            raise DataError(f"{opened.place}: empty, there is not one event")
        self._beams = settle_collision(opened.header, opened.collision, options, opened.path)
        self.momenta = [opened.require(self.names.get(name, name)) for name in _MOMENTA]
        self._conditions = self._find_conditions()
        self._beam_columns = self._find_beams()
        self.weight = self._find_weight()
        self._cut = None if options.cut is None else Cut.parse(options.cut)

    def chunks(self, chunk: int) -> Iterator[tuple[int, EventTable]]:
        """Yield the number of entries read and the events of them that pass the cut."""
        own = self._columns_of_cut()
        names = list(dict.fromkeys([*self.columns, *own]))
        for raw in self.opened.chunks(names, self.options.limit, chunk):
            table = self.table(raw)
            yield len(table), table if self._cut is None else self._select(table, raw, own)

    @property
    def columns(self) -> list[str]:
        """The file's own names of the columns that make a table."""
        weight = [] if self.weight is None else [self.weight]
        return [*self.momenta, *weight, *self._beam_columns.values(), *self._conditions.values()]

    def _find_conditions(self) -> dict[str, str]:
        """Return the file's own names of the conditions."""
        written = {name: name for name in self.opened.conditions}
        mapped = {role: own for role, own in self.options.columns.items() if role not in ROLES}
        return {role: self.opened.require(own) for role, own in (written | mapped).items()}

    def _find_beams(self) -> dict[str, str]:
        """Return the file's own names of the beams' columns; none if all events share them."""
        if isinstance(self._beams, Collision):
            return {}
        return {role: self.opened.require(own) for role, own in self._beams.columns.items()}

    def _find_weight(self) -> str | None:
        if "weight" in self.names:
            return self.opened.require(self.names["weight"])
        # formats of whole events know what their weights are, as fatgan does
        known = self.opened.header is not None or self.opened.layout.electron is not None
        return "weight" if known and "weight" in self.opened.layout.columns else None

    def warn_of_weights(self) -> None:
        """Say so once if a file of others has a column of weights that nobody named."""
        if self.weight is not None or self.opened.header is not None:
            return
        for name, kind in self.opened.layout.columns.items():
            # W is the hadronic mass, not a weight
            used = name in OBSERVABLES or name in self.options.columns.values()
            if name.lower() in _WEIGHTS and not used and is_number(kind):
                _log.warning(
                    f"{self.opened.place}: column '{name}' is not used, every event counts once; "
                    f"if it holds weights, say --columns weight={name}"
                )
                return

    def _columns_of_cut(self) -> list[str]:
        names = [] if self._cut is None else sorted(self._cut.names)
        return [self.opened.require(name) for name in names if name in self.opened.layout.columns]

    def table(self, raw: Columns) -> EventTable:
        """Return the events of a chunk that holds at least :attr:`columns`."""
        columns = {name: self.opened.numbers(name, raw[name]) for name in self.columns}
        px, py, pz = (self._in_gev(columns[name]) for name in self.momenta)
        return EventTable(
            px,
            py,
            pz,
            self._collision(columns, len(px)),
            weights=None if self.weight is None else columns[self.weight],
            conditions={role: columns[own] for role, own in self._conditions.items()},
        )

    def _collision(self, columns: Columns, n: int) -> AnyCollision:
        if isinstance(self._beams, Collision):
            return self._beams
        unit = {"Ee": self.options.to_gev, "Ep": self.options.to_gev, "lepton": 1}
        named = self._beam_columns
        try:
            found = self._beams.collisions(
                {role: columns[own] * unit[role] for role, own in named.items()}, n, self._frame
            )
        except ConfigError as error:
            raise DataError(
                f"{self.opened.place}: columns {', '.join(named.values())}: {error}"
            ) from None
        settings = found.settings()
        # what fatgan wrote comes back as it was; of others, one setting is one collision
        return settings[0] if len(settings) == 1 and self.opened.header is None else found

    @cached_property
    def _frame(self) -> Frame:
        """The beam along +z in the whole file, which one chunk may not tell."""
        beams, opened = self._beams, self.opened
        if beams.frame is not None:
            return beams.frame
        own = self._beam_columns["Ep"]
        for raw in opened.chunks([own], self.options.limit, _FRAME_CHUNK):
            energy = opened.numbers(own, raw[own]) * self.options.to_gev
            if frame_of(energy) == "proton":
                return "proton"
        return "electron"

    def _in_gev(self, array: Any) -> Any:
        unit = self.options.to_gev
        return array if unit == 1 else frozen(array * unit)

    def _select(self, table: EventTable, raw: Columns, own: list[str]) -> EventTable:
        cut = self._cut
        if cut is None:
            return table
        known = list(self.opened.layout.columns)
        columns = {
            name: raw[name] if name in own else observable(table, name, cut.expression, known)
            for name in cut.names
        }
        return table[cut.mask(columns)]


@contextmanager
def damage_named(path: Path, known: Format) -> Iterator[None]:
    """Turn whatever a reader raises on damaged bytes into one line."""
    try:
        yield
    except (FatganError, MemoryError):
        raise
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise DataError(f"{path}: truncated or damaged {known.name} file ({reason})") from error
