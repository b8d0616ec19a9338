"""Events at hand: a table, and its particles."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from fatgan.events import EventTable
from fatgan.io.records.topology import MOTHERS, outgoing
from fatgan.mceg.event import Array, Event, Ids, Run


class Block:
    """Events at hand, as particles when first asked for them."""

    def __init__(self, table: EventTable, hadrons: bool) -> None:
        self.table = table
        self._hadrons = hadrons

    def event(self, row: int, run: Run, number: int) -> Event:
        """Return the event of a row, under its number among those of the seed."""
        values, pdg, status, invariants = self._particles
        # copies: an event that is kept shall not keep the block
        return Event(run, number, pdg, status, MOTHERS, values[row].copy(), invariants[row].copy())

    @cached_property
    def _particles(self) -> tuple[Array, Ids, Ids, Array]:
        known = outgoing(self.table, self._hadrons)
        # per event an array over px, py, pz, E, m of one over the particles
        values = np.concatenate([known.momenta, known.mass[:, :, None]], axis=2)
        values = np.ascontiguousarray(values.transpose(0, 2, 1))
        invariants = np.stack([self.table[name] for name in ("Q2", "x", "y", "W2")], axis=1)
        # all of one collision
        return values, known.pdg[0], known.status, invariants
