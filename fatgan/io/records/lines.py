"""Event records as text: numbers become words in columns, not one by one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from fatgan.events.collision import Collision
from fatgan.events.table import EventTable
from fatgan.io.several import SeveralBeams

BLOCK = 1 << 14
"""Events turned into text at a time."""

Columns = Mapping[str, NDArray[Any]]
Piece = str | NDArray[Any]
"""What stands in each line: the same words in all, or a column (n,) of numbers."""


class TextSink(ABC):
    """A text file of events being written, block by block.

    Parameters
    ----------
    file
        Opened for writing.
    collision
        The beams of the file; where they stand in columns, :meth:`write` is given these.
    """

    def __init__(self, file: IO[bytes], collision: Collision | SeveralBeams) -> None:
        self._file, self._collision = file, collision

    @abstractmethod
    def pieces(self, table: EventTable, columns: Columns) -> Sequence[Piece]:
        """Return what makes up the text of each event of a table, whose columns are given too."""

    def write(self, columns: Columns) -> None:
        """Append events."""
        for start in range(0, len(columns["px"]), BLOCK):
            part = {name: values[start : start + BLOCK] for name, values in columns.items()}
            table = self._table(part)
            self._file.write(lines(self.pieces(table, part), len(table)))

    def close(self) -> None:
        """Finish the file."""
        self._file.close()

    def _table(self, columns: Columns) -> EventTable:
        momenta = columns["px"], columns["py"], columns["pz"]
        own = self._collision
        if isinstance(own, Collision):
            return EventTable(*momenta, own)
        beams = own.collisions(columns, len(momenta[0]), own.frame or "proton")
        return EventTable(*momenta, beams)


def lines(pieces: Sequence[Piece], n: int) -> memoryview:
    """Return the text of n events, each made of its pieces without anything in between.

    Numbers are written with as many digits as it takes to read the same float64 back, at most 17.
    Where a column holds one number only, or the same numbers as another one, they are written
    once: both are frequent among beams and conserved momenta.
    """
    import pyarrow
    import pyarrow.compute

    known: dict[bytes, Any] = {}
    words = []
    for piece in pieces:
        if isinstance(piece, str):
            words.append(pyarrow.scalar(piece))
            continue
        # float32 stands for the float64 it equals
        numbers = np.ascontiguousarray(piece, "float64" if piece.dtype.kind == "f" else None)
        # bits: -0.0 is not 0.0
        key = numbers.tobytes()
        if key not in known:
            constant = key == key[: numbers.itemsize] * n
            text = pyarrow.array(numbers[:1] if constant else numbers).cast(pyarrow.string())
            known[key] = text[0] if constant else text
        words.append(known[key])
    # an array among the words tells the length
    empty = pyarrow.array([""] * n, pyarrow.string())
    joined = pyarrow.compute.binary_join_element_wise(empty, *words, "")
    _, offsets, content = joined.buffers()
    end = np.frombuffer(offsets, np.int32, n + 1)[-1]
    return memoryview(content)[: int(end)]
