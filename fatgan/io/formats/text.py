"""Text tables, compressed or not: a line that names the columns, then one event a line."""

from __future__ import annotations

from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from fatgan.errors import SchemaError
from fatgan.io.formats.base import Columns, Format, Layout, Sink
from fatgan.io.formats.compressed import create_bytes, open_bytes

HEADER = "# fatgan: "
"""Begins the comment line that carries the header."""

_ENCODING = "utf-8-sig"
"""UTF-8 without the mark that Windows programs put in front of it."""

_PREVIEW = 1000
"""Rows from which the columns' types are told."""


class Text(Format):
    """CSV when written; when read also with semicolons, blanks or NumPy's ``# px py pz``."""

    name = "csv"
    suffixes = (".csv", ".txt", ".dat", ".csv.gz")
    tabular = True

    def sniff(self, head: bytes, path: Path) -> bool:
        """A comment, or a first line of three fields of printable text, or of two with a comma."""
        if b"\0" in head or not head.strip():
            return False
        first = head.decode(_ENCODING, errors="replace").lstrip().split("\n", 1)[0]
        least = 2 if "," in first else 3
        return first.startswith("#") or ("\ufffd" not in first and len(_fields(first)) >= least)

    def layout(self, path: Path, tree: str | None) -> Layout:
        """Tell the types from the first rows, and count the lines."""
        head = _read_head(path)
        preview = next(self._frames(path, head, None, _PREVIEW, _PREVIEW), None)
        types = {} if preview is None else {c: str(t) for c, t in preview.dtypes.items()}
        with open_bytes(path) as file:
            stripped = (line.removeprefix(BOM_UTF8).strip() for line in file)
            lines = sum(1 for line in stripped if line and not line.startswith(b"#"))
        entries = lines - (0 if head.named_in_comment else 1)
        return Layout(
            self.name, None, entries, {c: types.get(c, "float64") for c in head.names}, head.header
        )

    def chunks(
        self, path: Path, tree: str | None, columns: Sequence[str], limit: int | None, chunk: int
    ) -> Iterator[Columns]:
        """Read with pandas, to the last digit."""
        head = _read_head(path)
        preview = next(self._frames(path, head, columns, _PREVIEW, _PREVIEW), None)
        # fatgan writes real numbers only, and whole ones as -0 too, whose sign integers lose
        types = {}
        if preview is not None and head.header is not None:
            types = dict.fromkeys(preview.select_dtypes("integer").columns, "float64")
        for frame in self._frames(path, head, columns, limit, chunk, types):
            yield {name: frame[name].to_numpy() for name in columns}

    def writer(self, path: Path, columns: Mapping[str, str], header: str) -> Sink:
        """Begin a CSV file."""
        return _TextSink(path, columns, header)

    def _frames(
        self,
        path: Path,
        head: _Head,
        columns: Sequence[str] | None,
        limit: int | None,
        chunk: int,
        types: Mapping[str, str] | None = None,
    ) -> Iterator[Any]:
        import pandas

        with (
            open_bytes(path) as file,
            pandas.read_csv(
                file,
                sep=head.separator or r"\s+",
                encoding=_ENCODING,
                skipinitialspace=True,
                comment="#",
                header=None if head.named_in_comment else 0,
                names=list(head.names),
                usecols=None if columns is None else list(columns),
                index_col=False,
                dtype=types or None,
                low_memory=False,
                nrows=limit,
                chunksize=chunk,
                **_exact(),
            ) as frames,
        ):
            yield from frames


@dataclass(frozen=True)
class _Head:
    names: tuple[str, ...]
    separator: str | None
    named_in_comment: bool
    header: str | None


def _read_head(path: Path) -> _Head:
    """Read up to the first line that is no comment."""
    header, comment, first = None, "", ""
    with TextIOWrapper(open_bytes(path), _ENCODING) as file:
        for line in file:
            if line.startswith(HEADER):
                header = line.removeprefix(HEADER).strip()
            elif line.lstrip().startswith("#"):
                comment = line.strip().lstrip("#")
            elif line.strip():
                first = line.strip()
                break
    fields, named = _fields(first), _fields(comment)
    if not first or not all(_is_float(field) for field in fields):
        return _Head(tuple(fields), _separator(first), False, header)
    if len(named) == len(fields):  # numpy.savetxt puts the names into a comment
        return _Head(tuple(named), _separator(first), True, header)
    raise SchemaError(f"{path}: the first line holds numbers; it must name the columns")


def _separator(line: str) -> str | None:
    """Return what stands between fields; None stands for blanks, as in :meth:`str.split`."""
    return next((mark for mark in ";," if mark in line), None)


def _fields(line: str) -> list[str]:
    parts = line.split(_separator(line))
    return [part.strip().strip('"') for part in parts]


def _exact() -> dict[str, Any]:
    # pandas 3.1 reads to the last digit by itself and warns when asked to; earlier ones must be
    import pandas

    major, minor = (int(part) for part in pandas.__version__.split(".")[:2])
    return {} if (major, minor) >= (3, 1) else {"float_precision": "round_trip"}


def _is_float(field: str) -> bool:
    try:
        float(field)
    except ValueError:
        return False
    return True


class _TextSink:
    def __init__(self, path: Path, columns: Mapping[str, str], header: str) -> None:
        self._file = create_bytes(path)
        self._file.write(f"{HEADER}{header}\n{','.join(columns)}\n".encode())

    def write(self, columns: Mapping[str, NDArray[Any]]) -> None:
        import pyarrow
        import pyarrow.csv

        # float32 is printed as the float64 it equals, so that it reads back to the bit
        rounded = {name: array.astype("float64") for name, array in columns.items()}
        options = pyarrow.csv.WriteOptions(include_header=False)
        pyarrow.csv.write_csv(pyarrow.table(rounded), self._file, options)

    def close(self) -> None:
        self._file.close()
