"""Files and folders of images, one format a file, told apart by their content.

========  ==========================================================================
idx       the files of MNIST, plain or ``.gz``; labels from the file beside them, or
          a folder of such files, of which the training part is taken
npz       ``images``, ``x`` or ``x_train``, and ``labels``, ``y`` or ``y_train``
npy       one array of images, or QuickDraw's numpy bitmaps
ndjson    QuickDraw's simplified drawings, plain or ``.gz``, drawn at 28 x 28
folder    PNG and JPEG files; sub-folders are classes
========  ==========================================================================
"""

from __future__ import annotations

from pathlib import Path

from fatgan.errors import DataError
from fatgan.images.datasets.readers import folder, idx, ndjson, npy, npz
from fatgan.images.datasets.readers.opening import head
from fatgan.images.image_set import ImageSet

__all__ = ["READERS", "read"]

READERS = (idx.IDX, npz.NPZ, npy.NPY, ndjson.NDJSON)
"""In the order in which they are asked whether they know a file."""

_ONE_IMAGE = (b"\x89PNG", b"\xff\xd8\xff")


def read(path: Path, limit: int | None = None) -> ImageSet:
    """Return the images of a file, told by its content whatever its name, or of a folder.

    Raises
    ------
    DataError
        Nothing there, an empty or damaged file, none of the known formats, or content that is
        not images.
    """
    if path.is_dir():
        parts = idx.parts(path)
        return (
            idx.read_idx(idx.training_part(path, parts), limit)
            if parts
            else (folder.read_folder(path, limit))
        )
    start = head(path)
    for reader in READERS:
        if reader.knows(start):
            return reader.read(path, limit)
    if start.startswith(_ONE_IMAGE):
        raise DataError(f"{path}: one image is no data set; give the folder it lies in")
    known = ", ".join(reader.name for reader in READERS)
    raise DataError(
        f"{path}: the content is of no known format ({known}, or a folder of PNG or JPEG files)"
    )
