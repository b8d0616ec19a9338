"""What the checkpoint of an event GAN is chosen by: generated events against selection rows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fatgan.adversarial.divergence import Divergence
from fatgan.adversarial.selection import Check, Selection
from fatgan.adversarial.state import History
from fatgan.adversarial.weights import checked_weights
from fatgan.errors import ConfigError
from fatgan.events import EventTable
from fatgan.generator.config import RunConfig
from fatgan.generator.likeness import conditions_of, drawn_rows, target_like
from fatgan.generator.sample import EventGenerator

TIMES, ENOUGH = 4, 200_000
"""Generated events per selection row, so that the rows limit what can be seen and not these; but
of many rows only twice as many: 20 checks would take a tenth of a training of 85 s."""
PURPOSE = "selection"


def joint(
    features: NDArray[np.float32], conditions: NDArray[np.float32] | None
) -> NDArray[np.float32]:
    """Return the features of events with their conditions behind them, shape (n, columns)."""
    return features if conditions is None else np.hstack([features, conditions])


def selection_of(
    config: RunConfig,
    training: EventTable,
    learned: NDArray[np.float32],
    rows: EventTable,
    generator: EventGenerator,
    path: Path,
    history: History,
) -> Selection | None:
    """Return the selection of a training, with the checks that its history holds.

    Parameters
    ----------
    training
        The training rows: events are generated for their beams and conditions.
    learned
        Their features with the conditions behind them (:func:`joint`), which cells are made from.
    rows
        The selection rows; ``None`` is returned if there are none.
    generator
        Generates with the averaged generator's weights.
    path
        Where the best weights are left.

    Raises
    ------
    ConfigError
        The training is to stop at the floor, and there is nothing to measure it with.
    """
    if not len(rows):
        if config.training.stop_at_floor:
            raise ConfigError(
                "training.stop_at_floor needs selection rows, and there are none: raise "
                "data.selection, or give more events"
            )
        return None

    count = min(TIMES * len(rows), max(ENOUGH, 2 * len(rows)))
    transform = generator.transform
    # Not of the selection rows: their own beams again would leave no fluctuations in these, which
    # the distance supposes.
    target = target_like(transform, training, count, seed=config.seed, purpose=PURPOSE)

    def draw() -> Iterator[NDArray[Any]]:
        for table in generator.sample(count, target, PURPOSE, config.seed):
            yield seen(table)

    def seen(table: EventTable) -> NDArray[np.float32]:
        return joint(transform.forward(table), conditions_of(transform, table))

    n = len(training)
    if checked_weights(training.weights, n) is not None:
        # in the cells, too, weighted rows are as many as they count
        learned = learned[drawn_rows(transform, training, n, seed=config.seed, purpose="cells")]
    return Selection(
        Divergence(learned, seen(rows), rows.weights),
        draw,
        path,
        [
            Check(int(entry["step"]), entry["distance"], entry["distance_error"])
            for entry in history
            if "distance" in entry
        ],
    )
