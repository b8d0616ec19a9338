"""What a named data set is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fatgan.images.image_set import ImageSet


@dataclass(frozen=True)
class NamedSet:
    """A data set with a name of its own.

    Attributes
    ----------
    name
        By which :func:`fatgan.images.datasets.load` knows it.
    summary
        What is in it and what it needs, in one line.
    read
        Returns it, or at most so many of its images (see
        :func:`fatgan.images.datasets.selection.chosen`).
    """

    name: str
    summary: str
    read: Callable[[int | None], ImageSet]
