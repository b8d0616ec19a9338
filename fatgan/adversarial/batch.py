"""What one update of a player sees of the data: rows, their conditions and their weights."""

from __future__ import annotations

from typing import Any, NamedTuple

from keras import ops


class Batch(NamedTuple):
    """Rows of the training data, and what belongs to each.

    Attributes
    ----------
    rows
        Shape (n, ...), or (critic_steps, n, ...) for all updates of a step.
    conditions
        What the players are told of each row, shape (n, c) or (critic_steps, n, c); ``None`` where
        they are told nothing.
    weights
        Factors of each row in a mean over them, shape (n,) or (critic_steps, n), 1 on average;
        ``None`` where all are 1.
    """

    rows: Any
    conditions: Any = None
    weights: Any = None

    @classmethod
    def of(cls, data: Any) -> Batch:
        """Return a batch as it is, and plain rows as a batch of nothing else."""
        return data if isinstance(data, cls) else cls(data)

    def at(self, step: int) -> Batch:
        """Return the batch of one update of the critic."""
        rows, conditions, weights = self
        return Batch(
            rows[step],
            None if conditions is None else conditions[step],
            None if weights is None else weights[step],
        )

    def beside(self, points: Any) -> Any:
        """Return what a player takes: the points alone, or ``[points, conditions]``.

        Points are of shape (n, ...), or k times as many, which share the conditions in turn.
        """
        if self.conditions is None:
            return points
        times = ops.shape(points)[0] // ops.shape(self.conditions)[0]
        return [points, ops.tile(self.conditions, (times, 1))]
