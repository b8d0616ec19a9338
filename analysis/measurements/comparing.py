"""Samples against one measurement: what they are counted in, and all that is said of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from analysis.measurements.agreement import Agreement, between, enough, shape_to_data, to_data
from analysis.measurements.bins import Bins
from analysis.measurements.counting import Counts
from analysis.measurements.hera import Measurement
from analysis.measurements.reduced import Coupling, Prediction, predict
from analysis.measurements.reference import SmoothReference
from fatgan.events import EventTable


class Outcome(NamedTuple):
    """What the points that all samples cover say of one of them.

    ``to_first`` compares it with the first of the samples, and is None for that one itself.
    """

    label: str
    points: int
    to_data: Agreement
    shape: Agreement
    to_first: Agreement | None

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, safe for JSON."""
        found: dict[str, Any] = {"label": self.label, "points": self.points}
        for name in ("to_data", "shape", "to_first"):
            agreement = getattr(self, name)
            if agreement is not None:
                found[name] = {**vars(agreement), "p_value": agreement.p_value}
        return found


class Against:
    """A measurement with the bins around its points.

    Parameters
    ----------
    data
        The points.
    coupling
        Which alpha is divided out of the samples' cross-sections.
    """

    def __init__(self, data: Measurement, coupling: Coupling = "fixed") -> None:
        self.data, self.coupling = data, coupling
        self.bins = Bins(data.x, data.Q2)

    @cached_property
    def reference(self) -> SmoothReference:
        """The shape of sigma_r within the bins: the data's own."""
        return SmoothReference(self.data)

    def count(self, tables: Iterable[EventTable]) -> Counts:
        """Count a sample's events; errors as :meth:`Counts.of`."""
        return Counts.of(self.bins, tables)

    def predict(self, label: str, counts: Counts, sigma: tuple[float, float]) -> Prediction:
        """Return what a sample of this cross-section in pb, with its error, says of the points."""
        place = self.bins, self.data.collision, self.reference, self.coupling
        return predict(label, counts, sigma, *place)


def outcomes(data: Measurement, predictions: Sequence[Prediction]) -> list[Outcome]:
    """Return what all samples' common points say of each.

    Raises
    ------
    DataError
        There are none, or but one.
    """
    common = enough(np.logical_and.reduce([p.usable for p in predictions]), 2)
    some = data.select(common)
    shared = [prediction.select(common) for prediction in predictions]
    return [
        Outcome(
            prediction.label,
            len(some),
            to_data(some, prediction),
            shape_to_data(some, prediction),
            between(prediction, shared[0]) if prediction is not shared[0] else None,
        )
        for prediction in shared
    ]
