"""The known file formats, one file each, and how one is chosen."""

from __future__ import annotations

from pathlib import Path

from fatgan.errors import DataError, SchemaError, did_you_mean
from fatgan.io.formats.base import Columns, Format, Layout, Sink, is_number
from fatgan.io.formats.compressed import compression, open_bytes
from fatgan.io.formats.eic_text import EICText
from fatgan.io.formats.eic_tree import EicTree
from fatgan.io.formats.gst import Gst
from fatgan.io.formats.hdf5 import HDF5
from fatgan.io.formats.hepmc import HepMC
from fatgan.io.formats.hepmc_tree import HepMCTree
from fatgan.io.formats.lhe import LHE
from fatgan.io.formats.lund import Lund
from fatgan.io.formats.parquet import Parquet
from fatgan.io.formats.podio import Podio
from fatgan.io.formats.root import RNTuple, TTree
from fatgan.io.formats.root_keys import RootRecord
from fatgan.io.formats.text import Text

__all__ = ["FORMATS", "Columns", "Format", "Layout", "Sink", "is_number", "sniff", "to_write"]

FORMATS: tuple[Format, ...] = (
    Gst(),
    EicTree(),
    HepMCTree(),
    Podio(),
    TTree(),
    RNTuple(),
    Parquet(),
    HDF5(),
    HepMC(),
    LHE(),
    EICText(),
    Lund(),
    Text(),
)
"""In the order in which they are asked whether they know a file: the specific before the general,
as a layout inside of ROOT files before any tree, and event records before tables of text."""


def sniff(path: Path, name: str | None = None, *, mapped: bool = False) -> Format:
    """Return the format of a file by its content, whatever its name, or the one so named.

    Who names the columns of the momenta (``mapped``) means a tree as it is, not its events.

    Raises
    ------
    SchemaError
        The format named is unknown.
    DataError
        No such file, a folder, an empty or unreadable file, or none of the known formats.
    """
    try:
        packed = compression(path)
        with open_bytes(path) as file:
            head = file.read(4096)
    except FileNotFoundError:
        raise DataError(f"{path}: no such file") from None
    except IsADirectoryError:
        raise DataError(f"{path}: is a folder, not a file of events") from None
    except OSError as error:
        raise DataError(f"{path}: cannot be read ({error.strerror})") from None
    if not head:
        raise DataError(f"{path}: the file is empty (0 bytes)")
    if packed is not None and b"\0" in head:
        raise DataError(
            f"{path}: a {packed} file that holds no text; unpack it and read what is in it"
        )
    if name is not None:
        return by_name(name)
    for candidate in FORMATS:
        if mapped and isinstance(candidate, RootRecord):
            continue
        if candidate.sniff(head, path):
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
        known = by_name(name)
        if not known.can_write:
            written = ", ".join(candidate.name for candidate in FORMATS if candidate.can_write)
            raise SchemaError(f"format '{name}' is read, not written; those are: {written}")
        return known
    by_suffix = {suffix: candidate for candidate in FORMATS for suffix in candidate.suffixes}
    endings = [ending.lower() for ending in path.suffixes]
    # .hepmc.gz before .gz
    for suffix in ("".join(endings[-2:]), "".join(endings[-1:])):
        if suffix in by_suffix:
            return by_suffix[suffix]
    raise SchemaError(
        f"{path}: the suffix '{path.suffix.lower()}' stands for no format "
        f"({', '.join(by_suffix)}); change it or name one with --format"
    )


def by_name(name: str) -> Format:
    """Return the format of this name; an unknown one is a SchemaError with near matches."""
    known = {candidate.name: candidate for candidate in FORMATS}
    if name not in known:
        raise SchemaError(f"format '{name}' is unknown; {did_you_mean(name, known)}")
    return known[name]
