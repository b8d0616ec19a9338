"""What a file format can do. A new one is a subclass in its own file and a line in ``FORMATS``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import SchemaError
from fatgan.events.collision import Collision
from fatgan.io.several import SeveralBeams

Columns = dict[str, NDArray[Any]]

_NUMBERS = {np.dtype(code).name for code in "?bBhHiIlLqQefd"}


@dataclass(frozen=True)
class Layout:
    """What a file holds, read from its metadata alone.

    Parameters
    ----------
    format
        Name of the format.
    tree
        The tree inside the file, or None in formats without trees.
    entries
        Number of rows.
    columns
        Type of each column: a NumPy type name such as ``float32`` where it is one number per
        event, and the format's own name of the type where it is not.
    header
        What :meth:`Format.writer` was given, or None in files of other origin.
    collision
        What the format itself says of the beams; momenta come out in its frame, in GeV.
    roles
        The format's own names of px, py, pz, weight, Ee, Ep and lepton, where they are others.
    electron
        How the scattered lepton was found, in words, where the format holds whole events.
    units
        Unit of each column where it is known; empty for pure numbers.
    provenance
        What files of others say of their events, in the words of ours: ``cross_section_pb``.
    """

    format: str
    tree: str | None
    entries: int
    columns: Mapping[str, str]
    header: str | None
    collision: Collision | SeveralBeams | None = None
    roles: Mapping[str, str] = field(default_factory=dict)
    electron: str | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)


class Sink(Protocol):
    """A file being written."""

    def write(self, columns: Mapping[str, NDArray[Any]]) -> None:
        """Append rows."""

    def close(self) -> None:
        """Finish the file."""


class Format(ABC):
    """A file format. Methods may raise anything on damaged files: callers make it one line."""

    name: ClassVar[str]
    """What ``--format`` takes."""
    suffixes: ClassVar[tuple[str, ...]] = ()
    """File names for which the format is the default in writing. Reading looks at the content."""
    tabular: ClassVar[bool] = False
    """Whether files hold any columns that they are given, where others hold particles."""

    @property
    def can_write(self) -> bool:
        """Whether there is a writer."""
        return type(self).writer is not Format.writer

    @abstractmethod
    def sniff(self, head: bytes, path: Path) -> bool:
        """Say whether a file that begins with these bytes (up to 4096) is of this format.

        Of a compressed file they are those inside. Cheap, and raises nothing on damaged bytes.
        """

    @abstractmethod
    def layout(self, path: Path, tree: str | None) -> Layout:
        """Read the metadata; a ``tree`` that is not there is a SchemaError."""

    @abstractmethod
    def chunks(
        self, path: Path, tree: str | None, columns: Sequence[str], limit: int | None, chunk: int
    ) -> Iterator[Columns]:
        """Yield these columns of the first ``limit`` rows, at most ``chunk`` rows at a time.

        The arrays are the caller's: nobody else may change them.
        """

    def writer(self, path: Path, columns: Mapping[str, str], header: str) -> Sink:
        """Begin a file with columns of these NumPy types; formats that are only read have none."""
        raise SchemaError(f"{path}: {self.name} files are read, not written; name another format")


def spans(entries: int, limit: int | None, chunk: int) -> Iterator[tuple[int, int]]:
    """Yield (start, stop) of consecutive chunks of the first ``limit`` entries."""
    stop = entries if limit is None else min(entries, limit)
    for start in range(0, stop, chunk):
        yield start, min(start + chunk, stop)


def is_number(type_name: str) -> bool:
    """Say whether a type of :attr:`Layout.columns` is one number per event."""
    return type_name in _NUMBERS
