"""Plane targets on which the literature shows what goes wrong in a GAN."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


class Mixture(NamedTuple):
    """Gaussians of one width and equal shares; ``centres`` has shape (modes, 2)."""

    centres: Array
    width: float

    def sample(self, n: int, rng: np.random.Generator) -> Array:
        """Return n points, shape (n, 2)."""
        chosen = self.centres[rng.integers(len(self.centres), size=n)]
        return chosen + self.width * rng.normal(size=(n, 2))

    def counts(self, points: Array) -> NDArray[np.intp]:
        """Return how many of the points, shape (n, 2), are within 3 widths of each centre."""
        distance = np.linalg.norm(points[:, None] - self.centres, axis=2)
        near = distance.argmin(axis=1)[distance.min(axis=1) < 3 * self.width]
        return np.bincount(near, minlength=len(self.centres))


def grid(side: int = 5, spacing: float = 1.0, width: float = 0.05) -> Mixture:
    """Return the grid of side x side Gaussians around the origin (25 in arXiv:1704.00028)."""
    line = spacing * (np.arange(side) - (side - 1) / 2)
    return Mixture(np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2), width)


def ring(modes: int = 8, radius: float = 2.0, width: float = 0.1) -> Mixture:
    """Return Gaussians on a circle (8 in arXiv:1704.00028)."""
    angle = 2 * np.pi * np.arange(modes) / modes
    return Mixture(radius * np.stack([np.cos(angle), np.sin(angle)], axis=-1), width)
