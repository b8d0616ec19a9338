"""What a file format can do. A new one is a subclass in its own file and a line in ``FORMATS``."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

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
    """

    format: str
    tree: str | None
    entries: int
    columns: Mapping[str, str]
    header: str | None


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

    @abstractmethod
    def sniff(self, head: bytes) -> bool:
        """Say whether a file that begins with these bytes (up to 4096) is of this format."""

    @abstractmethod
    def layout(self, path: Path, tree: str | None) -> Layout:
        """Read the metadata; a ``tree`` that is not there is a SchemaError."""

    @abstractmethod
    def chunks(
        self, path: Path, tree: str | None, columns: Sequence[str], limit: int | None, chunk: int
    ) -> Iterator[Columns]:
        """Yield these columns of the first ``limit`` rows, at most ``chunk`` rows at a time."""

    @abstractmethod
    def writer(self, path: Path, columns: Mapping[str, str], header: str) -> Sink:
        """Begin a file with columns of these NumPy types."""


def spans(entries: int, limit: int | None, chunk: int) -> Iterator[tuple[int, int]]:
    """Yield (start, stop) of consecutive chunks of the first ``limit`` entries."""
    stop = entries if limit is None else min(entries, limit)
    for start in range(0, stop, chunk):
        yield start, min(start + chunk, stop)


def is_number(type_name: str) -> bool:
    """Say whether a type of :attr:`Layout.columns` is one number per event."""
    return type_name in _NUMBERS
