"""chi2/ndf in the x-Q2 plane."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from analysis.scores.chi2 import chi2_per_ndf
from analysis.scores.score import Measurement, Score

if TYPE_CHECKING:
    from analysis.comparison import Comparison


class PlaneChi2(Score):
    """Two-sample chi2 per degree of freedom in cells of equal population in Q2, then in x.

    The reference is cut into 15 slices of Q2 with equal numbers of events and each slice into
    15 cells in x. Error and law as for the chi2 of one column.
    """

    name: ClassVar[str] = "x-Q2 chi2/ndf"

    def measure(self, comparison: Comparison) -> Iterator[Measurement]:
        """Yield one measurement."""
        reference, sample = comparison.summaries
        found = chi2_per_ndf(reference.plane, sample.plane)
        yield Measurement(self.name, None, *found, *comparison.sizes)
