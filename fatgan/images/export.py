"""Generated images as files: a picture of them all, or an array."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from fatgan.atomic import disk_named, replaced_on_success
from fatgan.errors import DataError
from fatgan.images.gallery import check_picture, save_grid
from fatgan.images.image_set import ImageSet

ARRAYS = (".npz", ".npy")
MOST_IN_A_GRID = 10_000


def check_place(path: Path, number: int) -> None:
    """Refuse a suffix of nothing that can be written, and more images than a picture holds.

    Raises
    ------
    DataError
        Either.
    """
    if path.suffix.lower() in ARRAYS:
        return
    check_picture(path)
    if number > MOST_IN_A_GRID:
        raise DataError(
            f"{path}: {number:,} images do not fit into a picture (at most {MOST_IN_A_GRID:,}); "
            "write them as samples.npz"
        )


def write_images(images: ImageSet, path: Path) -> Path:
    """Write images as the suffix says.

    ``.npz`` holds the array ``images``, bytes of shape (n, height, width, channels), and
    ``provenance``, JSON text; ``.npy`` the array alone; any suffix of a picture is a grid.

    Raises
    ------
    DataError
        Another suffix, too many images for a picture, or a file that cannot be written.
    """
    check_place(path, len(images))
    if path.suffix.lower() not in ARRAYS:
        return save_grid(images.images, path)
    with replaced_on_success(path) as unfinished, disk_named(path), unfinished.open("wb") as file:
        if path.suffix.lower() == ".npy":
            np.save(file, images.images, allow_pickle=False)
        else:
            provenance = np.array(json.dumps(dict(images.provenance)))
            np.savez_compressed(file, images=images.images, provenance=provenance)
    return path
