"""Write files of events, at once or piece by piece, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path
from typing import Any, Literal

from fatgan.atomic import disk_named, replaced_on_success
from fatgan.errors import ConfigError, DataError, SchemaError, did_you_mean
from fatgan.events.collision import Collision
from fatgan.events.collisions import AnyCollision
from fatgan.events.conditions import checked_name
from fatgan.events.observables import DERIVED, OBSERVABLES
from fatgan.events.table import MOMENTUM, EventTable
from fatgan.io.formats import Format, Sink, to_write
from fatgan.io.formats.hepmc import HepMC
from fatgan.io.formats.lund import Lund
from fatgan.io.header import Header
from fatgan.io.several import SeveralBeams

DType = Literal["float64", "float32"]

PIECE = 250_000
"""Rows of one basket, cluster or row group in written files."""


class EventWriter:
    """Appends tables to a file that :func:`open_writer` has begun."""

    def __init__(self, sink: Sink, header: Header, columns: Mapping[str, str], path: Path) -> None:
        self._sink = sink
        self._collision = header.collision
        self._conditions = header.conditions
        self._columns = columns
        self._path = path

    def write(self, table: EventTable) -> None:
        """Append events, in the file's frame whatever frame the table is in.

        Raises
        ------
        DataError
            The table is of another collision than the file (one of several beams takes any), or
            lacks the weights or conditions that the file has (or has some where it has none).
        """
        table = table.with_frame(self._collision.frame or table.collision.frame)
        single = isinstance(self._collision, Collision)
        if single and not set(table.collision.settings()) <= {self._collision}:
            raise DataError(
                f"{self._path}: events of {table.collision} do not belong into a file of "
                f"{self._collision}"
            )
        if (table.weights is not None) != ("weight" in self._columns):
            has, file_has = ("has", "has none") if table.weights is not None else ("lacks", "has")
            raise DataError(f"{self._path}: the table {has} weights, the file {file_has}")
        if set(table.conditions) != set(self._conditions):
            has, file_has = (", ".join(n) or "none" for n in (table.conditions, self._conditions))
            raise DataError(f"{self._path}: the table has conditions {has}, the file {file_has}")
        names = [name for name in self._columns if name != "weight"]
        for start in range(0, len(table), PIECE):
            piece = table[start : start + PIECE].to_dict(names)
            columns = {name: piece[name].astype(self._columns[name]) for name in piece}
            with disk_named(self._path), _named(self._path):
                self._sink.write(columns)


@contextmanager
def open_writer(
    path: str | PathLike[str],
    collision: AnyCollision,
    *,
    columns: Sequence[str] = MOMENTUM,
    weighted: bool = False,
    conditions: Sequence[str] = (),
    format: str | None = None,
    provenance: Mapping[str, Any] | None = None,
    dtype: DType = "float64",
    hadrons: bool = True,
) -> Iterator[EventWriter]:
    """Write a file piece by piece; it takes its place when the block ends without an error.

    The target is checked on entering, before any event need be made.

    Parameters
    ----------
    path
        Target. Its folder is made if need be; an earlier file is replaced at the very end.
    collision
        Beams and frame of the file. With :class:`Collisions` it holds events of any beams, each
        with its own in columns ``Ee``, ``Ep`` (GeV) and ``lepton``.
    columns
        Observables to write; px, py and pz must be among them.
    weighted
        Whether there is a ``weight`` column.
    conditions
        Names of the tables' conditions, each of which becomes a column.
    format
        Name of a format; default: what the suffix stands for.
    provenance
        Plain values to keep in the file.
    dtype
        Type of the columns in the file; energies of beams and conditions are always float64, so
        that settings stay the same numbers.
    hadrons
        Whether the hadronic system is a final particle in formats that hold whole events: HepMC3
        and LUND. Geant4 cannot track it.

    Raises
    ------
    SchemaError
        Unknown format, suffix or column.
    ConfigError
        A format without hadrons is to leave them out.
    DataError
        The target cannot be written.
    """
    path = Path(path)
    known = to_write(path, format)
    if not hadrons:
        known = _without_hadrons(known, path)
    beams = collision if isinstance(collision, Collision) else SeveralBeams(collision.frame)
    header = Header(beams, provenance or {}, tuple(checked_name(name) for name in conditions))
    types = _column_types(columns, header, weighted, dtype)
    with replaced_on_success(path) as unfinished:
        with disk_named(path), _named(path):
            sink = known.writer(unfinished, types, header.to_json())
        try:
            yield EventWriter(sink, header, types, path)
        except BaseException:
            with suppress(Exception):  # the first error is the one to report
                sink.close()
            raise
        with disk_named(path):
            sink.close()


def write(
    table: EventTable,
    path: str | PathLike[str],
    *,
    derived: bool = False,
    format: str | None = None,
    provenance: Mapping[str, Any] | None = None,
    dtype: DType = "float64",
    hadrons: bool = True,
) -> None:
    """Write px, py, pz, E (GeV), with ``derived`` also Q2, x, y, W2, nu, theta, phi, pT, eta.

    Weights, conditions and the beams, where each event has its own, are columns too. The file
    carries the table's collision and provenance, with the entries of ``provenance`` added.
    Other parameters and errors are those of :func:`open_writer`.

    Examples
    --------
    >>> import fatgan
    >>> table = fatgan.EventTable([3.0], [0.0], [-27.0], fatgan.Collision.parse("27.5x920"))
    >>> fatgan.write(table, "events.root", derived=True)  # doctest: +SKIP
    """
    with open_writer(
        path,
        table.collision,
        columns=(*MOMENTUM, *DERIVED) if derived else MOMENTUM,
        weighted=table.weights is not None,
        conditions=tuple(table.conditions),
        format=format,
        provenance={**table.provenance, **(provenance or {})},
        dtype=dtype,
        hadrons=hadrons,
    ) as writer:
        writer.write(table)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Put the file's own name before what a format refuses to write."""
    try:
        yield
    except DataError as error:
        raise DataError(f"{path}: {error}") from None


def _without_hadrons(known: Format, path: Path) -> Format:
    if not isinstance(known, HepMC | Lund):
        raise ConfigError(
            f"{path}: there are no hadrons to leave out of a {known.name} file, only of .hepmc and "
            ".lund; leave --no-hadrons out"
        )
    return type(known)(hadrons=False)


def _column_types(
    columns: Sequence[str], header: Header, weighted: bool, dtype: str
) -> dict[str, str]:
    if dtype not in ("float64", "float32"):
        raise ConfigError(f"dtype '{dtype}' is unknown: float64 or float32")
    for name in columns:
        if name not in OBSERVABLES:
            raise SchemaError(f"no observable '{name}' to write; {did_you_mean(name, OBSERVABLES)}")
    missing = [name for name in ("px", "py", "pz") if name not in columns]
    if missing:
        raise SchemaError(
            f"columns to write lack {', '.join(missing)}: files without cannot be read"
        )
    types = dict.fromkeys(columns, dtype)
    if isinstance(header.collision, SeveralBeams):
        types |= {"Ee": "float64", "Ep": "float64", "lepton": "int32"}
    types |= dict.fromkeys(header.conditions, "float64")
    return types | ({"weight": dtype} if weighted else {})
