"""Cheap scores on the way: how a generator gets better with time."""

from __future__ import annotations

from typing import Any

import numpy as np

from analysis import Record, compare
from fatgan.events import EventTable, Fiducial
from fatgan.generator.train import Moment

COUNT = 8
"""Snapshots of a training."""
FIRST = 0.01
"""Share of the budget before which none is taken."""
HOPELESS = 0.95
"""Share of unphysical events from which on none is scored: to replace them would take too long."""


class Snapshots:
    """Scores a generator at moments that lie evenly on a logarithmic clock.

    The first is after the first call, but not before 1 % of the budget; the last is the end.

    Attributes
    ----------
    taken
        One entry each: ``step``, ``seconds`` of training, ``redrawn`` (the share of unphysical
        events) and, unless these are nearly all, ``area`` (C2ST AUC) with its ``area_spread``
        between samples of one truth, ``chi2`` (chi2/ndf, the mean over the observables) and
        ``chi2_floor``.
    """

    def __init__(self, events: int, seed: int, count: int = COUNT) -> None:
        self.events, self.seed, self.count = events, seed, count
        self.taken: list[dict[str, Any]] = []
        self._places: list[float] | None = None

    def __call__(self, moment: Moment) -> None:
        """Take a snapshot if one is due."""
        if self._places is None:
            start = min(max(moment.share, FIRST), 1.0)
            self._places = np.geomspace(start, 1.0, self.count).tolist()
        due = [place for place in self._places if place <= moment.share]
        if due:
            # one call may pass several places
            self._places = self._places[len(due) :]
            self.taken.append(self._entry(moment))

    def _entry(self, moment: Moment) -> dict[str, Any]:
        redrawn = moment.generator.rejected_share(self.seed)
        entry = {"step": moment.step, "seconds": moment.seconds, "redrawn": redrawn}
        if redrawn > HOPELESS:
            return entry
        reference = moment.data.held_out[: self.events]
        sample = moment.generator.generate(len(reference), seed=self.seed)
        fiducial = moment.generator.transform.fiducial
        return entry | cheap_scores(reference, sample, fiducial, self.seed)


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
