"""What holds the critic's slope. Each scores a batch and returns its penalty beside the scores.

``score`` takes the critic, real and fake batches of the same shape (n, ...), and one number per
event uniform in [0, 1), shape (n,), for those that interpolate; ``constrain`` is called with the
critic's weights after each of its updates. Of a critic with several outputs the slope is the
Frobenius norm of its Jacobian, which no directional slope exceeds. Slopes are taken with
respect to the points: a critic with conditions is handed in as a function of the points alone.
Adding one: a frozen dataclass with a ``name``, derived from ``Free`` or ``Unconstrained`` or both,
listed in ``PENALTIES``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import tensorflow as tf
from keras import ops
from pydantic import Field

Critic = Callable[[Any], Any]

_EPSILON = 1e-12
"""Inside the root of a gradient's norm, whose own slope at zero is infinite."""


def in_batches(critic: Critic, size: int) -> Critic:
    """Return the critic with points handed to it in batches of this size, one by one.

    A critic that looks at a whole batch then never meets real and fake events in one. Its
    slope at a point is that of the sum of its batch's scores.
    """

    def one_by_one(points: Any) -> Any:
        parts = ops.split(points, points.shape[0] // size)
        return ops.concatenate([critic(part) for part in parts])

    return one_by_one


def _scores(critic: Critic, real: Any, fake: Any) -> tuple[Any, Any]:
    """Score both halves in one call, which is quicker than two."""
    return tuple(ops.split(critic(ops.concatenate([real, fake])), 2))


def _squared_slope(critic: Critic, points: Any) -> tuple[Any, Any]:
    """Return the scores and |grad D|^2 per point, summed over outputs: (n, outputs) and (n,)."""
    with tf.GradientTape(watch_accessed_variables=False, persistent=True) as tape:
        tape.watch(points)
        scores = critic(points)
        outputs = ops.unstack(scores, axis=-1)
    # No weights of events enter here: they say what is learned, and a penalty where the slope is
    # held, which a negative weight would let go.
    features = tuple(range(1, len(points.shape)))
    gradients = (tape.gradient(output, points) for output in outputs)
    return scores, sum(ops.sum(ops.square(gradient), axis=features) for gradient in gradients)


class Unconstrained:
    """A critic whose weights are left as they come."""

    def constrain(self, weights: Sequence[Any]) -> None:
        """Do nothing."""
        return  # AutoGraph cannot take a body that is a docstring alone


class Free:
    """A critic whose loss has no penalty."""

    def score(self, critic: Critic, real: Any, fake: Any, share: Any) -> tuple[Any, Any, Any]:
        """Return D(real), D(fake), 0."""
        return *_scores(critic, real, fake), ops.zeros(())


@dataclass(frozen=True)
class NoPenalty(Free, Unconstrained):
    """The critic is left free."""

    name: Literal["none"] = "none"


@dataclass(frozen=True)
class WeightClipping(Free):
    """Every weight of the critic is kept within +-limit: the first WGAN (arXiv:1701.07875)."""

    name: Literal["weight_clipping"] = "weight_clipping"
    limit: Annotated[float, Field(gt=0)] = 0.01

    def constrain(self, weights: Sequence[Any]) -> None:
        """Clip all weights, biases included."""
        for variable in weights:
            variable.assign(ops.clip(variable, -self.limit, self.limit))


@dataclass(frozen=True)
class GradientPenalty(Unconstrained):
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
class ZeroCentred(Unconstrained):
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


PENALTIES = (NoPenalty, WeightClipping, GradientPenalty, ZeroCentred)
Penalty = NoPenalty | WeightClipping | GradientPenalty | ZeroCentred
