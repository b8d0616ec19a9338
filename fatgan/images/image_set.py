"""A set of images, as data sets give them and generators make them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError

HALF = 127.5
"""Half the range of a byte: 0 ... 255 becomes -1 ... 1."""
CHANNELS = (1, 3)


@dataclass(frozen=True, eq=False)
class ImageSet:
    """Images of one size, with labels where they are known.

    Attributes
    ----------
    name
        Of the data set or the file.
    images
        Bytes of shape (n, height, width, channels), one channel (grey) or three (RGB).
    labels
        Class numbers of shape (n,), or ``None``.
    classes
        Names of the classes, in the order of their numbers; empty if they have none.
    provenance
        Where the images come from and under which licence, as plain values.

    Raises
    ------
    DataError
        Another shape or type, no image at all, or labels that do not belong to the images.
    """

    name: str
    images: NDArray[np.uint8]
    labels: NDArray[np.int64] | None = None
    classes: tuple[str, ...] = ()
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        shape = self.images.shape
        if self.images.dtype != np.uint8 or len(shape) != 4 or shape[3] not in CHANNELS:
            raise DataError(
                f"{self.name}: images are bytes of shape (n, height, width, channels) with 1 or "
                f"3 channels; these are {self.images.dtype} of shape {shape}"
            )
        if 0 in shape:
            raise DataError(f"{self.name}: no image in it (shape {shape})")
        if self.labels is not None and self.labels.shape != (len(self),):
            raise DataError(
                f"{self.name}: {len(self):,} images and labels of shape {self.labels.shape}; "
                "one label per image is needed"
            )

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, rows: slice | NDArray[Any]) -> ImageSet:
        """Return some of the images: a slice, row numbers or a mask."""
        labels = None if self.labels is None else self.labels[rows]
        return ImageSet(self.name, self.images[rows], labels, self.classes, self.provenance)

    @property
    def shape(self) -> tuple[int, int, int]:
        """Height, width and channels of one image."""
        height, width, channels = self.images.shape[1:]
        return height, width, channels

    @property
    def sha256(self) -> str:
        """Checksum of the images and their shape."""
        digest = hashlib.sha256(str(self.images.shape).encode())
        digest.update(np.ascontiguousarray(self.images).data)
        return digest.hexdigest()

    def split(self, held_out: int, seed: int) -> tuple[ImageSet, ImageSet]:
        """Return two disjoint parts at random: what is learned, and ``held_out`` others.

        Raises
        ------
        DataError
            Fewer than two images would be left to learn from.
        """
        if len(self) - held_out < 2:
            raise DataError(
                f"{self.name}: {len(self):,} images are too few to hold out {held_out:,}"
            )
        order = np.random.default_rng([seed, len(self)]).permutation(len(self))
        return self[order[held_out:]], self[order[:held_out]]


def to_unit(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Return bytes as numbers in [-1, 1], which networks learn."""
    return images.astype(np.float32) / np.float32(HALF) - np.float32(1)


def to_bytes(images: NDArray[Any]) -> NDArray[np.uint8]:
    """Return the nearest bytes of numbers in [-1, 1]; what lies beyond is cut off."""
    return np.rint(np.clip((np.asarray(images) + 1) * HALF, 0, 255)).astype(np.uint8)
