"""What a physical event obeys, and the fiducial region of a sample."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fatgan.events.kinematics import INELASTIC_W2, Invariants
from fatgan.events.table import EventTable

Mask = NDArray[np.bool_]

PHYSICAL: dict[str, Callable[[Invariants], Mask]] = {
    "Q2 >= 0": lambda v: v.Q2 >= 0,
    "y > 0": lambda v: v.y > 0,
    "y < 1": lambda v: v.y < 1,
    "x > 0": lambda v: v.x > 0,
    "x <= 1": lambda v: v.x <= 1,
}
"""Bounds of every e p -> e' X event (x <= 1 is W2 >= M^2)."""


def is_physical(values: Invariants) -> Mask:
    """Return which events obey every bound; not-a-number obeys none."""
    return np.logical_and.reduce([bound(values) for bound in PHYSICAL.values()])


@dataclass(frozen=True)
class Fiducial:
    """The region a sample covers: lower edges in Q2 and W2 (GeV^2)."""

    Q2_min: float = 0.0
    W2_min: float = 0.0

    @classmethod
    def found(cls, table: EventTable) -> Fiducial:
        """Read the edges off a sample: its smallest Q2, and the inelastic threshold if kept."""
        inelastic = float(table["W2"].min()) >= INELASTIC_W2
        return cls(float(table["Q2"].min()), INELASTIC_W2 if inelastic else 0.0)

    def contains(self, values: Invariants) -> Mask:
        """Return which events lie inside."""
        return (values.Q2 >= self.Q2_min) & (values.W2 >= self.W2_min)

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> Fiducial:
        """Rebuild from plain values of a manifest."""
        return cls(**entries)


def table_invariants(table: EventTable) -> Invariants:
    """Return the invariants of a table's events."""
    return Invariants(*(table[name] for name in Invariants._fields))


def violations(table: EventTable, fiducial: Fiducial | None = None) -> dict[str, int]:
    """Count the events outside each physical bound and, if given, outside the fiducial region."""
    values = table_invariants(table)
    counts = {name: int(np.count_nonzero(~bound(values))) for name, bound in PHYSICAL.items()}
    if fiducial is not None:
        outside = ~fiducial.contains(values)
        name = f"fiducial (Q2 >= {fiducial.Q2_min:.6g}, W2 >= {fiducial.W2_min:.6g})"
        counts[name] = int(np.count_nonzero(outside))
    return counts
