"""The population of the first per cent above the Q2 edge."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from analysis.laws import Given, Law, Normal, two_sided
from analysis.scores.score import Measurement, Score

if TYPE_CHECKING:
    from analysis.comparison import Comparison


class Edges(Score):
    """The share of events within 1 % above the Q2 edge, sample over reference.

    Given the events there of both sides together, the sample's number is binomial, which gives
    the p-value, on either side. Weighted shares are compared within their normal errors.
    """

    name: ClassVar[str] = "edges"

    def measure(self, comparison: Comparison) -> Iterator[Measurement]:
        """Yield one measurement."""
        shares, variances, counts = [], [], []
        for summary in comparison.summaries:
            count, w, w2 = summary.near_edge
            total = summary.harmonics.w
            shares.append(w / total)
            variances.append(w2 / total**2)
            counts.append(int(count))
        found = _ratio(shares, variances, counts, comparison.sizes)
        if any(
            sample.rows.weights is not None for sample in (comparison.reference, comparison.sample)
        ):
            found = (*found[:2], Normal(1.0, found[2].spread))
        yield Measurement("near Q2 edge", "Q2", *found, *comparison.sizes)


def _ratio(
    shares: list[float], variances: list[float], counts: list[int], sizes: tuple[int, int]
) -> tuple[float, float, Law]:
    from scipy import stats

    (a, b), (n, m), (k, found) = shares, sizes, counts
    if a <= 0:
        return 1.0, 0.0, Given(1.0, 0.0, 1.0)
    ratio = b / a
    error = math.sqrt(variances[1] + ratio**2 * variances[0]) / a
    both = stats.binom(k + found, m / (n + m))
    p_value = two_sided(both, found)
    pooled = (a * n + b * m) / (n + m)
    return ratio, error, Given(1.0, math.sqrt(pooled * (1 / n + 1 / m)) / a, p_value)
