"""The columns that beams give to events."""

from __future__ import annotations

import numpy as np

from fatgan.events.collisions import AnyCollision
from fatgan.events.columns import Array

BEAM_COLUMNS = ("Ee", "Ep", "s", "lepton")
"""What every table tells of each event's beams: total energies in GeV, the squared
centre-of-mass energy in GeV^2, and 11 (e-) or -11 (e+)."""

_ATTRIBUTES = {"Ee": "electron_energy", "Ep": "proton_energy", "s": "s", "lepton": "lepton_pdg"}


def beam_column(name: str, collision: AnyCollision, n: int) -> Array:
    """Return one of :data:`BEAM_COLUMNS` for n events, shape (n,), read-only."""
    values = np.asarray(getattr(collision, _ATTRIBUTES[name]), np.float64)
    return np.broadcast_to(values, (n,))
