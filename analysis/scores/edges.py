"""The population of the first per cent above the Q2 edge."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, NamedTuple

import numpy as np

from analysis.laws import Given, Law, Normal, two_sided
from analysis.scores.score import Measurement, Score

if TYPE_CHECKING:
    from analysis.comparison import Comparison
    from analysis.summaries import Summary


class Edges(Score):
    """The share of events within 1 % above the Q2 edge, sample over reference.

    Given the events there of both sides together, the sample's number is binomial, which gives
    the p-value, on either side; the event that defines an edge that was only found is left out.
    Weighted shares are compared within normal errors, their own or those of as many events as
    count effectively, whichever are larger.
    """

    name: ClassVar[str] = "edges"

    def measure(self, comparison: Comparison) -> Iterator[Measurement]:
        """Yield one measurement."""
        a, b = (_Edge.of(summary) for summary in comparison.summaries)
        found = _ratio(a, b, defining=0 if comparison.declared else 1)
        yield Measurement("near Q2 edge", "Q2", *found, *comparison.sizes)


class _Edge(NamedTuple):
    """Events near the edge and in all, their share of weight, its variance, effective events."""

    near: int
    events: int
    share: float
    variance: float
    effective: float

    @classmethod
    def of(cls, summary: Summary) -> _Edge:
        count, w, w2 = summary.near_edge
        total, total2 = summary.harmonics.w, summary.harmonics.w2
        shares = w / total, w2 / total**2
        return cls(int(count), summary.events, *shares, total**2 / total2)

    @property
    def weighted(self) -> bool:
        return self.effective != self.events


def _ratio(a: _Edge, b: _Edge, defining: int) -> tuple[float, float, Law]:
    """Return the ratio of the shares with error and law."""
    from scipy import stats

    if a.share <= 0:
        return 1.0, 0.0, Given(1.0, 0.0, 1.0)
    ratio = b.share / a.share
    error = math.sqrt(b.variance + ratio**2 * a.variance) / a.share
    pooled = np.average([a.share, b.share], weights=[a.effective, b.effective])
    spread = math.sqrt(max(pooled, 0.0) * (1 / a.effective + 1 / b.effective)) / a.share
    if a.weighted or b.weighted:
        own = math.sqrt(a.variance + b.variance) / a.share
        return ratio, error, Normal(1.0, max(spread, own))
    both = stats.binom(max(a.near - defining, 0) + b.near, b.events / (a.events + b.events))
    return ratio, error, Given(1.0, spread, two_sided(both, b.near))
