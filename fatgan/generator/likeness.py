"""Beams and conditions as a table has them: weighted events as often as they count."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fatgan.adversarial.keys import host_generator
from fatgan.adversarial.weights import checked_weights, drawing_law
from fatgan.errors import DataError
from fatgan.events import EventTable
from fatgan.generator.target import Target
from fatgan.representations import FeatureTransform


def conditions_of(transform: FeatureTransform, table: EventTable) -> NDArray[np.float32] | None:
    """Return what the players are told of a table's events, shape (n, c); ``None`` if nothing."""
    return None if transform.conditions is None else transform.conditions.forward(table)


def target_like(
    transform: FeatureTransform, table: EventTable, count: int, *, seed: int, purpose: str
) -> Target:
    """Return what to ask a model for, so that ``count`` events are of a table's beams.

    They have the conditions that the model knows, in the order of the rows, which begin again
    after the last; rows of weighted tables are drawn, and seed and purpose are the key.
    """
    known = transform.conditions
    if known is None:
        return Target(table.collision)
    conditions = {name: v for name, v in table.conditions.items() if name in known.names}
    rows = np.arange(count)
    if checked_weights(table.weights, len(table)) is not None:
        rows = drawn_rows(transform, table, count, seed=seed, purpose=purpose)
    return Target(table.collision, conditions).rows(rows)


def drawn_rows(
    transform: FeatureTransform, table: EventTable, count: int, *, seed: int, purpose: str
) -> NDArray[np.intp]:
    """Draw row numbers of a weighted table as the training draws them, shape (count,)."""
    weights = np.asarray(table.weights)
    try:
        law = drawing_law(weights, conditions_of(transform, table))
    except DataError:
        # of few rows a setting may have more negative weight than positive by chance
        law = drawing_law(np.abs(weights))
    places = host_generator(seed, purpose, count).random(count)
    return np.searchsorted(law.cumulative, places, side="right")
