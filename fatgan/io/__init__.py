"""Files of events: ROOT (TTree and RNTuple), Parquet, text."""

from fatgan.io.formats import FORMATS, Format
from fatgan.io.options import ReadOptions, Units
from fatgan.io.reading import FileDescription, describe, iterate, read, read_many
from fatgan.io.several import SeveralBeams
from fatgan.io.writing import DType, EventWriter, open_writer, write

__all__ = [
    "FORMATS",
    "DType",
    "EventWriter",
    "FileDescription",
    "Format",
    "ReadOptions",
    "SeveralBeams",
    "Units",
    "describe",
    "iterate",
    "open_writer",
    "read",
    "read_many",
    "write",
]
