"""Penalties on the critic's slope. Each scores a batch and returns its penalty beside the scores.

``score`` takes the critic, real and fake batches of the same shape (n, ...), and one number per
event uniform in [0, 1), shape (n,), for those that interpolate. Adding one: a frozen dataclass with
a ``name`` and ``score``, listed in ``PENALTIES``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import tensorflow as tf
from keras import ops
from pydantic import Field

Critic = Callable[[Any], Any]

_EPSILON = 1e-12
"""Inside the root of a gradient's norm, whose own slope at zero is infinite."""


def _scores(critic: Critic, real: Any, fake: Any) -> tuple[Any, Any]:
    """Score both halves in one call, so that batch-dependent layers see them alike."""
    return tuple(ops.split(critic(ops.concatenate([real, fake])), 2))


def _squared_slope(critic: Critic, points: Any) -> tuple[Any, Any]:
    """Return the scores and |grad D|^2 per point, shapes (n, 1) and (n,)."""
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(points)
        scores = critic(points)
    gradient = tape.gradient(scores, points)
    return scores, ops.sum(ops.square(gradient), axis=tuple(range(1, len(points.shape))))


@dataclass(frozen=True)
class NoPenalty:
    """The critic is left free."""

    name: Literal["none"] = "none"

    def score(self, critic: Critic, real: Any, fake: Any, share: Any) -> tuple[Any, Any, Any]:
        """Return D(real), D(fake), 0."""
        return *_scores(critic, real, fake), ops.zeros(())


@dataclass(frozen=True)
class GradientPenalty:
    """weight * E[(|grad D(x^)| - target)^2], x^ uniform between a real and a fake event.

    I. Gulrajani et al. (arXiv:1704.00028). The right weight depends on the scale of the features.
    """

    name: Literal["gradient_penalty"] = "gradient_penalty"
    weight: Annotated[float, Field(ge=0)] = 10.0
    target: Annotated[float, Field(ge=0)] = 1.0

    def score(self, critic: Critic, real: Any, fake: Any, share: Any) -> tuple[Any, Any, Any]:
        """Return D(real), D(fake) and the penalty; one interpolation number per event."""
        share = ops.reshape(share, (-1, *([1] * (len(real.shape) - 1))))
        _, slope2 = _squared_slope(critic, share * real + (1 - share) * fake)
        excess = ops.sqrt(slope2 + _EPSILON) - self.target
        return *_scores(critic, real, fake), self.weight * ops.mean(ops.square(excess))


@dataclass(frozen=True)
class ZeroCentred:
    """gamma/2 * (E|grad D(real)|^2 + E|grad D(fake)|^2): R1 + R2.

    L. Mescheder et al. (arXiv:1801.04406); both halves as in arXiv:2501.05441.
    """

    name: Literal["r1_r2"] = "r1_r2"
    gamma: Annotated[float, Field(ge=0)] = 0.1

    def score(self, critic: Critic, real: Any, fake: Any, share: Any) -> tuple[Any, Any, Any]:
        """Return D(real), D(fake) and the penalty, all from one pass over the batch."""
        scores, slope2 = _squared_slope(critic, ops.concatenate([real, fake]))
        # the mean over both halves is half the sum of the halves' means
        return *ops.split(scores, 2), self.gamma * ops.mean(slope2)


PENALTIES = (NoPenalty, GradientPenalty, ZeroCentred)
Penalty = NoPenalty | GradientPenalty | ZeroCentred
