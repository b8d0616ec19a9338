"""One array of images in a ``.npy`` file, as NumPy saves it; QuickDraw's numpy bitmaps too."""

from __future__ import annotations

import math
import warnings
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy_format
from numpy.typing import NDArray

from fatgan.errors import DataError
from fatgan.images.datasets.pixels import as_bytes
from fatgan.images.datasets.readers.opening import Reader, exactly, opened
from fatgan.images.datasets.selection import limited
from fatgan.images.image_set import ImageSet

_MAGIC = b"\x93NUMPY"
_HEADERS = {
    (1, 0): npy_format.read_array_header_1_0,
    (2, 0): npy_format.read_array_header_2_0,
}


def read_npy(path: Path, limit: int | None) -> ImageSet:
    """Return the images of a ``.npy`` file; see :func:`fatgan.images.datasets.pixels.as_bytes`.

    Raises
    ------
    DataError
        A truncated or damaged file, Python objects in it, or an array that is not images.
    """
    place = str(path)
    with opened(path) as file:
        array = array_of(file, place)
    provenance = {"source": place, "format": "npy"}
    images = ImageSet(path.name, as_bytes(array, place), provenance=provenance)
    return limited(images, limit)


def array_of(file: IO[bytes], place: str) -> NDArray[Any]:
    """Return the array of a ``.npy`` stream.

    NumPy itself would make room for whatever shape a header declares.

    Raises
    ------
    DataError
        A damaged header, Python objects (never unpickled), or another size than declared.
    """
    shape, by_column, dtype = _header(file, place)
    if dtype.hasobject:
        raise DataError(
            f"{place}: an array of Python objects, which are never unpickled; save the images as "
            "one array of numbers"
        )
    size = math.prod(shape) * dtype.itemsize
    if min(shape, default=0) < 0 or dtype.itemsize == 0:
        raise DataError(f"{place}: damaged NumPy array (shape {shape} of {dtype})")
    content = exactly(file, size, f"{place}: array of shape {shape}")
    return np.frombuffer(content, dtype).reshape(shape, order="F" if by_column else "C")


def _header(file: IO[bytes], place: str) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    try:
        version = npy_format.read_magic(file)
        if version in _HEADERS:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of headers written by Python 2
                return _HEADERS[version](file)
    # NumPy evaluates the header as Python code of literals, and raises whatever that raises
    except Exception as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise DataError(f"{place}: truncated or damaged NumPy array ({reason})") from error
    raise DataError(f"{place}: an array of named columns; images are one plain array")


NPY = Reader("npy", lambda start: start.startswith(_MAGIC), read_npy)
