"""The event table: scattered electrons with their collision, the one currency of the package."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fatgan.errors import DataError, SchemaError, did_you_mean
from fatgan.events.collision import Collision, Frame
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

Array = NDArray[np.float64]

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
        Beams, energies and frame.
    weights
        Event weights, shape (n,), of any sign; ``None`` when every event counts once.
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
        collision: Collision,
        *,
        weights: ArrayLike | None = None,
        provenance: Mapping[str, Any] | None = None,
    ) -> None:
        if not isinstance(collision, Collision):
            raise TypeError(
                f"collision is {collision!r}, not a Collision; "
                "write it as Collision.parse('27.5x920')"
            )
        columns = {"px": px, "py": py, "pz": pz}
        if weights is not None:
            columns["weights"] = weights
        arrays = {name: _column(name, values) for name, values in columns.items()}
        lengths = {name: len(array) for name, array in arrays.items()}
        if len(set(lengths.values())) > 1:
            raise DataError(f"columns have different lengths: {lengths}")
        self._weights = arrays.pop("weights", None)
        self._columns = arrays
        self.collision = collision
        self.provenance: Mapping[str, Any] = MappingProxyType(dict(provenance or {}))

    def __len__(self) -> int:
        return len(self._columns["px"])

    # a table is no sequence of single events: loops run over its columns
    __iter__ = None

    def __repr__(self) -> str:
        weighted = ", weighted" if self._weights is not None else ""
        return f"<EventTable: {len(self):,} events, {self.collision}{weighted}>"

    @overload
    def __getitem__(self, key: str) -> Array: ...
    @overload
    def __getitem__(self, key: slice | NDArray[Any]) -> EventTable: ...
    def __getitem__(self, key: str | slice | NDArray[Any]) -> Array | EventTable:
        """Return a column by the name of its observable, or the events of a slice or mask."""
        if not isinstance(key, str):
            return self._select(key)
        if key not in self._columns:
            if key not in OBSERVABLES:
                raise SchemaError(f"no observable '{key}'; {did_you_mean(key, OBSERVABLES)}")
            # a cache: tables never change
            self._columns |= {name: frozen(values) for name, values in self._computed(key).items()}
        return self._columns[key]

    def _computed(self, key: str) -> dict[str, Array]:
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
        turned = self.collision.with_frame(frame)
        return self._like(px, frozen(-py), frozen(-pz), turned, self._weights)

    def with_provenance(self, **entries: Any) -> EventTable:
        """Return the same events with these entries added to the provenance."""
        return EventTable(
            *self.momenta,
            self.collision,
            weights=self._weights,
            provenance={**self.provenance, **entries},
        )

    @classmethod
    def concatenate(cls, tables: Sequence[EventTable]) -> EventTable:
        """Join tables of one collision, in order; the provenance is the first one's."""
        if not tables:
            raise DataError("there are no tables to join")
        first = tables[0]
        if any(table.collision != first.collision for table in tables):
            raise DataError("tables of different collisions cannot be joined")
        if len({table.weights is None for table in tables}) > 1:
            raise DataError("weighted and unweighted tables cannot be joined")
        px, py, pz = (
            frozen(np.concatenate(parts))
            for parts in zip(*(t.momenta for t in tables), strict=True)
        )
        weights = [table.weights for table in tables if table.weights is not None]
        return cls(
            px,
            py,
            pz,
            first.collision,
            weights=frozen(np.concatenate(weights)) if weights else None,
            provenance=first.provenance,
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

    def _select(self, key: slice | NDArray[Any]) -> EventTable:
        rows = key if isinstance(key, slice) else _rows(key)
        weights = None if self._weights is None else frozen(self._weights[rows])
        px, py, pz = (frozen(column[rows]) for column in self.momenta)
        return self._like(px, py, pz, self.collision, weights)

    def _like(
        self, px: Array, py: Array, pz: Array, collision: Collision, weights: Array | None
    ) -> EventTable:
        return EventTable(px, py, pz, collision, weights=weights, provenance=self.provenance)


def frozen(array: Array) -> Array:
    """Make an array that nobody else holds read-only, so that a table need not copy it."""
    array.flags.writeable = False
    return array


def _column(name: str, values: ArrayLike) -> Array:
    """Return a read-only float64 column that no array of the caller's can change."""
    safe = isinstance(values, np.ndarray) and not values.flags.writeable
    try:
        array = np.asarray(values, np.float64) if safe else np.array(values, np.float64)
    except (TypeError, ValueError):
        raise DataError(f"column '{name}' holds more than numbers") from None
    if array.ndim != 1:
        raise DataError(f"column '{name}' has shape {array.shape}, not one number per event")
    return frozen(array)


def _rows(key: Any) -> NDArray[Any]:
    rows = np.asarray(key)
    if isinstance(key, list) and not key:  # for which NumPy guesses floats
        rows = rows.astype(np.intp)
    if isinstance(key, tuple) or rows.ndim != 1 or rows.dtype.kind not in "bui":
        given = repr(key) if rows.ndim == 0 else f"{rows.dtype} of shape {rows.shape}"
        raise TypeError(
            "a table takes the name of an observable, a slice, a mask or row numbers, not "
            f"{given}; a single event is table[3:4]"
        )
    return rows
