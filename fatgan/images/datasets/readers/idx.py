"""The idx files of MNIST (http://yann.lecun.com/exdb/mnist), plain or packed by gzip."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError
from fatgan.images.datasets.labels import as_labels
from fatgan.images.datasets.pixels import as_bytes
from fatgan.images.datasets.readers.opening import Reader, entries, exactly, opened
from fatgan.images.datasets.selection import limited
from fatgan.images.image_set import ImageSet

_BYTES = 8
"""The code of unsigned bytes in the third byte; the fourth is the number of dimensions."""
_CODES = (_BYTES, 9, 11, 12, 13, 14)
_NAME = re.compile(r"(.*)images([-.])idx3-ubyte(\.gz)?")


def read_idx(path: Path, limit: int | None) -> ImageSet:
    """Return the images of an idx file, with the labels of the file beside it if there is one.

    The labels of ``train-images-idx3-ubyte`` are ``train-labels-idx1-ubyte``, plain or ``.gz``.

    Raises
    ------
    DataError
        A truncated file, one with more bytes than its header says, other numbers than bytes, or
        labels that do not match.
    """
    array = _array(path, "images", (3, 4))
    images = as_bytes(array, str(path))
    beside = _labels_beside(path)
    labels = None
    if beside is not None:
        labels = as_labels(_array(beside, "labels", (1,)), len(images), str(beside))
    provenance = {"source": str(path), "format": "idx"}
    return limited(ImageSet(path.name, images, labels, provenance=provenance), limit)


def parts(folder: Path) -> list[Path]:
    """Return the idx files of images in a folder."""
    return [path for path in entries(folder) if _NAME.fullmatch(path.name)]


def training_part(folder: Path, parts: list[Path]) -> Path:
    """Return the one file of images, or the one called ``train-...``.

    Raises
    ------
    DataError
        There are several and none or more than one is called so.
    """
    wanted = [path for path in parts if path.name.startswith("train")]
    found = {path.name.removesuffix(".gz"): path for path in (wanted or parts)}
    if len(found) > 1:
        listed = ", ".join(path.name for path in parts)
        raise DataError(f"{folder}: several idx files of images; give one of them: {listed}")
    return next(iter(found.values()))


def _labels_beside(path: Path) -> Path | None:
    name = _NAME.fullmatch(path.name)
    if name is None:
        return None
    plain = path.with_name(f"{name[1]}labels{name[2]}idx1-ubyte")
    packed = plain.with_name(plain.name + ".gz")
    return next((beside for beside in (plain, packed) if beside.is_file()), None)


def _array(path: Path, what: str, dimensions: tuple[int, ...]) -> NDArray[np.uint8]:
    with opened(path) as file:
        magic = file.read(4)
        if len(magic) < 4 or not _knows(magic):
            raise DataError(f"{path}: not an idx file (its first bytes are {magic.hex(' ')})")
        if magic[2] != _BYTES:
            raise DataError(
                f"{path}: numbers of idx type 0x{magic[2]:02x}; only unsigned bytes (0x08) are read"
            )
        if magic[3] not in dimensions:
            needed = " or ".join(map(str, dimensions))
            raise DataError(f"{path}: an idx file of {magic[3]} dimensions; {what} have {needed}")
        sizes = file.read(4 * magic[3])
        if len(sizes) < 4 * magic[3]:
            raise DataError(f"{path}: truncated idx file, its header is incomplete")
        shape = tuple(np.frombuffer(sizes, ">u4").tolist())
        content = exactly(file, math.prod(shape), f"{path}: idx file of shape {shape}")
    return np.frombuffer(content, np.uint8).reshape(shape)


def _knows(start: bytes) -> bool:
    return start[:2] == b"\0\0" and len(start) > 3 and start[2] in _CODES and 0 < start[3] < 9


IDX = Reader("idx", _knows, read_idx)
