"""The data sets that Keras fetches over the network and keeps in ~/.keras."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from importlib import import_module
from typing import Any

from fatgan.errors import DataError
from fatgan.images.datasets import fashion
from fatgan.images.datasets.labels import as_labels
from fatgan.images.datasets.named import NamedSet
from fatgan.images.datasets.pixels import as_bytes
from fatgan.images.datasets.selection import limited
from fatgan.images.image_set import ImageSet

_CIFAR = {
    "source": "A. Krizhevsky, Learning Multiple Layers of Features from Tiny Images (2009), "
    "training part",
    "licence": "none stated",
}
_MNIST = {
    "source": "MNIST, training part: Y. LeCun, C. Cortes and C. Burges",
    "licence": "CC BY-SA 3.0",
}
_OBJECTS = (
    "airplane",
    "automobile",
    "bird",
    "cat",
    "deer",
    "dog",
    "frog",
    "horse",
    "ship",
    "truck",
)


def _read(
    name: str, classes: tuple[str, ...], provenance: Mapping[str, Any], limit: int | None
) -> ImageSet:
    module = import_module("keras").datasets  # seconds, and TensorFlow with it
    place = f"keras.datasets.{name}"
    try:
        (images, labels), _ = getattr(module, name).load_data()
    except Exception as error:  # Keras raises a bare Exception where there is no network
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise DataError(
            f"{place}: cannot be had from the network ({reason}); give the path of a file with "
            "its images instead (.npz, .npy or idx), or take a data set that needs no network"
        ) from error
    pixels = as_bytes(images, place)
    numbers = as_labels(labels, len(pixels), place)
    return limited(ImageSet(name, pixels, numbers, classes, provenance), limit)


KERAS_SETS = tuple(
    NamedSet(name, f"{summary}, which Keras downloads", partial(_read, name, classes, provenance))
    for name, summary, classes, provenance in (
        ("mnist", "60,000 handwritten digits, 28 x 28", tuple("0123456789"), _MNIST),
        ("fashion_mnist", "60,000 garments, 28 x 28", fashion.CLASSES, fashion.PROVENANCE),
        ("cifar10", "50,000 photographs of 10 classes, 32 x 32 in colour", _OBJECTS, _CIFAR),
        ("cifar100", "50,000 photographs of 100 classes, 32 x 32 in colour", (), _CIFAR),
    )
)
