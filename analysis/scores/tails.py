"""The populations of the tails: the outermost events, which no bin of a histogram shows."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from analysis.laws import Given, Normal, two_sided
from analysis.scores.score import Measurement, Score
from analysis.summaries import SPECTRA, Content

if TYPE_CHECKING:
    from analysis.comparison import Comparison

FEWEST_EFFECTIVE = 10


class Tails(Score):
    """The sample's share of events beyond the outermost 0.1 % of the reference, over that share.

    Both tails of each observable; a tail holds no fewer than 20 events of the reference. With
    k of n events of the reference beyond its limit, which is next to the (k + 1)-th, a sample of
    the same law and m events has a beta-binomial number there, which gives floor and p-value, on
    either side. A limit at a value that repeats is no such limit, and is left out with a value
    of 1. Weighted shares are compared within normal errors, their own or those of as many events
    as count effectively, whichever are larger; with fewer than 10 of these the value is 1.
    """

    name: ClassVar[str] = "tails"

    def measure(self, comparison: Comparison) -> Iterator[Measurement]:
        """Yield one measurement per observable and side, ``low tail`` and ``high tail``."""
        reference, sample = comparison.summaries
        for name in SPECTRA:
            starts = comparison.grid.spectra[name].tails
            a, b = (s.spectra[name].joined(starts) for s in (reference, sample))
            for side, place in (("low tail", 0), ("high tail", -1)):
                yield Measurement(side, name, *_ratio(a, b, place), *comparison.sizes)


def _ratio(a: Content, b: Content, place: int) -> tuple[float, float, Given | Normal]:
    """Return the ratio of the shares in one cell, sample to reference, with error and law."""
    k, n = float(a.count[place]), float(a.count.sum())
    found, m = float(b.count[place]), float(b.count.sum())
    if len(a.count) < 3 or k == 0 or k > n / 2 or a.w[place] <= 0:
        return 1.0, 0.0, Given(1.0, 0.0, 1.0)
    ratio = float(b.shares[place] / a.shares[place])
    if a.weighted or b.weighted:
        share = float(a.shares[place])
        if share * min(a.effective, b.effective) < FEWEST_EFFECTIVE:
            return 1.0, 0.0, Given(1.0, 0.0, 1.0)
        variance = (b.variances[place] + ratio**2 * a.variances[place]) / share**2
        own = (b.variances[place] + a.variances[place]) / share**2
        floor = max(own, (1 / a.effective + 1 / b.effective) / share)
        return ratio, math.sqrt(variance), Normal(1.0, math.sqrt(floor))
    from scipy import stats

    law = stats.betabinom(int(m), k + 1, n - k)
    p_value = two_sided(law, found)
    unit = n / (k * m)
    error = ratio * math.sqrt(1 / max(found, 1) + 1 / k)
    return ratio, error, Given(float(law.mean()) * unit, float(law.std()) * unit, p_value)
