"""ROOT files: TTrees and RNTuples, both read from any ``.root`` file with uproot."""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError, SchemaError, did_you_mean
from fatgan.io.formats.base import Columns, Format, Layout, Sink, spans

TREE = "events"
"""Name of the tree in written files."""
HEADER = "fatgan"
"""Key of the header, a JSON string, in written files."""

_TREES = {"TTree", "TNtuple", "TNtupleD", "ROOT::RNTuple", "ROOT::Experimental::RNTuple"}

_NUMPY_NAMES = {
    "bool": "bool",
    "char": "int8",
    "double": "float64",
    "Double32_t": "float64",
    "float": "float32",
    "short": "int16",
    "int": "int32",
    "long": "int64",
}
_FIXED_WIDTH = re.compile(r"^(?:std::)?(u?int(?:8|16|32|64))_t$")


class TTree(Format):
    """ROOT's classic n-tuple, which every version of ROOT and every macro reads."""

    name = "ttree"
    suffixes: ClassVar[tuple[str, ...]] = (".root",)
    tabular = True

    def sniff(self, head: bytes, path: Path) -> bool:
        """ROOT files begin with ``root``."""
        return head.startswith(b"root")

    def layout(self, path: Path, tree: str | None) -> Layout:
        """Find the tree, its branches and the header."""
        import uproot

        check_size(path)
        with uproot.open(path) as file:
            tree = _find_tree(path, file, tree)
            item = file[tree]
            types = item.typenames(recursive=True, full_paths=False)
            classes = file.classnames(recursive=False, cycle=False)
            header = str(file[HEADER]) if classes.get(HEADER) == "TObjString" else None
            columns = {name: _numpy_name(kind) for name, kind in types.items()}
            kind = RNTuple.name if "RNTuple" in file.classname_of(tree) else self.name
            return Layout(kind, tree, int(item.num_entries), columns, header)

    def chunks(
        self, path: Path, tree: str | None, columns: Sequence[str], limit: int | None, chunk: int
    ) -> Iterator[Columns]:
        """Read branch by branch: names are taken literally, never as patterns."""
        import uproot

        with uproot.open(path, array_cache=None) as file:
            item = file[tree]
            for start, stop in spans(int(item.num_entries), limit, chunk):
                yield {
                    name: item[name].array(library="np", entry_start=start, entry_stop=stop)
                    for name in columns
                }

    def writer(self, path: Path, columns: Mapping[str, str], header: str) -> Sink:
        """Begin a TTree compressed with zlib, which ROOT 5 reads too."""
        return _RootSink(path, columns, header, "mktree")


class RNTuple(TTree):
    """ROOT's n-tuple since ROOT 6.36: smaller and faster, unknown to older versions."""

    name = "rntuple"
    suffixes = ()

    def writer(self, path: Path, columns: Mapping[str, str], header: str) -> Sink:
        """Begin an RNTuple compressed with zstd."""
        return _RootSink(path, columns, header, "mkrntuple")


class _RootSink:
    def __init__(self, path: Path, columns: Mapping[str, str], header: str, make: str) -> None:
        import uproot

        compression = uproot.ZLIB(1) if make == "mktree" else uproot.ZSTD(1)
        self._file = uproot.recreate(path, compression=compression)
        self._file[HEADER] = header
        self._tree = getattr(self._file, make)(TREE, dict(columns))

    def write(self, columns: Mapping[str, NDArray[Any]]) -> None:
        self._tree.extend({name: np.ascontiguousarray(array) for name, array in columns.items()})

    def close(self) -> None:
        self._file.close()


def check_size(path: Path) -> None:
    """Compare the file's size with the end that its first bytes state.

    A file cut short may still hold its directory, so that only some baskets fail to be read.
    """
    with path.open("rb") as file:
        head = file.read(20)
    if len(head) < 20:
        raise DataError(f"{path}: truncated ROOT file ({len(head)} bytes)")
    version = struct.unpack(">i", head[4:8])[0]
    large = version >= 1_000_000  # files beyond 2 GB hold 64-bit addresses
    end = struct.unpack(">q", head[12:20])[0] if large else struct.unpack(">i", head[12:16])[0]
    size = path.stat().st_size
    if end <= 0:
        raise DataError(f"{path}: truncated or damaged ROOT file, it does not say where it ends")
    if size < end:
        raise DataError(f"{path}: truncated ROOT file, {size:,} of {end:,} bytes are there")


def _find_tree(path: Path, file: Any, tree: str | None) -> str:
    # cycle=False keeps one name where an autosave left several cycles
    classes = file.classnames(recursive=True, cycle=False)
    trees = [name for name, kind in classes.items() if kind in _TREES]
    if tree is not None:
        if tree in trees:
            return tree
        raise SchemaError(f"{path}: no tree '{tree}'; {did_you_mean(tree, trees)}")
    if not trees:
        raise SchemaError(f"{path}: no TTree or RNTuple in this ROOT file")
    if len(trees) > 1:
        raise SchemaError(f"{path}: several trees ({', '.join(trees)}); choose one with --tree")
    return trees[0]


def _numpy_name(root_type: str) -> str:
    """Return NumPy's name for C++'s name of a number; other names come back as they are."""
    width = _FIXED_WIDTH.match(root_type)
    return width.group(1) if width else _NUMPY_NAMES.get(root_type, root_type)
