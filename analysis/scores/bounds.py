"""How many events of a sample lie where none can be, or none was declared to be."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from analysis.laws import Given
from analysis.scores.score import Measurement, Score

if TYPE_CHECKING:
    from analysis.comparison import Comparison


class Bounds(Score):
    """The number of sample events outside each physical bound, fiducial edge and declared cut.

    Every event counts once, whatever its weight. A bound that all of the truth keeps is taken for a
    law of nature, with a floor of 0 +- 0 and no chance to be broken. Where K of N events of the
    truth are outside, as single precision may bring about, the sample's share is compared with
    theirs; those that were dropped when the truth was read are among them. An edge that is only
    found, as the smallest value of n events of the reference, lies above the true one: then the k
    lowest of all n + m events are the sample's with a chance of about (m/(n + m))^k, which is a
    floor of m/n. The cut is that of the declared region.
    """

    name: ClassVar[str] = "bounds"

    def measure(self, comparison: Comparison) -> Iterator[Measurement]:
        """Yield one count per bound, named ``outside y < 1`` and so on, per edge, of the cut."""
        _, sample = comparison.summaries
        dropped = comparison.dropped
        total = comparison.pool.events + dropped["rows"]
        n, m = comparison.sizes
        edges = {"Q2": comparison.fiducial.Q2_min, "W2": comparison.fiducial.W2_min}
        for name, count in sample.outside.items():
            observable = None if name == "outside declared cut" else name.split()[1]
            found = name.startswith("below") and not comparison.declared
            broken = comparison.pool.outside[name] + dropped[name.removeprefix("outside ")]
            if found and edges.get(observable or "", 0.0) > 0:
                mean, law = m / n, _of_found_edge(count, n, m)
            elif broken > 0 or found:
                mean, law = _of_rate(count, m, broken, total)
            else:
                mean, law = 0.0, Given(0.0, 0.0, float(count == 0))
            error = math.sqrt(max(count, mean) if mean else count)
            yield Measurement(name, observable, count, error, law, n, m)


def _of_found_edge(count: int, n: int, m: int) -> Given:
    """Return the law of the number of events below the smallest of n others."""
    p_value = math.exp(count * math.log(m / (n + m)))
    return Given(m / n, math.sqrt(m / n + (m / n) ** 2), p_value)


def _of_rate(count: int, m: int, broken: int, total: int) -> tuple[float, Given]:
    """Return mean and law of a count of m events where ``broken`` of ``total`` others count."""
    from scipy import stats

    mean = broken * m / total
    p_value = float(stats.binom.sf(count - 1, count + broken, m / (m + total)))
    return mean, Given(mean, math.sqrt(mean * (1 + m / total)), p_value)
