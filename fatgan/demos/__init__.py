"""What courses on GANs show, made again: one file per demonstration, listed in ``DEMOS``.

To add one, write ``fatgan/demos/NAME.py`` with a function ``draw(seed, ...)`` that returns a
:class:`~fatgan.demos.shown.Shown`, and list it. Nothing heavy is imported before one is drawn.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from fatgan.errors import ConfigError, did_you_mean

if TYPE_CHECKING:
    from fatgan.demos.shown import Shown


class Demo(NamedTuple):
    """A demonstration: the name of its file here, and what it shows in one line."""

    name: str
    shows: str

    def draw(self, seed: int) -> Shown:
        """Make the figure and its facts; equal seeds, equal facts."""
        shown: Shown = import_module(f"fatgan.demos.{self.name}").draw(seed)
        return shown


DEMOS = (
    Demo(
        "disjoint", "disjoint supports: JS stays at ln 2 where the earth-mover distance is linear"
    ),
    Demo("optimal_discriminator", "two Gaussians: D* = p/(p + q), and V(D*) = -2 ln 2 + 2 JS"),
    Demo("vanishing", "the better the discriminator, the less the minimax generator learns"),
    Demo("clipping", "WGAN: clipped weights against the gradient penalty"),
    Demo("mode_collapse", "the grid of 25 Gaussians: modes that a GAN loses, and what finds more"),
    Demo("inverse_cdf", "a one-dimensional target: the generator learns the inverse CDF"),
    Demo("earth_mover", "P = (3, 2, 1, 4) to Q = (1, 2, 4, 3): the cheapest plan moves for 5"),
)
"""Every demonstration, from theory to practice."""


def demo_named(name: str) -> Demo:
    """Return the demonstration of this name.

    Raises
    ------
    ConfigError
        There is none.
    """
    for demo in DEMOS:
        if demo.name == name:
            return demo
    hint = did_you_mean(name, [*(demo.name for demo in DEMOS), "all"])
    raise ConfigError(f"demo '{name}' is unknown; {hint}")


def make(demo: Demo, path: Path, seed: int) -> dict[str, float]:
    """Write a demonstration's figure, as PNG or PDF by its suffix, and return its facts.

    Raises
    ------
    ConfigError
        For another suffix.
    DataError
        If the file cannot be written.
    """
    from analysis.figures.save import check_formats, save
    from analysis.figures.style import styled

    kind = path.suffix.removeprefix(".")
    check_formats([kind])
    with styled():
        shown = demo.draw(seed)
        save(shown.figure, path.parent, path.stem, [kind])
    return shown.facts
