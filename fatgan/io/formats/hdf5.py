"""Flat HDF5 files: one dataset for each column, or one dataset of records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from fatgan.errors import DataError, SchemaError, did_you_mean
from fatgan.io.formats.base import Columns, Format, Layout, Sink, is_number, spans

HEADER = "fatgan"
"""Attribute of the root that carries the header."""
ROOT = "/"
"""What ``--tree`` calls the root group."""

_ROWS = 65_536
"""Rows of one compressed piece."""


class HDF5(Format):
    """Columns are the datasets (n,) of one group, or the fields of one compound dataset (n,)."""

    name = "hdf5"
    suffixes = (".h5", ".hdf5")
    tabular = True

    def sniff(self, head: bytes, path: Path) -> bool:
        """HDF5 files begin with a signature of eight bytes."""
        return head.startswith(b"\x89HDF\r\n\x1a\n")

    def layout(self, path: Path, tree: str | None) -> Layout:
        """Find the group or the compound dataset that holds the events."""
        with _opened(path) as file:
            tree = _find_table(path, file, tree)
            entries, columns = _columns(file[tree])
            header = file.attrs.get(HEADER)
            return Layout(self.name, tree, entries, columns, header)

    def chunks(
        self, path: Path, tree: str | None, columns: Sequence[str], limit: int | None, chunk: int
    ) -> Iterator[Columns]:
        """Read slices of the datasets."""
        with _opened(path) as file:
            table = file[tree]
            entries, _ = _columns(table)
            for start, stop in spans(entries, limit, chunk):
                rows = slice(start, stop)
                if _is_records(table):
                    records = table.fields(list(columns))[rows]
                    yield {name: records[name] for name in columns}
                else:
                    yield {name: table[name][rows] for name in columns}

    def writer(self, path: Path, columns: Mapping[str, str], header: str) -> Sink:
        """Begin a file with a dataset for each column in its root."""
        return _HDF5Sink(path, columns, header)


class _HDF5Sink:
    def __init__(self, path: Path, columns: Mapping[str, str], header: str) -> None:
        import h5py

        self._file = h5py.File(path, "w", track_order=True)
        self._file.attrs[HEADER] = header
        for name, kind in columns.items():
            self._file.create_dataset(
                name,
                shape=(0,),
                maxshape=(None,),
                chunks=(_ROWS,),
                dtype=kind,
                compression="gzip",
                compression_opts=1,
                shuffle=True,
            )

    def write(self, columns: Mapping[str, NDArray[Any]]) -> None:
        for name, array in columns.items():
            column = self._file[name]
            start = len(column)
            column.resize(start + len(array), axis=0)
            column[start:] = array

    def close(self) -> None:
        self._file.close()


def _opened(path: Path) -> Any:
    import h5py

    # read-only disks of clusters know no locks
    return h5py.File(path, "r", locking="best-effort")


def _is_records(item: Any) -> bool:
    return hasattr(item, "dtype") and item.dtype.names is not None and item.ndim == 1


def _is_column(item: Any) -> bool:
    return hasattr(item, "dtype") and item.dtype.names is None and item.ndim == 1


def _find_table(path: Path, file: Any, tree: str | None) -> str:
    found: list[str] = []

    def visit(name: str, item: Any) -> None:
        if "pandas_type" in item.attrs:
            raise DataError(
                f"{path}: group '{name}' is laid out by pandas' HDFStore, which only pandas reads; "
                "write it with DataFrame.to_parquet or as one dataset for each column"
            )
        if _is_records(item) or _has_columns(item):
            found.append(name)

    if _has_columns(file):
        found.append(ROOT)
    file.visititems(visit)
    if tree is not None:
        asked = tree.strip("/") or ROOT
        if asked in found:
            return asked
        raise SchemaError(
            f"{path}: no group or compound dataset '{tree}'; {did_you_mean(tree, found)}"
        )
    if not found:
        raise SchemaError(f"{path}: no one-dimensional dataset in this HDF5 file")
    if len(found) > 1:
        raise SchemaError(f"{path}: several groups ({', '.join(found)}); choose one with --tree")
    return found[0]


def _has_columns(item: Any) -> bool:
    return hasattr(item, "keys") and any(_is_column(member) for member in _members(item).values())


def _members(group: Any) -> dict[str, Any]:
    # links to other files or to nothing are passed over
    import h5py

    return {
        name: group[name]
        for name in group
        if isinstance(group.get(name, getlink=True), h5py.HardLink)
    }


def _columns(table: Any) -> tuple[int, dict[str, str]]:
    """Return the number of rows, and the type of each column."""
    if _is_records(table):
        return len(table), {name: _type(table.dtype[name]) for name in table.dtype.names}
    datasets = {name: item for name, item in _members(table).items() if hasattr(item, "dtype")}
    lengths = Counter(len(item) for item in datasets.values() if _is_column(item))
    # what most columns have, and of several such numbers the largest
    rows = max(lengths, key=lambda length: (lengths[length], length))
    return rows, {name: _held(item, rows) for name, item in datasets.items()}


def _held(item: Any, rows: int) -> str:
    if _is_column(item) and len(item) != rows:
        return f"{len(item):,} values where others hold {rows:,}"
    return _type(item.dtype) if _is_column(item) else f"an array {item.shape}"


def _type(dtype: Any) -> str:
    return dtype.name if is_number(dtype.name) else str(dtype)
