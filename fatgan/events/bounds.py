"""What a physical event obeys, and the fiducial region of a sample."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fatgan.errors import DataError
from fatgan.events.beam_columns import BEAM_COLUMNS
from fatgan.events.cuts import Cut, evaluate_cut
from fatgan.events.kinematics import INELASTIC_W2, Invariants
from fatgan.events.observables import OBSERVABLES
from fatgan.events.table import EventTable

_log = logging.getLogger("fatgan")

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
    """The region a sample covers: lower edges in Q2 and W2 (GeV^2), and a declared cut."""

    Q2_min: float = 0.0
    W2_min: float = 0.0
    cut: str | None = None

    @classmethod
    def found(cls, table: EventTable) -> Fiducial:
        """Read the region off a sample; events of weight 0 do not count.

        Its smallest Q2, its smallest W2 if that is above the inelastic threshold, and the cut it
        was read with, if that is one on columns that every table has.

        Raises
        ------
        DataError
            No event counts.
        """
        counts = slice(None) if table.weights is None else table.weights != 0
        Q2, W2 = table["Q2"][counts], table["W2"][counts]
        if len(Q2) == 0:
            raise DataError("no event with a weight: a sample of nothing covers no region")
        inelastic = float(W2.min()) >= INELASTIC_W2
        return cls(float(Q2.min()), float(W2.min()) if inelastic else 0.0, _declared(table))

    def within_edges(self, values: Invariants, Q2_min: ArrayLike | None = None) -> Mask:
        """Return which events lie inside the edges, or above edges in Q2 (GeV^2) of their own."""
        lower = self.Q2_min if Q2_min is None else np.asarray(Q2_min)
        return (values.Q2 >= lower) & (values.W2 >= self.W2_min)

    def passes_cut(self, table: EventTable) -> Mask:
        """Return which events pass the declared cut; all if there is none."""
        if self.cut is None:
            return np.ones(len(table), dtype=bool)
        return evaluate_cut(self.cut, table)

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> Fiducial:
        """Rebuild from plain values of a manifest."""
        return cls(**entries)


def table_invariants(table: EventTable) -> Invariants:
    """Return the invariants of a table's events."""
    return Invariants(*(table[name] for name in Invariants._fields))


def _declared(table: EventTable) -> str | None:
    sources = table.provenance.get("sources", [table.provenance])
    cuts = list(dict.fromkeys(source.get("cut") for source in sources))
    if cuts == [None]:
        return None
    if len(cuts) > 1:
        _log.warning(
            "the files were read with different cuts (%s): generated events cannot be held to them",
            ", ".join("none" if cut is None else f"'{cut}'" for cut in cuts),
        )
        return None
    (cut,) = cuts
    # A file's own column may bear the name of an observable and mean something else, or hold it
    # in other units: then some of the kept events fail the cut as we would apply it.
    known = {*OBSERVABLES, *BEAM_COLUMNS}
    if Cut.parse(cut).names <= known and bool(evaluate_cut(cut, table).all()):
        return str(cut)
    _log.warning(
        "the cut '%s' is on columns of the file that are no observables of the electron: "
        "generated events cannot be held to it",
        cut,
    )
    return None


def violations(table: EventTable, fiducial: Fiducial | None = None) -> dict[str, int]:
    """Count the events outside each physical bound and, if given, outside the fiducial region.

    A condition ``Q2min`` is the edge of each event's own sample and stands for the region's.
    """
    values = table_invariants(table)
    counts = {name: int(np.count_nonzero(~bound(values))) for name, bound in PHYSICAL.items()}
    if fiducial is not None:
        outside = ~fiducial.within_edges(values, table.conditions.get("Q2min"))
        name = f"fiducial (Q2 >= {fiducial.Q2_min:.6g}, W2 >= {fiducial.W2_min:.6g})"
        counts[name] = int(np.count_nonzero(outside))
    return counts
