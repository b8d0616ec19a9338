"""A feature network: what turns images into numbers that scores compare, and what it is called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError
from fatgan.images.scores.binomial import binomial_error

Array = NDArray[np.float64]
Images = NDArray[np.uint8]

INCEPTION = "Inception-v3"
"""Only with this network a Frechet distance is called FID, as the field does."""


@dataclass(frozen=True)
class Accuracy:
    """The share of ``number`` held-out images whose class a network tells right."""

    value: float
    number: int

    @property
    def error(self) -> float:
        """Its binomial standard error."""
        return binomial_error(self.value, self.number)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, safe for JSON."""
        return {"value": self.value, "error": self.error, "number": self.number}


@dataclass(frozen=True)
class FeatureNetwork:
    """Features and class probabilities of images, under a name that every score carries.

    Attributes
    ----------
    name
        Says what the network is, what it learned and how well.
    dimension
        How many features, d.
    forward
        Images, bytes of shape (n, height, width, channels) -> features (n, d) and probabilities
        (n, classes), in one pass.
    classes
        Names of the data set's classes that the probabilities mean; empty if they mean something
        else (rotations, the thousand classes of ImageNet). Scores of classes need them.
    accuracy
        On held-out images, where it was measured.
    shape
        Height, width and channels of the images it takes; ``None`` if any.
    """

    name: str
    dimension: int
    forward: Callable[[Images], tuple[NDArray[Any], NDArray[Any]]]
    classes: tuple[str, ...] = ()
    accuracy: Accuracy | None = None
    shape: tuple[int, int, int] | None = None

    @property
    def inception(self) -> bool:
        """Whether the scores may bear Inception's name."""
        return self.name == INCEPTION

    def evaluate(self, images: Images) -> tuple[Array, Array]:
        """Return features (n, d) and probabilities (n, classes), float64, in one pass.

        Raises
        ------
        DataError
            The images are not bytes of the shape that the network takes.
        """
        if images.dtype != np.uint8 or images.ndim != 4:
            raise DataError(
                f"{self.name} takes bytes of shape (n, height, width, channels); "
                f"these are {images.dtype} of shape {images.shape}"
            )
        if self.shape is not None and images.shape[1:] != self.shape:
            raise DataError(
                f"{self.name} takes images of (height, width, channels) {self.shape}; "
                f"these are {images.shape[1:]}; take the network of the data set they imitate"
            )
        features, probabilities = self.forward(images)
        return np.asarray(features, dtype=float), np.asarray(probabilities, dtype=float)

    def features(self, images: Images) -> Array:
        """Return the features, float64 of shape (n, d)."""
        return self.evaluate(images)[0]

    def probabilities(self, images: Images) -> Array:
        """Return the probabilities of the classes, float64 of shape (n, classes)."""
        return self.evaluate(images)[1]
