"""Strokes of a pen as grey images, in the proportions of QuickDraw's bitmaps."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SIDE = 28
"""Pixels of a bitmap's side."""
SPAN = 256
"""Units of a simplified drawing's side: its coordinates are 0 ... 255."""

_PADDING = 16
_PEN = 16
_SCALE = SIDE / (SPAN + 2 * _PADDING + _PEN)
_TINY = 1e-9
_MIDDLES = np.arange(SIDE, dtype=np.float32) - np.float32((SIDE - 1) / 2)


def rasterised(strokes: Sequence[NDArray[np.float64]]) -> NDArray[np.uint8]:
    """Return a drawing as white lines on black, bytes of shape (28, 28, 1).

    The drawing is centred, and a round pen of 16 units draws it with a margin of 16 units, which
    are the proportions told of QuickDraw's numpy bitmaps
    (https://github.com/googlecreativelab/quickdraw-dataset/issues/19). A pixel's grey falls over
    one pixel at the pen's edge.

    Parameters
    ----------
    strokes
        One or more arrays of shape (points, 2), x to the right and y down, within a square of
        256 units. A stroke of one point is a dot.
    """
    points = np.concatenate(strokes)
    middle = (points.min(axis=0) + points.max(axis=0)) / 2
    start = np.concatenate([stroke[: max(len(stroke) - 1, 1)] for stroke in strokes])
    end = np.concatenate([stroke[min(len(stroke) - 1, 1) :] for stroke in strokes])
    a = ((start - middle) * _SCALE).astype(np.float32)
    b = ((end - middle) * _SCALE).astype(np.float32)
    # distances to the pen's path: Pillow rounds the corners of its lines to whole pixels, which
    # makes slanted ones up to 15 % thinner even when they are drawn larger and scaled down
    distance = np.sqrt(_squared_distances(a, b - a).min(axis=0))
    grey = np.clip(0.5 + _SCALE * _PEN / 2 - distance, 0, 1)
    return np.rint(grey * 255).astype(np.uint8)[..., None]


def _squared_distances(a: NDArray[np.float32], along: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how far all pixels are from each line of (lines, 2), shape (lines, 28, 28)."""
    x = _MIDDLES - a[:, 0, None, None]
    y = _MIDDLES[:, None] - a[:, 1, None, None]
    unit = along / np.maximum(np.sum(along**2, axis=1, keepdims=True), np.float32(_TINY))
    nearest = x * unit[:, 0, None, None] + y * unit[:, 1, None, None]
    np.clip(nearest, 0, 1, out=nearest)
    squared: NDArray[np.float32] = (x - nearest * along[:, 0, None, None]) ** 2
    squared += (y - nearest * along[:, 1, None, None]) ** 2
    return squared
