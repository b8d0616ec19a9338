"""The pictures that a training leaves: a grid after each epoch, and all of them as an animation."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fatgan.adversarial.keys import host_generator
from fatgan.images.gallery import save_animation, save_grid
from fatgan.images.image_set import to_bytes
from fatgan.images.sample import ImageGenerator

FRAMES = 60
"""Most frames of the animation: of more epochs some are left out, evenly."""
STEPS = 10
"""Images between the ends of a row of the interpolation."""
ROWS = 6


class Album:
    """Grids of one fixed noise, ``samples/epoch_0001.png`` and on; then ``training.gif``.

    Parameters
    ----------
    folder
        The run's folder.
    generator
        Whose images are shown, with the weights of each moment.
    size
        Images of a grid.
    epoch
        The last epoch of the training that goes on, 0 of a new one: grids of later epochs are
        of a training that was given up, and are removed.
    """

    def __init__(self, folder: Path, generator: ImageGenerator, size: int, epoch: int) -> None:
        self.folder, self.epoch, self._generator = folder, epoch, generator
        draw = host_generator(0, "grid", 0)
        self._noise = draw.standard_normal((size, generator.noise), dtype=np.float32)
        for number, path in self._pages().items():
            if number > epoch:
                path.unlink()

    def add(self, epoch: int) -> None:
        """Draw the grid of an epoch that has ended."""
        self.epoch = epoch
        images = to_bytes(self._generator.from_noise(self._noise))
        save_grid(images, self.folder / "samples" / f"epoch_{epoch:04d}.png")

    def close(self) -> None:
        """Write the animation, and rows of images whose noise goes from one point to another."""
        pages = [path for _, path in sorted(self._pages().items())]
        if pages:
            places = np.linspace(0, len(pages) - 1, min(FRAMES, len(pages)))
            chosen = [pages[round(float(place))] for place in places]
            save_animation(chosen, self.folder / "training.gif")
        save_grid(self._between(), self.folder / "interpolation.png", columns=STEPS)

    def _pages(self) -> dict[int, Path]:
        """Return the grids by epoch."""
        found = (self.folder / "samples").glob("epoch_*.png")
        return {int(path.stem.removeprefix("epoch_")): path for path in found}

    def _between(self) -> NDArray[np.uint8]:
        """Return images along great circles between normal points, which stay typical lengths.

        Source: T. White, arXiv:1609.04468.
        """
        draw = host_generator(0, "interpolation", 0)
        ends = draw.standard_normal((2, ROWS, 1, self._generator.noise), dtype=np.float32)
        angle = np.linspace(0, np.pi / 2, STEPS, dtype=np.float32)[:, None]
        noise = np.cos(angle) * ends[0] + np.sin(angle) * ends[1]
        return to_bytes(self._generator.from_noise(noise.reshape(-1, self._generator.noise)))
