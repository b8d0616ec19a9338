"""chi2/ndf in the x-Q2 plane."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import numpy as np

from analysis.scores.chi2 import (
    Counts,
    bin_number,
    chi2_per_ndf,
    counts_between,
    drawn_floor,
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
    repeats: ClassVar[int] = 200

    def measure(
        self, reference: EventTable, sample: EventTable, context: Context
    ) -> Iterator[Measurement]:
        """Yield one measurement."""
        sizes = len(reference), len(sample)
        value, error = chi2_per_ndf(*_cells(reference, sample, _side(*sizes)))
        yield Measurement(self.name, None, value, error, *sizes)

    def floors(
        self, values: list[Measurement], pool: EventTable, context: Context
    ) -> list[tuple[float, float]]:
        """Return mean and spread between histograms drawn from the pool's."""
        rng = np.random.default_rng([context.seed, 1])
        counts, _ = _cells(pool, pool, _side(values[0].n_reference, values[0].n_sample))
        return [drawn_floor(counts, values[0], self.repeats, rng)]


def _side(n: int, m: int) -> int:
    return max(2, int(bin_number(n, m, SLICES**2) ** 0.5))


def _cells(reference: EventTable, sample: EventTable, side: int) -> tuple[Counts, ...]:
    """Return the counts of both in cells made for the reference."""
    (Q2, Q2_sample), (x, x_sample) = (paired(c, reference, sample) for c in ("Q2", "x"))
    edges = equal_population_edges(Q2, side)
    slices, slices_sample = (np.searchsorted(edges, c, side="right") for c in (Q2, Q2_sample))
    cells = []
    for index in range(len(edges) + 1):
        inside, inside_sample = x[slices == index], x_sample[slices_sample == index]
        x_edges = equal_population_edges(inside, side) if len(inside) else np.empty(0)
        cells.append(counts_between(x_edges, inside, inside_sample))
    return tuple(np.concatenate(counts) for counts in zip(*cells, strict=True))
