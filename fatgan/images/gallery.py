"""Pictures of images: grids, strips, and the animation of a training."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from fatgan.atomic import disk_named, replaced_on_success
from fatgan.errors import DataError

GAP = 2
"""Pixels between two images."""
GREY = 96
SIDE = 560
"""Grids are enlarged by a whole factor to about this many pixels, so that pixels stay sharp."""
FRAME_SECONDS, LAST_SECONDS = 0.12, 2.0

Bytes = NDArray[np.uint8]


def grid(images: Bytes, columns: int | None = None) -> Image.Image:
    """Return images of shape (n, height, width, channels) side by side, row by row.

    Parameters
    ----------
    columns
        How many in a row; by default as many as rows.

    Raises
    ------
    DataError
        There is no image.
    """
    if not len(images):
        raise DataError("no image to show")
    count, height, width, channels = images.shape
    columns = columns or int(np.ceil(np.sqrt(count)))
    rows = -(-count // columns)
    tall, wide = height + GAP, width + GAP
    sheet = np.full((rows * tall + GAP, columns * wide + GAP, channels), GREY, dtype=np.uint8)
    for number, image in enumerate(images):
        top, left = GAP + tall * (number // columns), GAP + wide * (number % columns)
        sheet[top : top + height, left : left + width] = image
    picture = Image.fromarray(sheet[..., 0] if channels == 1 else sheet)
    factor = max(1, SIDE // max(picture.size))
    size = (picture.width * factor, picture.height * factor)
    return picture.resize(size, Image.Resampling.NEAREST)


def save_grid(images: Bytes, path: Path, columns: int | None = None) -> Path:
    """Write a grid as a picture in the format of the path's suffix, e.g. PNG.

    Raises
    ------
    DataError
        The suffix is of no picture, or the file cannot be written.
    """
    check_picture(path)
    with replaced_on_success(path) as unfinished, disk_named(path):
        grid(images, columns).save(unfinished)
    return path


def check_picture(path: Path) -> None:
    """Refuse a path whose suffix is of no picture that can be written."""
    if Image.registered_extensions().get(path.suffix.lower()) not in Image.SAVE:
        raise DataError(f"{path}: no picture has this suffix; name it like grid.png")


def save_animation(pages: Sequence[Path], path: Path) -> Path:
    """Write pictures one after another as an animated GIF that repeats; the last stands longer.

    Parameters
    ----------
    pages
        Files of pictures; those of another size than the last are left out.
    """
    pictures = []
    for page in pages:
        with Image.open(page) as picture:
            pictures.append(picture.copy())
    pictures = [picture for picture in pictures if picture.size == pictures[-1].size]
    times = [int(1000 * FRAME_SECONDS)] * (len(pictures) - 1) + [int(1000 * LAST_SECONDS)]
    with replaced_on_success(path) as unfinished, disk_named(path):
        pictures[0].save(
            unfinished, save_all=True, append_images=pictures[1:], duration=times, loop=0
        )
    return path
