"""chi2/ndf in the x-Q2 plane."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from analysis.scores.chi2 import (
    bin_number,
    chi2_per_ndf,
    counts_between,
    equal_population_edges,
)
from analysis.scores.columns import paired
from analysis.scores.score import Context, Measurement, Score
from fatgan.events import EventTable

SLICES = 15


class PlaneChi2(Score):
    """Two-sample chi2 per degree of freedom in cells of equal population in Q2, then in x.

    The reference is cut into 15 slices of Q2 with equal numbers of events and each slice into
    15 cells in x. Floor and error as for the chi2 of one column.
    """

    name: ClassVar[str] = "x-Q2 chi2/ndf"

    def measure(
        self, reference: EventTable, sample: EventTable, context: Context
    ) -> Iterator[Measurement]:
        """Yield one measurement."""
        (Q2, Q2_sample), (x, x_sample) = (paired(c, reference, sample) for c in ("Q2", "x"))
        side = max(2, int(bin_number(len(Q2), len(Q2_sample), SLICES**2) ** 0.5))
        edges = equal_population_edges(Q2, side)
        slices, slices_sample = (
            np.searchsorted(edges, column, side="right") for column in (Q2, Q2_sample)
        )
        cells = []
        for index in range(len(edges) + 1):
            inside, inside_sample = x[slices == index], x_sample[slices_sample == index]
            x_edges = equal_population_edges(inside, side) if len(inside) else np.empty(0)
            cells.append(counts_between(x_edges, inside, inside_sample))
        r, s = (np.concatenate(counts) for counts in zip(*cells, strict=True))
        value, error = chi2_per_ndf(r, s)
        yield Measurement(self.name, None, value, error, len(reference), len(sample))
