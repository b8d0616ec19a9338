"""The cross-section of a file's events, which files carry in their provenance."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

SIGMA, ERROR = "cross_section_pb", "cross_section_error_pb"
"""What simulated files call it, and generated ones."""


def cross_section_of(
    source: Mapping[str, Any], weighted: bool = False
) -> tuple[float, float] | None:
    """Return the cross-section in pb of a file's events that were kept, and its error.

    A file may have been written from another one with a cut, and so on up to the sample itself,
    whose cross-section is that of its ``events``. ``None`` if nothing up there says one, or if
    rows were left out on the way by other means than a cut; also if events with weights
    (``weighted``) were left out, since nothing says which share of the weights is gone.
    """
    kept, variance, origin = 1.0, 0.0, source.get("origin", {})
    if "entries" not in source:  # made in memory
        return _stated(source)
    while True:
        share = source["events"] / source["entries"]
        # the binomial error of the share, beside that of the whole
        kept, variance = kept * share, variance + (1 - share) / source["events"]
        made = origin.get("events")
        if made is not None and made != source["entries"] and "limit" not in source:
            return None
        if SIGMA in origin or not {"origin", "entries", "events"} <= set(origin):
            break
        source, origin = origin, origin["origin"]
    stated = _stated(origin)
    if stated is None or (weighted and kept != 1):
        return None
    sigma, error = stated
    return sigma * kept, float(sigma * kept * np.hypot(error / sigma, np.sqrt(variance)))


def _stated(provenance: Mapping[str, Any]) -> tuple[float, float] | None:
    if not {SIGMA, ERROR} <= set(provenance):
        return None
    sigma, error = float(provenance[SIGMA]), float(provenance[ERROR])
    good = np.isfinite(sigma + error) and sigma > 0 and error >= 0
    return (sigma, error) if good else None
