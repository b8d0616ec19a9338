"""Conditions: columns given to both networks beside what they learn, each with its own scaling.

Beam energies, s and an edge in Q2 span orders of magnitude and enter through their logarithm;
mean and deviation are those of the settings, each counted once, so that neither the sizes of the
samples nor their number move them. The lepton enters as its charge.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fatgan.errors import ConfigError, DataError, did_you_mean
from fatgan.events import BEAM_COLUMNS, EventTable
from fatgan.events.beam_columns import beam_value
from fatgan.events.kinematics import PROTON_MASS, Beams
from fatgan.representations.scaling import moments

Array = NDArray[np.float64]
Columns = Mapping[str, ArrayLike]

LOGARITHMIC = ("Ee", "Ep", "s", "Q2min")
"""Conditions in GeV or GeV^2 that enter through their logarithm."""
ENERGIES = ("Ee", "Ep", "s")
"""Conditions of which one at least must be there to learn several beam energies."""
EDGE = "Q2min"
"""The condition that is each event's own lower edge in Q2, in GeV^2."""

_ROUNDING = 1e-6
"""Relative distance from the ends of a range that is float32's and no extrapolation."""
_AT_REST = 1e-5
"""E/M - 1 below which a proton is at rest: the momentum is a difference, of which float32 would
make 1e-3 of M there."""


@dataclass(frozen=True)
class Condition:
    """One column: its name, z = (value - shift) / scale, and the range it was trained in."""

    name: str
    shift: float
    scale: float
    low: float
    high: float

    @classmethod
    def fit(cls, name: str, table: EventTable) -> Condition:
        """Fit to a table's column."""
        column = _finite(name, table[name])
        if name in ENERGIES:
            settings = np.array([beam_value(name, item) for item in table.collision.settings()])
        else:
            settings = np.unique(column) if name in LOGARITHMIC else column
        shift, scale = (0.0, 1.0) if name == "lepton" else moments(_entering(name, settings))
        return cls(name, shift, scale, float(column.min()), float(column.max()))

    def forward(self, values: Array) -> Array:
        """Return z for values of any shape."""
        return (_entering(self.name, values) - self.shift) / self.scale

    def inverse(self, z: Any, xp: Any = np) -> Any:
        """Return the value for z, in the column's own units; of the lepton, its charge."""
        value = self.shift + self.scale * z
        return xp.exp(value) if self.name in LOGARITHMIC else value


class Conditions:
    """The fitted conditions of a model, in the order of its configuration."""

    def __init__(self, columns: Sequence[Condition]) -> None:
        self._columns = {column.name: column for column in columns}

    @classmethod
    def fit(cls, table: EventTable, names: Sequence[str]) -> Conditions:
        """Fit to training rows.

        Parameters
        ----------
        table
            The training rows.
        names
            Any of Ee, Ep (GeV), s (GeV^2), lepton, and of the table's own condition columns.

        Raises
        ------
        ConfigError
            A name that the table does not have, or one given twice.
        DataError
            Values that are no numbers, or not above zero where a logarithm is taken.
        """
        known = (*BEAM_COLUMNS, *table.conditions)
        for name in names:
            if name not in known:
                raise ConfigError(f"condition '{name}'; {did_you_mean(name, known)}")
            if list(names).count(name) > 1:
                raise ConfigError(f"condition '{name}' is given twice")
        return cls([Condition.fit(name, table) for name in names])

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(self._columns)

    @property
    def dimension(self) -> int:
        """Number of columns."""
        return len(self._columns)

    @property
    def ranges(self) -> dict[str, tuple[float, float]]:
        """Smallest and largest value of each column in the training, in its own units."""
        return {name: (column.low, column.high) for name, column in self._columns.items()}

    def forward(self, source: EventTable | Columns, n: int | None = None) -> NDArray[np.float32]:
        """Return the scaled conditions of events, shape (n, dimension).

        Parameters
        ----------
        source
            A table, or columns by name: arrays of shape (n,), or numbers that hold for all.
        n
            Number of events; a table's own if left out.

        Raises
        ------
        DataError
            A column that is missing, of another length, or not finite.
        """
        if isinstance(source, EventTable):
            n = len(source)
        scaled = [
            column.forward(_of_length(name, self._given(source, name), n))
            for name, column in self._columns.items()
        ]
        return np.stack(np.broadcast_arrays(*scaled), axis=-1).astype(np.float32)

    def outside(self, columns: Columns) -> dict[str, tuple[float, float, float, float]]:
        """Return the columns that leave the trained range: smallest, largest given, range."""
        found = {}
        for name, (low, high) in self.ranges.items():
            given = _finite(name, self._given(columns, name))
            room = _ROUNDING * max(abs(low), abs(high))
            if given.size and (given.min() < low - room or given.max() > high + room):
                found[name] = (float(given.min()), float(given.max()), low, high)
        return found

    def value(self, name: str, scaled: Any, xp: Any = np) -> Any:
        """Return a column (n,) in its own units from scaled conditions (n, dimension)."""
        return self._columns[name].inverse(scaled[:, self.names.index(name)], xp)

    def beams(self, scaled: Any, xp: Any = np) -> Beams:
        """Return the beams of scaled conditions, shape (n, dimension), also in the graph.

        Raises
        ------
        ConfigError
            Ee and Ep are not both among the conditions.
        """
        if not {"Ee", "Ep"} <= set(self.names):
            raise ConfigError(
                "representation.augment needs the beams of each event, which "
                f"condition: [{', '.join(self.names)}] does not give; write condition: [Ee, Ep]"
            )
        Ep = self.value("Ep", scaled, xp)
        beams = Beams.of_energies(self.value("Ee", scaled, xp), Ep, xp)
        moving = Ep > PROTON_MASS * (1 + _AT_REST)
        P_minus = xp.where(moving, beams.P_minus, xp.full_like(Ep, PROTON_MASS))
        return beams._replace(P_plus=PROTON_MASS**2 / P_minus, P_minus=P_minus)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values for a manifest."""
        return {"columns": [asdict(column) for column in self._columns.values()]}

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> Conditions:
        """Rebuild from :meth:`to_dict`."""
        return cls([Condition(**column) for column in entries["columns"]])

    def _given(self, source: EventTable | Columns, name: str) -> ArrayLike:
        if isinstance(source, EventTable):
            known = name in BEAM_COLUMNS or name in source.conditions
        else:
            known = name in source
        if not known:
            raise DataError(
                f"no condition '{name}': the model's events depend on {', '.join(self.names)}"
            )
        return source[name]


def _entering(name: str, values: ArrayLike) -> Array:
    column = _finite(name, values)
    if name == "lepton":
        return -np.sign(column)  # of the PDG code: 11 is the electron
    if name not in LOGARITHMIC:
        return column
    low = int(np.count_nonzero(column <= 0))
    if low:
        raise DataError(f"condition '{name}': {low} of {column.size} values are not above zero")
    return np.log(column)


def _finite(name: str, values: ArrayLike) -> Array:
    column = np.asarray(values, dtype=np.float64)
    bad = int(np.count_nonzero(~np.isfinite(column)))
    if bad:
        raise DataError(f"condition '{name}': {bad} of {column.size} values are no finite numbers")
    return column


def _of_length(name: str, values: ArrayLike, n: int | None) -> Array:
    column = np.asarray(values, dtype=np.float64)
    if n is None or column.shape == (n,):
        return column
    if column.ndim:
        raise DataError(f"condition '{name}' has shape {column.shape}, not one of {n} events each")
    return np.full(n, column)
