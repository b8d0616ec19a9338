"""The columns that beams give to events."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from fatgan.events.collisions import AnyCollision
from fatgan.events.columns import Array

BEAM_COLUMNS = ("Ee", "Ep", "s", "lepton")
"""What every table tells of each event's beams: total energies in GeV, the squared
centre-of-mass energy in GeV^2, and 11 (e-) or -11 (e+)."""

_ATTRIBUTES = {"Ee": "electron_energy", "Ep": "proton_energy", "s": "s", "lepton": "lepton_pdg"}


def beam_value(name: str, collision: AnyCollision) -> float | int | NDArray[Any]:
    """Return one of :data:`BEAM_COLUMNS`: a number, or one for each event."""
    value: float | int | NDArray[Any] = getattr(collision, _ATTRIBUTES[name])
    return value


def beam_column(name: str, collision: AnyCollision, n: int) -> Array:
    """Return one of :data:`BEAM_COLUMNS` for n events, shape (n,), read-only."""
    values = np.asarray(beam_value(name, collision), np.float64)
    return np.broadcast_to(values, (n,))
