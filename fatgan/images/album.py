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
    fresh
        Remove the grids of an earlier training; a resumed one goes on counting.
    """

    def __init__(self, folder: Path, generator: ImageGenerator, size: int, *, fresh: bool) -> None:
        self.folder, self._generator = folder, generator
        draw = host_generator(0, "grid", 0)
        self._noise = draw.standard_normal((size, generator.noise), dtype=np.float32)
        earlier = sorted((folder / "samples").glob("epoch_*.png"))
        if fresh:
            for path in earlier:
                path.unlink()
        self.epoch = 0 if fresh else len(earlier)
        self._frames: list[NDArray[np.uint8]] = []
        self._every = 1

    def add(self, step: int) -> None:
        """Draw the grid of an epoch that has ended."""
        self.epoch += 1
        images = to_bytes(self._generator.from_noise(self._noise))
        save_grid(images, self.folder / "samples" / f"epoch_{self.epoch:04d}.png")
        if self.epoch % self._every == 0:
            self._frames.append(images)
        if len(self._frames) > 2 * FRAMES:
            # every second one is enough from here on: memory and file stay small
            self._frames, self._every = self._frames[1::2], 2 * self._every

    def close(self) -> None:
        """Write the animation, and rows of images whose noise goes from one point to another."""
        if self._frames:
            keep = np.linspace(0, len(self._frames) - 1, min(FRAMES, len(self._frames)))
            frames = [self._frames[round(float(place))] for place in keep]
            save_animation(frames, self.folder / "training.gif")
        save_grid(self._between(), self.folder / "interpolation.png", columns=STEPS)

    def _between(self) -> NDArray[np.uint8]:
        """Return images along great circles between normal points, which stay typical lengths.

        Source: T. White, arXiv:1609.04468.
        """
        draw = host_generator(0, "interpolation", 0)
        ends = draw.standard_normal((2, ROWS, 1, self._generator.noise), dtype=np.float32)
        angle = np.linspace(0, np.pi / 2, STEPS, dtype=np.float32)[:, None]
        noise = np.cos(angle) * ends[0] + np.sin(angle) * ends[1]
        return to_bytes(self._generator.from_noise(noise.reshape(-1, self._generator.noise)))
