"""How many events of a sample lie where none can be, or none was declared to be."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from analysis.scores.score import Context, Measurement, Score
from fatgan.events import EventTable, Fiducial
from fatgan.events.bounds import violations


class Bounds(Score):
    """The number of sample events outside each physical bound, fiducial edge and declared cut.

    The errors are Poisson's, so the floor of a bound that truth always keeps is 0 +- 0. An edge
    that is only found, as the smallest value of the n reference events, lies above the true
    one: a perfect sample of m events has m/n below it in the mean, with a variance of
    m/n + (m/n)^2, and the error is the root of the count (or m/n) + (m/n)^2. The cut is that of
    the declared region, in the reference's frame.
    """

    name: ClassVar[str] = "bounds"
    repeats: ClassVar[int] = 1

    def floor_scale(self, value: Measurement, floor: Measurement, context: Context) -> float:
        """Counts grow with the sample; below a found edge they fall as the edge gets better."""
        scale = value.n_sample / floor.n_sample
        if value.name.startswith("below") and context.fiducial is None:
            scale *= floor.n_reference / value.n_reference
        return scale

    def measure(
        self, reference: EventTable, sample: EventTable, context: Context
    ) -> Iterator[Measurement]:
        """Yield one count per bound, named ``outside y < 1`` and so on, per edge, of the cut."""
        sizes = len(reference), len(sample)
        for bound, count in violations(sample).items():
            error = math.sqrt(count)
            yield Measurement(f"outside {bound}", bound.split()[0], count, error, *sizes)
        chance = 0.0 if context.fiducial else sizes[1] / sizes[0]
        fiducial = context.fiducial or Fiducial.found(reference)
        for observable, edge in (("Q2", fiducial.Q2_min), ("W2", fiducial.W2_min)):
            count = int(np.count_nonzero(~(sample[observable] >= edge)))
            error = math.sqrt(max(count, chance) + chance**2) if edge > 0 else math.sqrt(count)
            yield Measurement(f"below {observable} edge", observable, count, error, *sizes)
        # only of a region that is given: one found in the floor's events may have another cut
        if context.fiducial and context.fiducial.cut is not None:
            count = int(np.count_nonzero(~context.fiducial.passes_cut(sample)))
            yield Measurement("outside declared cut", None, count, math.sqrt(count), *sizes)
