"""Events of particles inside of ROOT files: which trees there are, and their lists of numbers."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError, SchemaError, did_you_mean
from fatgan.io.formats.record import FIRST, RecordFormat
from fatgan.io.formats.root import check_size
from fatgan.io.records.particles import BEAM, FINAL, Particles

Numbers = NDArray[Any]

_PARTICLES = 1_000_000
"""Particles in memory at a time: events of a detector simulation hold thousands."""
_PROBE = 200
"""Events from which the number of particles in an event is told."""

_LEPTONS = (11, 12, 13, 14, 15, 16)


def trees(path: Path) -> Mapping[str, str]:
    """Return name and class of the keys at the top of a ROOT file; none of a damaged one."""
    try:
        return _keys(*_identity(path))
    except Exception:  # uproot raises anything: the format that takes the file says what is wrong
        return {}


def _identity(path: Path) -> tuple[Path, int, int]:
    status = path.stat()
    return path, status.st_size, status.st_mtime_ns


@lru_cache(maxsize=64)
def _keys(path: Path, size: int, modified: int) -> Mapping[str, str]:
    import uproot

    check_size(path)
    with uproot.open(path) as file:
        return MappingProxyType(dict(file.classnames(recursive=False, cycle=False)))


@dataclass(frozen=True)
class Tree:
    """An open TTree or RNTuple, whose branches go by the ends of their paths.

    The class names in the middle of a path vary with the program that wrote the file, as in
    ``event/erhic::EventMC/particles/particles.px``.
    """

    path: Path
    name: str
    branches: Mapping[str, Any]
    entries: int

    @classmethod
    @contextmanager
    def at(cls, path: Path, name: str) -> Iterator[Tree]:
        """Open a file; one that is truncated is a DataError, a missing tree a SchemaError."""
        import uproot

        check_size(path)
        with uproot.open(path, array_cache=None) as file:
            found = file.classnames(recursive=False, cycle=False)
            if name not in found:
                raise SchemaError(f"{path}: no tree '{name}'; {did_you_mean(name, found)}")
            item = file[name]
            yield cls(path, name, dict(item.iteritems(full_paths=True)), int(item.num_entries))

    @property
    def place(self) -> str:
        """File and tree, for messages."""
        return f"{self.path}, tree '{self.name}'"

    def has(self, end: str) -> bool:
        """Say whether there is a branch whose path ends so."""
        return self._path(end) is not None

    def numbers(self, end: str, start: int, stop: int) -> Numbers:
        """Return one number per event, (stop - start,)."""
        array = self._array(end, start, stop)
        if array.ndim != 1 or array.fields:
            raise self._wrong(end, "one number per event")
        return np.asarray(array)

    def lists(self, end: str, start: int, stop: int) -> tuple[NDArray[np.int64], Numbers]:
        """Return the lengths (stop - start,) of a branch's lists, and their numbers in a row."""
        import awkward

        array = self._array(end, start, stop)
        if array.ndim != 2 or array.fields:
            raise self._wrong(end, "a list of numbers per event")
        counts = np.asarray(awkward.num(array), dtype=np.int64)
        return counts, np.asarray(awkward.flatten(array))

    def particles(self, end: str, counts: NDArray[np.int64], start: int) -> Numbers:
        """Return the numbers of lists with these lengths, from event ``start`` on."""
        own, values = self.lists(end, start, start + len(counts))
        if not np.array_equal(own, counts):
            first = int(np.argmax(own != counts))
            raise DataError(
                f"{self.place}, event {start + first + 1:,}: branch '{end}' holds {own[first]:,} "
                f"particles where others hold {counts[first]:,}; the file is damaged"
            )
        return values

    def _path(self, end: str) -> str | None:
        known = [path for path in self.branches if path.endswith(end)]
        known = [path for path in known if len(path) == len(end) or path[-len(end) - 1] in "/."]
        return min(known, key=len, default=None)

    def _array(self, end: str, start: int, stop: int) -> Any:
        own = self._path(end)
        if own is None:
            near = did_you_mean(end, self.branches)
            raise SchemaError(
                f"{self.place}: no branch '{end}'; {near} (another tree: --format ttree)"
            )
        return self.branches[own].array(entry_start=start, entry_stop=stop, library="ak")

    def _wrong(self, end: str, wanted: str) -> SchemaError:
        held = self.branches[self._path(end) or ""].typename or "other branches"
        return SchemaError(f"{self.place}: branch '{end}' holds {held}, not {wanted}")


def kept(pdg: Numbers, role: Numbers) -> NDArray[np.bool_]:
    """Return which particles (N,) are wanted at all: the beams, and the leptons that come out."""
    return (role == BEAM) | ((role == FINAL) & np.isin(np.abs(pdg), _LEPTONS))


def count_kept(counts: NDArray[np.int64], keep: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return how many of each event's particles are kept, (n,)."""
    running = np.concatenate(([0], np.cumsum(keep)))
    ends = np.cumsum(counts)
    return running[ends] - running[ends - counts]


class RootRecord(RecordFormat):
    """Event records in a tree of one name."""

    tree: ClassVar[str]

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell by the name of the tree."""
        return head.startswith(b"root") and self.tree in trees(path)

    def tree_of(self, path: Path, tree: str | None) -> str:
        """Return the tree's name; that of another asked for is a SchemaError."""
        if tree not in (None, self.tree):
            raise SchemaError(
                f"{path}: the events of {self.name} files are in tree '{self.tree}', not '{tree}'; "
                "leave --tree out, or read another tree as it is with --format ttree"
            )
        return self.tree

    def count(self, path: Path, tree: str | None) -> int:
        """Return the entries of the tree."""
        return _look(self, *_identity(path)).entries

    def blocks(self, path: Path, tree: str | None, chunk: int) -> Iterator[Particles]:
        """Read blocks of events with a bounded number of particles."""
        look = _look(self, *_identity(path))
        start = 0
        if look.first is not None and len(look.first) <= chunk:
            yield look.first
            start = len(look.first)
        if start < look.entries:
            step = max(1, min(chunk, int(_PARTICLES / max(look.mean, 1))))
            with Tree.at(path, self.tree) as opened:
                for begin in range(start, look.entries, step):
                    yield self.block(opened, begin, min(begin + step, look.entries))

    @abstractmethod
    def key(self, tree: Tree) -> str:
        """Return a branch of particles that every file of the format has."""

    @abstractmethod
    def block(self, tree: Tree, start: int, stop: int) -> Particles:
        """Read the events from ``start`` up to ``stop``."""


@dataclass(frozen=True)
class _Look:
    """What the first look tells: entries, mean number of particles, and the first events."""

    entries: int
    mean: float
    first: Particles | None


# the trees of a reconstruction have thousands of branches: opening one takes seconds
@lru_cache(maxsize=8)
def _look(form: RootRecord, path: Path, size: int, modified: int) -> _Look:
    with Tree.at(path, form.tree) as tree:
        if tree.entries == 0:
            return _Look(0, 0.0, None)
        probe = min(tree.entries, _PROBE)
        mean = float(tree.lists(form.key(tree), 0, probe)[0].mean())
        few = max(1, min(tree.entries, FIRST, int(_PARTICLES / max(mean, 1))))
        return _Look(tree.entries, mean, form.block(tree, 0, few))
