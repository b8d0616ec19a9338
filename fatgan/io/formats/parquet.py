"""Parquet: columns for pandas, Arrow, Spark and DuckDB."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from fatgan.io.formats.base import Columns, Format, Layout, Sink

HEADER = b"fatgan"
"""Key of the header in the schema's metadata."""


class Parquet(Format):
    """Apache Parquet, compressed with zstd, one row group per piece written."""

    name = "parquet"
    suffixes = (".parquet", ".pq")
    tabular = True

    def sniff(self, head: bytes, path: Path) -> bool:
        """Parquet files begin with ``PAR1``."""
        return head.startswith(b"PAR1")

    def layout(self, path: Path, tree: str | None) -> Layout:
        """Read the footer."""
        import pyarrow.parquet

        with pyarrow.parquet.ParquetFile(path) as file:
            schema = file.schema_arrow
            header = (schema.metadata or {}).get(HEADER)
            columns = {field.name: _numpy_name(field.type) for field in schema}
            return Layout(
                self.name, None, file.metadata.num_rows, columns, header and header.decode()
            )

    def chunks(
        self, path: Path, tree: str | None, columns: Sequence[str], limit: int | None, chunk: int
    ) -> Iterator[Columns]:
        """Read record batches."""
        import pyarrow.parquet

        with pyarrow.parquet.ParquetFile(path) as file:
            left = file.metadata.num_rows if limit is None else limit
            for batch in file.iter_batches(chunk, columns=list(columns)):
                part = batch.slice(0, left)
                yield {name: part.column(name).to_numpy(zero_copy_only=False) for name in columns}
                left -= part.num_rows
                if left <= 0:
                    return

    def writer(self, path: Path, columns: Mapping[str, str], header: str) -> Sink:
        """Begin a file whose schema carries the header."""
        return _ParquetSink(path, columns, header)


class _ParquetSink:
    def __init__(self, path: Path, columns: Mapping[str, str], header: str) -> None:
        import pyarrow
        import pyarrow.parquet

        fields = [(name, pyarrow.from_numpy_dtype(kind)) for name, kind in columns.items()]
        self._schema = pyarrow.schema(fields, metadata={HEADER: header.encode()})
        # momenta hardly repeat: a dictionary costs time and saves nothing
        self._file = pyarrow.parquet.ParquetWriter(
            path, self._schema, compression="zstd", use_dictionary=False
        )

    def write(self, columns: Mapping[str, NDArray[Any]]) -> None:
        import pyarrow

        self._file.write_table(pyarrow.table(dict(columns), schema=self._schema))

    def close(self) -> None:
        self._file.close()


def _numpy_name(arrow_type: Any) -> str:
    import pyarrow.types

    if pyarrow.types.is_boolean(arrow_type) or pyarrow.types.is_integer(arrow_type):
        return str(arrow_type)
    floats = {"halffloat": "float16", "float": "float32", "double": "float64"}
    return floats.get(str(arrow_type), str(arrow_type))
