"""What a demonstration gives back."""

from __future__ import annotations

from typing import NamedTuple

from matplotlib.figure import Figure


class Shown(NamedTuple):
    """A figure, and the numbers that it shows by their names."""

    figure: Figure
    facts: dict[str, float]
