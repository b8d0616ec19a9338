"""Files of events: flat tables and event records, each format in a file of ``formats``."""

from fatgan.io.formats import FORMATS, Format
from fatgan.io.options import ReadOptions, Units
from fatgan.io.reading import FileDescription, describe, iterate, read, read_many
from fatgan.io.several import SeveralBeams
from fatgan.io.surveying import Survey, survey
from fatgan.io.writing import DType, EventWriter, open_writer, write

__all__ = [
    "FORMATS",
    "DType",
    "EventWriter",
    "FileDescription",
    "Format",
    "ReadOptions",
    "SeveralBeams",
    "Survey",
    "Units",
    "describe",
    "iterate",
    "open_writer",
    "read",
    "read_many",
    "survey",
    "write",
]
