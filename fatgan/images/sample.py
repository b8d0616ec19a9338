"""Generation of images from a model bundle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from fatgan.adversarial.bundle import read_network
from fatgan.adversarial.keys import host_generator
from fatgan.adversarial.manifest import origin, read_manifest
from fatgan.errors import ModelError
from fatgan.images.image_set import ImageSet, to_bytes

BLOCK = 256
"""Images are drawn in blocks of this size, each from its own key: the number does not matter."""


def load(folder: str | Path) -> ImageGenerator:
    """Load a trained image GAN from its bundle, like ``runs/images/dcgan/model``.

    Raises
    ------
    ModelError
        Not a bundle, one of another kind, damaged, or written by a newer version.
    """
    folder = Path(folder)
    manifest = read_manifest(folder)
    if manifest.get("kind") != "images":
        raise ModelError(f"{folder}: not a model of images; events come from: fatgan generate")
    return ImageGenerator(read_network(folder), manifest)


class ImageGenerator:
    """Generates images, a function of the seed alone.

    Parameters
    ----------
    network
        (n, noise) -> (n, height, width, channels) in [-1, 1].
    manifest
        The bundle's manifest.
    """

    def __init__(self, network: keras.Model, manifest: dict[str, Any]) -> None:
        self.manifest = manifest
        self.noise = int(network.input_shape[-1])
        self._network = tf.function(
            lambda noise: network(noise, training=False),
            input_signature=[tf.TensorSpec((None, self.noise), tf.float32)],
        )

    def generate(self, n: int, *, seed: int = 0) -> ImageSet:
        """Return ``n`` images: a larger sample of one seed begins with the smaller one.

        Raises
        ------
        ModelError
            ``n`` is not a positive whole number.
        """
        if n < 1 or n != int(n):
            raise ModelError(f"cannot generate {n} images")
        n = int(n)
        blocks = [to_bytes(self.from_noise(noise)) for noise in self._noise(-(-n // BLOCK), seed)]
        name = self.manifest.get("name", "generated")
        return ImageSet(name, np.concatenate(blocks)[:n], provenance=self.provenance(seed))

    def from_noise(self, noise: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the images of given noise: (n, noise) -> (n, height, width, channels)."""
        return np.asarray(self._network(noise))

    def provenance(self, seed: int) -> dict[str, Any]:
        """Return what the images of a seed carry with them."""
        return origin(self.manifest, seed)

    def _noise(self, blocks: int, seed: int) -> Iterator[NDArray[np.float32]]:
        for number in range(blocks):
            draw = host_generator(seed, "generate", number)
            yield draw.standard_normal((BLOCK, self.noise), dtype=np.float32)
