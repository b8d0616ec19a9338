"""Columns as scores see them: finite numbers, steep spectra in ln."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError
from fatgan.events import OBSERVABLES, EventTable

Array = NDArray[np.float64]


def paired(name: str, reference: EventTable, sample: EventTable) -> tuple[Array, Array]:
    """Return one observable of both tables, shapes (n,) and (m,), in ln where it is steep.

    An unphysical event of a sample may have no ln (Q2 < 0) or no value (x at y = 0): it is put
    at the reference's smallest value. The bounds score counts such events.

    Raises
    ------
    DataError
        If no event of the reference has a value.
    """
    log = OBSERVABLES[name].log
    a, b = (_transformed(table[name], log) for table in (reference, sample))
    finite = np.isfinite(a)
    if not finite.any():
        raise DataError(f"observable '{name}' has no value in any of {len(a):,} reference events")
    lowest = a[finite].min()
    return tuple(np.where(np.isfinite(c), c, lowest) for c in (a, b))  # type: ignore[return-value]


def _transformed(column: Array, log: bool) -> Array:
    if not log:
        return column
    result = np.full(len(column), -np.inf)
    return np.log(column, out=result, where=column > 0)
