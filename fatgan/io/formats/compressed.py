"""Files that hold lines of text, plain or compressed, opened alike.

The compression is told by the first bytes, not by the suffix. Nothing is unpacked to disk or held
in memory, and a file that is made to fill either is refused.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import zlib
from pathlib import Path
from typing import BinaryIO, cast

from fatgan.errors import DataError

LONGEST_LINE = 64 * 2**20
"""Bytes of a line above which a file is no text of events."""
MAX_RATIO = 1_000
"""Bytes out for each compressed byte above which a file is refused."""
FREE = 100_000_000
"""Bytes that may come out before the ratio is looked at."""

_BLOCK = 2**20
_MAGIC = {
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}


def compression(path: Path) -> str | None:
    """Return ``gzip``, ``bzip2``, ``xz`` or ``zstd``, or None where the bytes are plain."""
    with path.open("rb") as file:
        head = file.read(6)
    return next((name for magic, name in _MAGIC.items() if head.startswith(magic)), None)


def open_bytes(path: Path) -> BinaryIO:
    """Open a file of text lines, compressed or not, to be read as bytes.

    Raises
    ------
    DataError
        In reading: truncated or damaged compressed bytes, a line above :data:`LONGEST_LINE`, or
        more than :data:`MAX_RATIO` bytes out of each compressed one after the first :data:`FREE`.
    """
    return cast(BinaryIO, io.BufferedReader(_Guarded(path), _BLOCK))


def create_bytes(path: Path) -> BinaryIO:
    """Open a new file to be written: with gzip if its suffix is ``.gz``, plain if not."""
    if path.suffix.lower() != ".gz":
        return path.open("wb")
    # without name and time in it, equal events are equal files
    return cast(BinaryIO, _Gzip(path))


class _Gzip(gzip.GzipFile):
    def __init__(self, path: Path) -> None:
        self._target = path.open("wb")
        super().__init__("", "wb", 6, self._target, mtime=0)

    def close(self) -> None:
        try:
            super().close()
        finally:
            self._target.close()


class _Guarded(io.RawIOBase):
    def __init__(self, path: Path) -> None:
        self._path = path
        self._kind = compression(path)
        self._file = path.open("rb")
        self._inner = _unpacked(self._file, self._kind)
        self._out = 0
        self._line = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            data = self._inner.read(len(buffer))
        except (EOFError, OSError, ValueError, zlib.error, lzma.LZMAError) as error:
            reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
            kind = self._kind or "plain"
            raise DataError(f"{self._path}: truncated or damaged {kind} file ({reason})") from None
        buffer[: len(data)] = data
        self._check(data)
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._inner.close()
            self._file.close()
        super().close()

    def _check(self, data: bytes) -> None:
        self._out += len(data)
        last = data.rfind(b"\n")
        self._line = self._line + len(data) if last < 0 else len(data) - last - 1
        if self._line > LONGEST_LINE:
            raise DataError(
                f"{self._path}: a line longer than {LONGEST_LINE // 2**20} MiB, no text of events"
            )
        if self._kind is None or self._out <= FREE:
            return
        ratio = self._out / max(self._file.tell(), 1)
        if ratio > MAX_RATIO:
            raise DataError(
                f"{self._path}: {self._kind} file that grows {ratio:,.0f} times in unpacking, "
                f"above {MAX_RATIO:,}; if it holds events, unpack it first"
            )


def _unpacked(file: BinaryIO, kind: str | None) -> BinaryIO:
    match kind:
        case "gzip":
            return cast(BinaryIO, gzip.GzipFile(fileobj=file))
        case "bzip2":
            return cast(BinaryIO, bz2.BZ2File(file))
        case "xz":
            return cast(BinaryIO, lzma.LZMAFile(file))
        case "zstd":
            import pyarrow

            return cast(BinaryIO, pyarrow.CompressedInputStream(file, "zstd"))
        case _:
            return file
