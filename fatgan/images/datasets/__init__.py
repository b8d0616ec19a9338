"""Data sets of images: some with a name of their own, and what a user's files and folders hold.

>>> from fatgan.images.datasets import load
>>> load("digits8").shape
(8, 8, 1)
"""

from __future__ import annotations

from pathlib import Path

from fatgan.errors import ConfigError, SchemaError, did_you_mean
from fatgan.images.datasets.digits8 import DIGITS8
from fatgan.images.datasets.fashion import FASHION
from fatgan.images.datasets.flamingos import FLAMINGOS
from fatgan.images.datasets.keras_sets import KERAS_SETS
from fatgan.images.datasets.mnist5k import MNIST5K
from fatgan.images.datasets.named import NamedSet
from fatgan.images.datasets.readers import read
from fatgan.images.image_set import ImageSet

__all__ = ["DATASETS", "NamedSet", "load"]

DATASETS: dict[str, NamedSet] = {
    item.name: item for item in (DIGITS8, MNIST5K, FASHION, FLAMINGOS, *KERAS_SETS)
}
"""The data sets that have a name."""


def load(what: str | Path, *, limit: int | None = None) -> ImageSet:
    """Return the images of a data set, a file or a folder.

    Parameters
    ----------
    what
        A name in :data:`DATASETS`, or the path of a file or folder (see
        :mod:`fatgan.images.datasets.readers`). A string that is a name means the data set, even
        if a file is called so: write ``./mnist`` or give a ``Path`` for the file.
    limit
        At most so many images, drawn at random with a fixed seed and in the order of the file:
        many files are sorted by class.

    Raises
    ------
    ConfigError
        ``limit`` is below 1.
    SchemaError
        No data set has this name, and nothing lies at this path.
    DataError
        The content cannot be used, or a data set cannot be had on this machine.
    MissingExtraError
        The data set comes with a package that is not installed.
    """
    if limit is not None and limit < 1:
        raise ConfigError(f"limit {limit:,}: at least 1 image is needed")
    if isinstance(what, str) and what in DATASETS:
        return DATASETS[what].read(limit)
    path = Path(what)
    # a lone word that is no file was meant as a name
    if isinstance(what, str) and not path.suffix and path.name == what and not path.exists():
        raise SchemaError(f"no data set or file '{what}'; {did_you_mean(what, DATASETS)}")
    return read(path, limit)
