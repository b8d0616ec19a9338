"""Features of events that classifiers and kernels look at."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from analysis.summaries.columns import logarithm
from fatgan.events import EventTable

Array = NDArray[np.float64]

CLASSIFIED = ("px", "py", "ln(Ee - pz)", "ln pT", "eta", "phi", "ln Q2", "ln x", "ln y", "E'")
"""What the trees see; trees cut along features, so each edge of data should be parallel to one."""
SMOOTH = ("ln(Ee - pz)", "ln pT", "eta", "ln Q2", "ln x", "cos phi", "sin phi")
"""What distances see: no jump at phi = pi, and no feature the sum of others (ln y would be)."""


def features(table: EventTable, names: tuple[str, ...]) -> Array:
    """Return features of events with the electron beam along +z, shape (n, features).

    An unphysical event may have none of some: NaN.
    """
    table = table.with_frame("electron")
    stacked = np.stack([_feature(name, table) for name in names], axis=1)
    stacked[~np.isfinite(stacked)] = np.nan
    return stacked


def standardised(reference: EventTable, sample: EventTable) -> tuple[Array, Array]:
    """Return smooth features of both, shapes (n, 7) and (m, 7), in sigmas of the reference.

    What is not there (of an unphysical event) is put 10 sigmas below the mean; nothing lies
    farther out than 10 sigmas.
    """
    a, b = (features(table, SMOOTH) for table in (reference, sample))
    mean, sigma = np.nanmean(a, axis=0), np.nanstd(a, axis=0)
    sigma[sigma == 0] = 1.0
    far = 10.0
    a, b = (np.clip(np.nan_to_num((c - mean) / sigma, nan=-far), -far, far) for c in (a, b))
    return a, b


def _feature(name: str, table: EventTable) -> Array:
    if name == "ln(Ee - pz)":
        return logarithm(table.collision.electron_energy - table["pz"])
    if name == "E'":
        return table["E"]
    function, _, observable = name.rpartition(" ")
    return _FUNCTIONS[function](table[observable])


_FUNCTIONS: dict[str, Callable[[Array], Array]] = {
    "": np.asarray,
    "ln": logarithm,
    "cos": np.cos,
    "sin": np.sin,
}
