"""Fashion-MNIST where Debian's package puts it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from fatgan.errors import DataError
from fatgan.images.datasets.named import NamedSet
from fatgan.images.datasets.readers.idx import read_idx
from fatgan.images.image_set import ImageSet

FOLDER = Path("/usr/share/datasets/fashion-mnist")
"""Of the Debian package ``dataset-fashion-mnist``."""
PACKAGE = "dataset-fashion-mnist"
IMAGES = "train-images-idx3-ubyte.gz"
CLASSES = (
    "T-shirt/top",
    "trouser",
    "pullover",
    "dress",
    "coat",
    "sandal",
    "shirt",
    "sneaker",
    "bag",
    "ankle boot",
)
PROVENANCE = {
    "source": "Fashion-MNIST, training part: H. Xiao, K. Rasul and R. Vollgraf, arXiv:1708.07747",
    "licence": "MIT",
}


def _read(limit: int | None) -> ImageSet:
    path = FOLDER / IMAGES
    if not path.is_file():
        raise DataError(
            f"{path}: no such file; install it with: apt-get install {PACKAGE}, or give the path "
            f"of {IMAGES} or of its folder instead of 'fashion'"
        )
    images = read_idx(path, limit)
    return replace(images, name="fashion", classes=CLASSES, provenance=PROVENANCE)


FASHION = NamedSet(
    "fashion",
    f"60,000 garments of Fashion-MNIST, 28 x 28, from the Debian package {PACKAGE}",
    _read,
)
