"""Bytes of images out of what arrays hold, where that can be told for sure."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError
from fatgan.images.datasets.strokes import SIDE
from fatgan.images.image_set import CHANNELS

_BRIGHT = 128
"""What the brightest pixel of a whole set in 0 ... 255 reaches at least."""

_LAYOUTS = f"(n, height, width), (n, height, width, 1 or 3) or (n, {SIDE * SIDE})"


def as_bytes(array: NDArray[Any], place: str) -> NDArray[np.uint8]:
    """Return images as bytes of shape (n, height, width, channels).

    Shapes are (n, height, width), (n, height, width, 1 or 3), and (n, 784) for rows of 28 x 28
    as in QuickDraw's numpy bitmaps. What a number means is told by the range of all of them:

    ===================  =====================  ====================================
    type                 range                  meaning
    ===================  =====================  ====================================
    bool                                        0 or 255
    uint8                up to at least 2       the byte itself
    float                0 ... 1                255 x
    float                -1 ... 1, some below 0 127.5 (x + 1)
    float or integer     0 ... 128 to 255       x, to the nearest byte
    ===================  =====================  ====================================

    Parameters
    ----------
    array
        What a file holds.
    place
        File and array, for messages.

    Raises
    ------
    DataError
        No image, another shape or type, numbers that are not finite, or another range.
    """
    return _scaled(_shaped(array, place), place)


def _shaped(array: NDArray[Any], place: str) -> NDArray[Any]:
    if 0 in array.shape:
        raise DataError(f"{place}: no image in it (shape {array.shape})")
    if array.ndim == 2 and array.shape[1] == SIDE * SIDE:
        return array.reshape(-1, SIDE, SIDE, 1)
    one_image = array.ndim == 3 and array.shape[2] in (*CHANNELS, 4)
    if array.ndim == 3 and not one_image:
        return array[..., None]
    if array.ndim == 4 and array.shape[3] in CHANNELS:
        return array
    advice = f"images are {_LAYOUTS}"
    if one_image:
        advice = "that is one image; a data set is needed"
    elif array.ndim == 4 and array.shape[3] == 4:
        advice = "leave the fourth channel out: images[..., :3]"
    elif array.ndim == 4 and array.shape[1] in CHANNELS:
        advice = "put the channels last: numpy.moveaxis(images, 1, -1)"
    raise DataError(f"{place}: an array of shape {array.shape}; {advice}")


def _scaled(array: NDArray[Any], place: str) -> NDArray[np.uint8]:
    kind = array.dtype.kind
    if kind not in "biuf":
        raise DataError(f"{place}: the pixels are {array.dtype}; bytes or real numbers are needed")
    if kind == "b":
        return array.astype(np.uint8) * np.uint8(255)
    low, high = array.min().item(), array.max().item()
    if array.dtype == np.uint8 and high > 1:
        return array
    if not (np.isfinite(low) and np.isfinite(high)):
        bad = np.count_nonzero(~np.isfinite(array))
        raise DataError(f"{place}: {bad:,} of {array.size:,} pixels are not finite numbers")
    if low >= 0 and _BRIGHT <= high <= 255:
        return np.rint(array).astype(np.uint8)
    if kind == "f" and -1 <= low and high <= 1:
        shift, factor = (0.0, 255.0) if low >= 0 else (1.0, 127.5)
        return np.rint((array.astype(np.float32) + shift) * factor).astype(np.uint8)
    raise DataError(
        f"{place}: pixels of type {array.dtype} from {low:.6g} to {high:.6g}, which could mean "
        "several things; scale them to 0 ... 255, or as real numbers to 0 ... 1 or -1 ... 1"
    )
