"""A folder of PNG and JPEG files; its sub-folders are classes."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fatgan.errors import DataError
from fatgan.images.datasets.readers.opening import check_size, entries
from fatgan.images.datasets.selection import chosen
from fatgan.images.image_set import ImageSet

SUFFIXES = (".png", ".jpg", ".jpeg")
"""In any case; other files and hidden ones are left alone."""

_MODES = {"1": "L", "L": "L", "RGB": "RGB"}
"""What Pillow calls black and white, grey and colour, and what it is read as."""


def read_folder(path: Path, limit: int | None) -> ImageSet:
    """Return the images of a folder, or of its sub-folders with their names as classes.

    Files and classes are taken in alphabetical order; only one level of sub-folders is looked at.

    Raises
    ------
    DataError
        No image, images both beside and in sub-folders, an image that cannot be read or is
        neither grey nor RGB, or the first of another size or colour than those before it.
    """
    files = _listed(path)
    labels: NDArray[np.int64] | None = None
    folders = {folder.name: _listed(folder) for folder in entries(path) if _open(folder)}
    folders = {name: inside for name, inside in folders.items() if inside}
    if files and folders:
        raise DataError(
            f"{path}: images both in it and in its sub-folder '{next(iter(folders))}'; "
            "have them either all in it or all in one sub-folder per class"
        )
    if folders:
        files = [file for inside in folders.values() for file in inside]
        labels = np.repeat(np.arange(len(folders)), [len(inside) for inside in folders.values()])
    if not files:
        raise DataError(f"{path}: no PNG or JPEG file in this folder or its sub-folders")
    rows = chosen(len(files), limit)
    return ImageSet(
        path.resolve().name,
        _images([files[row] for row in rows]),
        labels=None if labels is None else labels[rows],
        classes=tuple(folders),
        provenance={"source": str(path), "format": "folder"},
    )


def _open(path: Path) -> bool:
    return path.is_dir() and not path.name.startswith(".")


def _listed(folder: Path) -> list[Path]:
    return [
        path
        for path in entries(folder)
        if path.suffix.lower() in SUFFIXES and not path.name.startswith(".") and path.is_file()
    ]


def _images(files: list[Path]) -> NDArray[np.uint8]:
    first = _pixels(files[0])
    check_size(first.size * len(files), f"{files[0].parent}: {len(files):,} images")
    images = np.empty((len(files), *first.shape), dtype=np.uint8)
    for row, file in enumerate(files):
        pixels = _pixels(file)
        if pixels.shape != first.shape:
            raise DataError(
                f"{file}: {_described(pixels)}, but {files[0]} is {_described(first)}; "
                "all images must be of one size and colour"
            )
        images[row] = pixels
    return images


def _described(pixels: NDArray[Any]) -> str:
    height, width, channels = pixels.shape
    return f"{width} x {height} {'grey' if channels == 1 else 'RGB'}"


def _pixels(file: Path) -> NDArray[np.uint8]:
    try:
        with warnings.catch_warnings():
            # Pillow's guard against few bytes that unpack to a huge image
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file) as image:
                mode = image.mode
                if mode in _MODES:
                    pixels = np.asarray(image.convert(_MODES[mode]))
    # SyntaxError is what Pillow raises for broken PNG chunks
    except (
        OSError,
        SyntaxError,
        ValueError,
        Image.DecompressionBombError,
        Image.DecompressionBombWarning,
    ) as error:
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise DataError(f"{file}: cannot be read as an image ({reason})") from error
    if mode not in _MODES:
        raise DataError(
            f"{file}: an image of Pillow's mode {mode}; only grey and RGB images of 8 bits are "
            "read, convert it"
        )
    return pixels[..., None] if pixels.ndim == 2 else pixels
