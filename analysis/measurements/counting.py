"""Count a sample's events in bins of x and Q2, table by table."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.measurements.bins import Bins
from fatgan.errors import DataError
from fatgan.events import EventTable
from fatgan.events.bounds import is_physical, table_invariants

Array = NDArray[np.float64]


class Counts:
    """Sums of weights in bins, shape (n,), of their squares, and over all of the sample.

    Attributes
    ----------
    sums, squares
        Of the weights in each bin; both are the number of events where there are no weights.
    total
        Of the weights of all physical events.
    events
        Their number.
    Q2_min
        The smallest Q2 of them, GeV^2.
    """

    def __init__(self, bins: Bins) -> None:
        self._bins = bins
        self.sums, self.squares = np.zeros(len(bins)), np.zeros(len(bins))
        self.total, self.events, self.Q2_min = 0.0, 0, np.inf

    @classmethod
    def of(cls, bins: Bins, tables: Iterable[EventTable]) -> Counts:
        """Count all tables of a sample.

        Raises
        ------
        DataError
            No event, or weights that add up to nothing.
        """
        counts = cls(bins)
        for table in tables:
            counts.add(table)
        if not counts.total > 0:
            raise DataError(
                f"{counts.events:,} physical events whose weights add up to {counts.total:g}: "
                "no cross-section comes of them"
            )
        return counts

    def add(self, table: EventTable) -> None:
        """Count a table; events outside physical bounds are left out."""
        values = table_invariants(table)
        physical = is_physical(values)
        x, Q2 = values.x[physical], values.Q2[physical]
        weights = np.ones(len(x)) if table.weights is None else table.weights[physical]
        index = self._bins.index(x, Q2)
        inside, size = index >= 0, len(self._bins)
        self.sums += np.bincount(index[inside], weights[inside], size)
        self.squares += np.bincount(index[inside], weights[inside] ** 2, size)
        self.total += float(weights.sum())
        self.events += len(x)
        self.Q2_min = float(min(self.Q2_min, Q2.min(initial=np.inf)))

    @property
    def effective(self) -> float:
        """Events without weights that say as much, per unit of weight; 1 without weights."""
        squares = self.squares.sum()
        return float(self.sums.sum() / squares) if squares > 0 else 0.0

    def to_dict(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "sums": self.sums.tolist(),
            "squares": self.squares.tolist(),
            "total": self.total,
            "events": self.events,
            "Q2_min": self.Q2_min,
        }

    @classmethod
    def from_dict(cls, bins: Bins, entries: dict[str, Any]) -> Counts:
        """Rebuild from plain values."""
        counts = cls(bins)
        counts.sums, counts.squares = np.array(entries["sums"]), np.array(entries["squares"])
        counts.total, counts.events = entries["total"], entries["events"]
        counts.Q2_min = entries["Q2_min"]
        return counts
