"""Objectives whose critic's loss holds a number that follows the training."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, ClassVar


class Adaptive(ABC):
    """An objective with a multiplier: one float32 number that goes from step to step.

    The model owns it, as a weight that no optimizer touches: it is saved and restored with the
    training's state. ``critic_loss`` is given its value, and after each update of the critic
    ``updated`` says what it is next. Examples are the Lagrange multiplier of a constraint on the
    critic, and a weight that a feedback keeps two terms in balance with.

    Attributes
    ----------
    start
        Its first value.
    """

    start: ClassVar[float] = 0.0

    @abstractmethod
    def critic_loss(self, real: Any, fake: Any, multiplier: Any, weights: Any = None) -> Any:
        """Return what the critic minimises, a scalar, from scores of shape (n, outputs)."""

    @abstractmethod
    def updated(self, multiplier: Any, real: Any, fake: Any, weights: Any = None) -> Any:
        """Return the next multiplier, a scalar, from the scores that the critic learned from."""
