"""The known file formats, one file each, and how one is chosen."""

from __future__ import annotations

from pathlib import Path

from fatgan.errors import DataError, SchemaError, did_you_mean
from fatgan.io.formats.base import Columns, Format, Layout, Sink, is_number
from fatgan.io.formats.parquet import Parquet
from fatgan.io.formats.root import RNTuple, TTree
from fatgan.io.formats.text import Text

__all__ = ["FORMATS", "Columns", "Format", "Layout", "Sink", "is_number", "sniff", "to_write"]

FORMATS: tuple[Format, ...] = (TTree(), RNTuple(), Parquet(), Text())
"""In the order in which they are asked whether they know a file."""


def sniff(path: Path) -> Format:
    """Return the format of a file by its content, whatever its name.

    Raises
    ------
    DataError
        No such file, a folder, an empty or unreadable file, or none of the known formats.
    """
    try:
        with path.open("rb") as file:
            head = file.read(4096)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise DataError(f"{path}: is a folder, not a file of events") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from None
    if not head:
        raise DataError(f"{path}: the file is empty (0 bytes)")
    for candidate in FORMATS:
        if candidate.sniff(head):
            return candidate
    known = ", ".join(candidate.name for candidate in FORMATS)
    raise DataError(f"{path}: the content is of no known format ({known})")


def to_write(path: Path, name: str | None) -> Format:
    """Return the format of this name, or the one that a file's suffix stands for.

    Raises
    ------
    SchemaError
        The name or suffix is unknown.
    DataError
        The path is a folder.
    """
    if path.is_dir():  # before its suffix, of which a folder mostly has none
        raise DataError(f"{path}: is a folder; name a file to write")
    if name is not None:
        by_name = {candidate.name: candidate for candidate in FORMATS}
        if name not in by_name:
            raise SchemaError(f"format '{name}' is unknown; {did_you_mean(name, by_name)}")
        return by_name[name]
    by_suffix = {suffix: candidate for candidate in FORMATS for suffix in candidate.suffixes}
    suffix = path.suffix.lower()
    if suffix not in by_suffix:
        known = ", ".join(by_suffix)
        raise SchemaError(
            f"{path}: the suffix '{suffix}' stands for no format ({known}); "
            "change it or name one with --format"
        )
    return by_suffix[suffix]
