"""Training data that stays on the device; batches are gathered in the graph by step."""

from __future__ import annotations

from typing import Any

import numpy as np
import tensorflow as tf
from numpy.typing import ArrayLike, NDArray

from fatgan.adversarial.batch import Batch
from fatgan.adversarial.keys import integers, key, uniform
from fatgan.adversarial.weights import checked_weights, drawing_law
from fatgan.errors import DataError


class ResidentFeed:
    """Rows drawn with replacement: batches for a step's number.

    For networks of this size a Python-side input pipeline would cost more than the training
    itself. A step's batches are a pure function of (seed, step).

    Parameters
    ----------
    rows
        Shape (n, ...).
    batch
        Rows of a batch.
    seed
        Key of the draws.
    conditions
        What the players are told of each row, shape (n, c).
    weights
        Of the rows, shape (n,), of any sign (:func:`fatgan.adversarial.weights.drawing_law`).
        Equal ones draw the rows that none draw.

    Raises
    ------
    DataError
        Fewer rows than a batch, not one condition or weight per row, or weights that do not sum
        to more than 0.
    """

    def __init__(
        self,
        rows: NDArray[np.float32],
        batch: int,
        seed: int,
        *,
        conditions: NDArray[Any] | None = None,
        weights: ArrayLike | None = None,
    ) -> None:
        if len(rows) < batch:
            raise DataError(
                f"{len(rows):,} training rows are fewer than one batch of {batch:,}; "
                f"give more events or set training.batch to {max(len(rows), 1)} or less"
            )
        if conditions is not None and len(conditions) != len(rows):
            raise DataError(f"{len(conditions):,} conditions for {len(rows):,} rows: give one each")
        self.batch = batch
        self.seed = seed
        self._cumulative: tf.Tensor | None = None
        factors = None
        values = checked_weights(weights, len(rows))
        if values is not None:
            cumulative, factors = drawing_law(values, conditions)
            self._cumulative = tf.constant(cumulative, tf.float64)
        self.data = Batch(*map(_resident, (rows, conditions, factors)))

    def draw(self, step: tf.Tensor, count: int) -> tf.Tensor:
        """Return the row numbers of this step's ``count`` batches, int32 (count, batch)."""
        shape, at = (count, self.batch), key(self.seed, "rows", step)
        if self._cumulative is None:
            return integers(shape, at, below=int(self.data.rows.shape[0]))
        # float32 has too few numbers below 1 for the rows of a large sample
        places = tf.reshape(uniform(shape, at, tf.float64), (-1,))
        return tf.reshape(tf.searchsorted(self._cumulative, places, side="right"), shape)

    def gather(self, numbers: tf.Tensor) -> Batch:
        """Return the rows of these numbers, with what belongs to them.

        (count, batch) -> rows (count, batch, ...), conditions (count, batch, c), weights
        (count, batch).
        """
        rows, conditions, weights = self.data
        return Batch(
            tf.gather(rows, numbers),
            None if conditions is None else tf.gather(conditions, numbers),
            None if weights is None else tf.gather(weights, numbers),
        )

    @staticmethod
    def clock(calls: int, steps: int, last: int = 2**62) -> tf.data.Dataset:
        """Return what ``Model.fit`` iterates: ``calls`` times ``steps`` steps, up to ``last``.

        Each element holds the offsets 0 ... ``steps`` - 1 and the step at which to end.
        """
        offsets = tf.range(steps, dtype=tf.int64)
        return tf.data.Dataset.from_tensors((offsets, tf.constant(last, tf.int64))).repeat(calls)


def _resident(values: NDArray[Any] | None) -> tf.Tensor | None:
    return None if values is None else tf.constant(values, dtype=tf.float32)
