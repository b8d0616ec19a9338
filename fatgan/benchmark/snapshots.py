"""Cheap scores on the way: how a generator gets better with time."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis import Record, compare
from fatgan.benchmark.looks import COUNT, Looks
from fatgan.events import EventTable, Fiducial
from fatgan.generator.train import Moment

HOPELESS = 0.95
"""Share of unphysical events from which on none is scored: to replace them would take too long."""


class Snapshots(Looks[Moment]):
    """Scores an event generator on the way.

    An entry has ``redrawn`` (the share of unphysical events) and, unless these are nearly all,
    ``area`` (C2ST AUC) with its ``area_spread`` between samples of one truth, ``chi2`` (chi2/ndf,
    the mean over the observables) and ``chi2_floor``.
    """

    def __init__(self, events: int, seed: int, count: int = COUNT) -> None:
        super().__init__(count)
        self.events, self.seed = events, seed

    def entry(self, moment: Moment) -> dict[str, Any]:
        """Return the scores of a moment."""
        redrawn = moment.generator.rejected_share(self.seed)
        if redrawn > HOPELESS:
            return {"redrawn": redrawn}
        reference = moment.data.held_out[: self.events]
        sample = moment.generator.generate(len(reference), seed=self.seed)
        fiducial = moment.generator.transform.fiducial
        scores = cheap_scores(reference, sample, fiducial, self.seed)
        return {"redrawn": redrawn, **scores}


def cheap_scores(
    reference: EventTable, sample: EventTable, fiducial: Fiducial, seed: int
) -> dict[str, float]:
    """Return the scores of a snapshot."""
    records = compare(
        reference, sample, fiducial=fiducial, seed=seed, scores=("C2ST AUC", "chi2/ndf")
    )
    area = next(record for record in records if record.score == "C2ST AUC")
    chi2 = [record for record in records if record.score == "chi2/ndf"]
    return {
        "area": area.value,
        "area_spread": area.floor_error,
        "chi2": mean(chi2, "value"),
        "chi2_floor": mean(chi2, "floor"),
    }


def mean(records: list[Record], field: str) -> float:
    """Return the mean of a field over records."""
    return float(np.mean([getattr(record, field) for record in records]))
