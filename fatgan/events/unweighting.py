"""Weighted samples become unweighted ones, so that everything downstream counts events."""

from __future__ import annotations

import numpy as np

from fatgan.errors import DataError
from fatgan.events.table import EventTable


def unweight(table: EventTable, source: str, seed: int = 0) -> EventTable:
    """Keep each event with probability weight / largest weight, and drop the weights.

    Accepting and rejecting leaves independent events that follow the weighted distribution,
    where drawing with replacement would repeat some.

    Raises
    ------
    DataError
        Negative weights, or no positive one.
    """
    weights = table.weights
    if weights is None:
        return table
    negative = int(np.count_nonzero(weights < 0))
    if negative:
        raise DataError(
            f"{source}: column 'weight' is negative in {negative:,} of {len(table):,} rows; "
            "training learns from positive weights only: cut them away with --cut 'weight > 0' "
            "if that is what you mean"
        )
    largest = float(weights.max(initial=0.0))
    if largest == 0:
        raise DataError(f"{source}: column 'weight' is zero in all {len(table):,} rows")
    keep = np.random.default_rng(seed).random(len(table)) * largest < weights
    px, py, pz = (column[keep] for column in table.momenta)
    return EventTable(px, py, pz, table.collision, provenance=table.provenance)
