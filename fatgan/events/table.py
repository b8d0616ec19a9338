"""The event table: scattered electrons with their collision, the one currency of the package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, overload

from numpy.typing import ArrayLike, NDArray

from fatgan.errors import DataError, SchemaError, did_you_mean
from fatgan.events.beam_columns import BEAM_COLUMNS, beam_column
from fatgan.events.collision import Collision, Frame
from fatgan.events.collisions import AnyCollision, Collisions, join_collisions
from fatgan.events.columns import Array, column, frozen, joined, rows_of, same_lengths
from fatgan.events.conditions import condition_columns, join_conditions
from fatgan.events.observables import (
    INVARIANT,
    OBSERVABLES,
    compute,
    hadronic_mass,
    invariants,
    to_electron_frame,
)

if TYPE_CHECKING:
    import awkward
    import pandas

MOMENTUM = ("px", "py", "pz", "E")


class EventTable:
    """Scattered electrons of inclusive e-p events. Immutable.

    Parameters
    ----------
    px, py, pz
        Momenta in GeV, shape (n,), in the frame of ``collision``; copied as float64, except
        arrays that are read-only float64 already. The energy is always computed from them with
        the electron mass.
    collision
        Beams, energies and frame: one collision, or :class:`Collisions` of length n.
    weights
        Event weights, shape (n,), of any sign; ``None`` when every event counts once.
    conditions
        Further columns by name, each (n,): what the events were made under and a generator can
        be asked for (a polarisation, a process id, the edge Q2min in GeV^2 of their sample).
    provenance
        Where the events come from: plain values that travel into files and reports.

    Examples
    --------
    >>> from fatgan import Collision, EventTable
    >>> table = EventTable([3.0], [0.0], [-27.0], Collision.parse("27.5x920"))
    >>> round(float(table["Q2"][0]), 2)
    9.14
    """

    def __init__(
        self,
        px: ArrayLike,
        py: ArrayLike,
        pz: ArrayLike,
        collision: AnyCollision,
        *,
        weights: ArrayLike | None = None,
        conditions: Mapping[str, ArrayLike] | None = None,
        provenance: Mapping[str, Any] | None = None,
    ) -> None:
        if not isinstance(collision, AnyCollision):
            raise TypeError(
                f"collision is {collision!r}, not a Collision; "
                "write it as Collision.parse('27.5x920')"
            )
        columns = {"px": px, "py": py, "pz": pz}
        if weights is not None:
            columns["weights"] = weights
        arrays = {name: column(name, values) for name, values in columns.items()}
        further = condition_columns(conditions or {})
        lengths = {name: len(array) for name, array in (arrays | further).items()}
        if isinstance(collision, Collisions):
            lengths["collision"] = len(collision)
        same_lengths(lengths)
        self._weights = arrays.pop("weights", None)
        self._columns = arrays | further
        self.collision = collision
        self.conditions: Mapping[str, Array] = MappingProxyType(further)
        self.provenance: Mapping[str, Any] = MappingProxyType(dict(provenance or {}))

    def __len__(self) -> int:
        return len(self._columns["px"])

    # a table is no sequence of single events: loops run over its columns
    __iter__ = None

    def __repr__(self) -> str:
        weighted = ", weighted" if self._weights is not None else ""
        further = "".join(f", {name}" for name in self.conditions)
        return f"<EventTable: {len(self):,} events, {self.collision}{weighted}{further}>"

    @overload
    def __getitem__(self, key: str) -> Array: ...
    @overload
    def __getitem__(self, key: slice | NDArray[Any]) -> EventTable: ...
    def __getitem__(self, key: str | slice | NDArray[Any]) -> Array | EventTable:
        """Return a column by name, or the events of a slice or mask.

        Columns are the observables, the beams' ``Ee``, ``Ep``, ``s``, ``lepton`` and the
        conditions.
        """
        if not isinstance(key, str):
            return self._select(key)
        if key not in self._columns:
            known = (*OBSERVABLES, *BEAM_COLUMNS, *self.conditions)
            if key not in known:
                raise SchemaError(f"no observable '{key}'; {did_you_mean(key, known)}")
            # a cache: tables never change
            self._columns |= {name: frozen(values) for name, values in self._computed(key).items()}
        return self._columns[key]

    def _computed(self, key: str) -> dict[str, Array]:
        if key in BEAM_COLUMNS:
            return {key: beam_column(key, self.collision, len(self))}
        if key in INVARIANT:
            return invariants(*self.momenta, self.collision)._asdict()
        if key == "W":
            return {key: hadronic_mass(self["W2"])}
        return {key: compute(key, *self.momenta)}

    @property
    def momenta(self) -> tuple[Array, Array, Array]:
        """(px, py, pz) in GeV, in the table's own frame."""
        return self._columns["px"], self._columns["py"], self._columns["pz"]

    @property
    def weights(self) -> Array | None:
        """Event weights, or None when every event counts once."""
        return self._weights

    def electron_frame(self) -> tuple[Array, Array, Array]:
        """Return (px, py, pz) in GeV with the electron beam along +z."""
        return to_electron_frame(*self.momenta, self.collision)

    def with_frame(self, frame: Frame) -> EventTable:
        """Return the same events with the other beam along +z."""
        if frame == self.collision.frame:
            return self
        px, py, pz = self.momenta
        turned = (px, frozen(-py), frozen(-pz))
        return self._with(momenta=turned, collision=self.collision.with_frame(frame))

    def with_weights(self, weights: ArrayLike | None) -> EventTable:
        """Return the same events with other weights, shape (n,), or with none."""
        return self._with(weights=weights)

    def with_provenance(self, **entries: Any) -> EventTable:
        """Return the same events with these entries added to the provenance."""
        return self._with(provenance={**self.provenance, **entries})

    def by_setting(self) -> list[tuple[Collision, EventTable]]:
        """Return the events of each distinct collision, in their order.

        Collisions are sorted: e- before e+, then by rising electron and proton energy.
        """
        if isinstance(self.collision, Collision):
            return [(self.collision, self)]
        return [
            (collision, self._select(rows, collision))
            for collision, rows in self.collision.rows_by_setting()
        ]

    @classmethod
    def concatenate(
        cls, tables: Sequence[EventTable], provenance: Mapping[str, Any] | None = None
    ) -> EventTable:
        """Join tables in order, in the frame of the first and, unless given, its provenance.

        Raises
        ------
        DataError
            There are none, only some are weighted, or their conditions differ.
        """
        if not tables:
            raise DataError("there are no tables to join")
        first = tables[0]
        tables = [table.with_frame(first.collision.frame) for table in tables]
        if len({table.weights is None for table in tables}) > 1:
            raise DataError("weighted and unweighted tables cannot be joined")
        px, py, pz = (joined(parts) for parts in zip(*(t.momenta for t in tables), strict=True))
        weights = [table.weights for table in tables if table.weights is not None]
        return cls(
            px,
            py,
            pz,
            join_collisions([(table.collision, len(table)) for table in tables]),
            weights=joined(weights) if weights else None,
            conditions=join_conditions([table.conditions for table in tables]),
            provenance=first.provenance if provenance is None else provenance,
        )

    def to_dict(self, columns: Sequence[str] = MOMENTUM) -> dict[str, Array]:
        """Return columns by name, with ``weight`` when the events are weighted."""
        result = {name: self[name] for name in columns}
        if self._weights is not None:
            result["weight"] = self._weights
        return result

    def to_pandas(self, columns: Sequence[str] = MOMENTUM) -> pandas.DataFrame:
        """Return a data frame of these columns."""
        import pandas

        return pandas.DataFrame(self.to_dict(columns))

    def to_awkward(self) -> awkward.Array:
        """Return records px, py, pz, E with vector's four-momentum behaviours (.pt, .eta, ...)."""
        import awkward
        import vector

        vector.register_awkward()
        return awkward.zip(self.to_dict(), with_name="Momentum4D")

    def _select(self, key: slice | NDArray[Any], collision: Collision | None = None) -> EventTable:
        rows = rows_of(key)
        own = self.collision
        kept = own[rows] if isinstance(own, Collisions) and collision is None else own
        return self._with(
            momenta=tuple(frozen(component[rows]) for component in self.momenta),
            collision=collision or kept,
            weights=None if self._weights is None else frozen(self._weights[rows]),
            conditions={name: frozen(array[rows]) for name, array in self.conditions.items()},
        )

    def _with(self, **changes: Any) -> EventTable:
        momenta = changes.pop("momenta", self.momenta)
        kept = {
            "collision": self.collision,
            "weights": self._weights,
            "conditions": self.conditions,
            "provenance": self.provenance,
        }
        return EventTable(*momenta, **(kept | changes))
