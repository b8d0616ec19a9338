"""Training data that stays on the device; batches are gathered in the graph by step."""

from __future__ import annotations

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from fatgan.adversarial.keys import integers, key
from fatgan.errors import DataError


class ResidentFeed:
    """Rows of shape (n, ...), float32, drawn with replacement: batches for a step's number.

    For networks of this size a Python-side input pipeline would cost more than the training
    itself. A step's batches are a pure function of (seed, step).
    """

    def __init__(self, rows: NDArray[np.float32], batch: int, seed: int) -> None:
        if len(rows) < batch:
            raise DataError(
                f"{len(rows):,} training rows are fewer than one batch of {batch:,}; "
                f"give more events or set training.batch to {max(len(rows), 1)} or less"
            )
        self.rows = tf.constant(rows, dtype=tf.float32)
        self.batch = batch
        self.seed = seed

    def draw(self, step: tf.Tensor, count: int) -> tf.Tensor:
        """Return the row numbers of this step's ``count`` batches, int32 (count, batch)."""
        size = int(self.rows.shape[0])
        return integers((count, self.batch), key(self.seed, "rows", step), below=size)

    def gather(self, numbers: tf.Tensor) -> tf.Tensor:
        """Return the rows of these numbers: (count, batch) -> (count, batch, ...)."""
        return tf.gather(self.rows, numbers)

    @staticmethod
    def clock(calls: int, steps: int, last: int = 2**62) -> tf.data.Dataset:
        """Return what ``Model.fit`` iterates: ``calls`` times ``steps`` steps, up to ``last``.

        Each element holds the offsets 0 ... ``steps`` - 1 and the step at which to end.
        """
        offsets = tf.range(steps, dtype=tf.int64)
        return tf.data.Dataset.from_tensors((offsets, tf.constant(last, tf.int64))).repeat(calls)
