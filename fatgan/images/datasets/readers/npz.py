"""Arrays of images and labels in a ``.npz`` file, as NumPy saves them; Keras' mnist.npz too."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from fatgan.errors import DataError, FatganError, SchemaError
from fatgan.images.datasets.labels import as_labels
from fatgan.images.datasets.pixels import as_bytes
from fatgan.images.datasets.readers.npy import array_of
from fatgan.images.datasets.readers.opening import Reader, opened
from fatgan.images.datasets.selection import limited
from fatgan.images.image_set import ImageSet

IMAGES = ("images", "x", "x_train")
"""What the array of images may be called; the first there is taken."""
LABELS = ("labels", "y", "y_train")

_SUFFIX = ".npy"


def read_npz(path: Path, limit: int | None) -> ImageSet:
    """Return the images and labels of a ``.npz`` file; other arrays are left alone.

    Raises
    ------
    SchemaError
        No array has a name of images.
    DataError
        A truncated or damaged file, Python objects in it, or arrays that are not images and
        their labels.
    """
    try:
        with opened(path) as file, zipfile.ZipFile(file) as archive:
            names = [
                name.removesuffix(_SUFFIX) for name in archive.namelist() if name.endswith(_SUFFIX)
            ]
            name = _named(names, IMAGES)
            if name is None:
                raise SchemaError(
                    f"{path}: no array is called {', '.join(IMAGES)}; "
                    f"there are: {', '.join(names[:20]) or 'none'}"
                )
            images = as_bytes(_array(archive, name, path), f"{path}: '{name}'")
            labels, name = None, _named(names, LABELS)
            if name is not None:
                array = _array(archive, name, path)
                labels = as_labels(array, len(images), f"{path}: '{name}'")
    except (FatganError, MemoryError):
        raise
    except Exception as error:  # zipfile raises many kinds for damaged or encrypted content
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise DataError(f"{path}: truncated or damaged npz file ({reason})") from error
    provenance = {"source": str(path), "format": "npz"}
    return limited(ImageSet(path.name, images, labels, provenance=provenance), limit)


def _named(names: list[str], wanted: tuple[str, ...]) -> str | None:
    return next((name for name in wanted if name in names), None)


def _array(archive: zipfile.ZipFile, name: str, path: Path) -> NDArray[Any]:
    with archive.open(name + _SUFFIX) as file:
        return array_of(file, f"{path}: '{name}'")


NPZ = Reader("npz", lambda start: start.startswith(b"PK"), read_npz)
