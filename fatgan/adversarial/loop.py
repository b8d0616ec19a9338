"""Many training steps in one compiled call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import tensorflow as tf

from fatgan.adversarial.feed import ResidentFeed

if TYPE_CHECKING:
    from fatgan.adversarial.model import AdversarialModel

TERMS = ("critic_loss", "penalty", "generator_loss", "mmd")
"""What each step reports, in the order in which it is computed."""


def many_steps(model: AdversarialModel, feed: ResidentFeed) -> Callable[[Any], Mapping[str, Any]]:
    """Return a function that takes the steps of one element of ``feed.clock`` and reports.

    The random numbers of all its steps are drawn ahead, outside the compiled loop: on a CPU XLA
    draws one in a microsecond, and would spend half of a step on them.
    """

    @tf.function(jit_compile=model.jit_compile)
    def loop(
        count: tf.Tensor, rows: tf.Tensor, noise: tf.Tensor, share: tf.Tensor
    ) -> tuple[Any, ...]:
        sums = tuple(tf.zeros(()) for _ in TERMS)
        for i in tf.range(count):
            logs = model.update(feed.gather(rows[i]), noise[i], share[i])
            sums = tuple(s + logs[term] for s, term in zip(sums, TERMS, strict=True))
        return tuple(s / tf.cast(count, tf.float32) for s in sums)

    @tf.function
    def draw(steps: tf.Tensor) -> tuple[Any, ...]:
        def one(step: tf.Tensor) -> tuple[Any, ...]:
            return feed.draw(step, model.critic_steps), *model.draws(step, feed.batch)

        types = (tf.int32, tf.float32, tf.float32)
        return tf.map_fn(one, steps, fn_output_signature=types)

    def function(iterator: Any) -> Mapping[str, Any]:
        offsets, last = next(iterator)
        first = tf.cast(model.step.value, tf.int64)
        # The last call draws as many numbers as all, and uses fewer: nothing is compiled anew.
        count = tf.minimum(tf.cast(len(offsets), tf.int64), last - first)
        return dict(zip(TERMS, loop(count, *draw(first + offsets)), strict=True))

    return function
