"""Columns as scores see them: steep spectra in ln."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fatgan.events import OBSERVABLES, EventTable

Array = NDArray[np.float64]


def column(name: str, table: EventTable) -> Array:
    """Return one observable, shape (n,), in ln where it is steep.

    An unphysical event of a sample may have no ln (Q2 < 0) or no value (x at y = 0): it gets
    one that is not finite.
    """
    return logarithm(table[name]) if OBSERVABLES[name].log else table[name]


def logarithm(values: Array) -> Array:
    """Return ln, and minus infinity where there is none."""
    return np.log(values, out=np.full(len(values), -np.inf), where=values > 0)
