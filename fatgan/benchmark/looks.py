"""Looks at a training at moments that lie evenly on a logarithmic clock."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, Generic, Protocol, TypeVar

import numpy as np

COUNT = 8
"""Looks at a training."""
FIRST = 0.01
"""Share of the budget before which there is none."""


class Timed(Protocol):
    """A moment of a training: generator updates, seconds, and the share of the budget spent."""

    @property
    def step(self) -> int: ...  # noqa: D102
    @property
    def seconds(self) -> float: ...  # noqa: D102
    @property
    def share(self) -> float: ...  # noqa: D102


Moment = TypeVar("Moment", bound=Timed)


class Looks(ABC, Generic[Moment]):
    """Scores a generator on the way; call it with every moment.

    The first look is at the first moment, but not before 1 % of the budget; the last is the end.

    Attributes
    ----------
    taken
        One entry each: ``step``, ``seconds`` of training, and what :meth:`entry` finds.
    """

    def __init__(self, count: int = COUNT) -> None:
        self.count = count
        self.taken: list[dict[str, Any]] = []
        self._places: list[float] | None = None

    def __call__(self, moment: Moment) -> None:
        """Look, if a look is due."""
        if self._places is None:
            start = min(max(moment.share, FIRST), 1.0)
            self._places = np.geomspace(start, 1.0, self.count).tolist()
        due = [place for place in self._places if place <= moment.share]
        if due:
            # one call may pass several places
            self._places = self._places[len(due) :]
            clocks = {"step": moment.step, "seconds": moment.seconds}
            self.taken.append(clocks | self.entry(moment))

    @abstractmethod
    def entry(self, moment: Moment) -> dict[str, Any]:
        """Return the scores of a moment, as plain values."""
