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
from fatgan.errors import ConfigError
from fatgan.events import EventTable
from fatgan.generator.config import RunConfig
from fatgan.generator.sample import EventGenerator

TIMES, ENOUGH = 4, 200_000
"""Generated events per selection row, so that the rows limit what can be seen and not these; but
of many rows only twice as many: 20 checks would take a tenth of a training of 85 s."""
PURPOSE = "selection"


def selection_of(
    config: RunConfig,
    features: NDArray[np.float32],
    rows: EventTable,
    generator: EventGenerator,
    path: Path,
    history: History,
) -> Selection | None:
    """Return the selection of a training, with the checks that its history holds.

    Parameters
    ----------
    features
        Features of the training rows, shape (n, dimension).
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

    def draw() -> Iterator[NDArray[Any]]:
        return generator.features(count, PURPOSE, config.seed)

    return Selection(
        Divergence(features, generator.transform.forward(rows)),
        draw,
        path,
        [
            Check(int(entry["step"]), entry["distance"], entry["distance_error"])
            for entry in history
            if "distance" in entry
        ],
    )
