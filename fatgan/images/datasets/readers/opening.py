"""Files opened with bounds, plain or through gzip, and their damage in one line."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from fatgan.errors import DataError
from fatgan.images.image_set import ImageSet

MOST_BYTES = 4 * 2**30
"""Of a file's images together: they are held in memory."""

_HEAD = 64
_BLOCK = 2**24
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Reader:
    """A file format: its name, whether it knows a file by its first bytes, and how it reads."""

    name: str
    knows: Callable[[bytes], bool]
    read: Callable[[Path, int | None], ImageSet]


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file's content, unpacked if gzip has packed it.

    Raises
    ------
    DataError
        No such file, no right to read it, or damaged gzip content, also while it is read.
    """
    try:
        with path.open("rb") as file:
            packed = file.read(len(_GZIP)) == _GZIP
            file.seek(0)
            if packed:
                with gzip.open(file) as content:
                    yield content  # type: ignore[misc]
            else:
                yield file
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DataError(f"{path}: truncated or damaged gzip file ({error})") from error
    except FileNotFoundError:
        raise DataError(f"{path}: no such file or folder") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror or error})") from None


def head(path: Path) -> bytes:
    """Return the first bytes of a file's content.

    Raises
    ------
    DataError
        As :func:`opened`, or the file is empty.
    """
    with opened(path) as file:
        start = file.read(_HEAD)
    if not start:
        raise DataError(f"{path}: the file is empty")
    return start


def exactly(file: IO[bytes], size: int, place: str) -> bytearray:
    """Return the rest of a stream, which must be of ``size`` bytes.

    It is read block by block: neither is a header believed, for which room would be made in
    vain, nor packed content, which could unpack to any size.

    Raises
    ------
    DataError
        More than 4 GiB are declared, or another size than declared is there.
    """
    check_size(size, place)
    content = bytearray()
    while len(content) <= size and (block := file.read(min(_BLOCK, size + 1 - len(content)))):
        content += block
    if len(content) != size:
        found = f"only {len(content):,} are there" if len(content) < size else "there are more"
        raise DataError(
            f"{place}: {size:,} bytes are declared, {found}; the file is truncated or damaged"
        )
    return content


def entries(folder: Path) -> list[Path]:
    """Return what lies in a folder, in alphabetical order.

    Raises
    ------
    DataError
        No right to look.
    """
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise DataError(f"{folder}: cannot be read ({error.strerror or error})") from None


def check_size(size: int, place: str) -> None:
    """Refuse what declares more bytes of images than memory should hold.

    Raises
    ------
    DataError
        More than 4 GiB.
    """
    if size > MOST_BYTES:
        raise DataError(
            f"{place}: {size / 2**30:,.1f} GiB of images, more than {MOST_BYTES // 2**30} GiB; "
            "give a part of them"
        )
