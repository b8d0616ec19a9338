"""Duplicates: events that come more than once, as of a generator that has collapsed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from analysis.laws import Given
from analysis.scores.score import Measurement, Score
from fatgan.events import EventTable

if TYPE_CHECKING:
    import pandas

    from analysis.comparison import Comparison


class Duplicates(Score):
    """The number of events of the sample that repeat an earlier one of it bit for bit.

    Momenta in double precision never repeat by chance; rounded ones do, and so, rarely, do those
    in single precision. Any pair of rows may be equal, so the chance number grows as m^2/2
    with the m events, not as m. It is read off the reference and the further truth, N events
    together: given all repeats in sample and truth, those in the sample are binomial with
    the sample's part of the pairs, m(m-1)/(m(m-1) + N(N-1)), which gives the p-value. Where the
    truth has none the floor is 0, with the spread that one would have.

    Momenta are looked at, and weights are not: every event counts once. Of a longer stream the
    events in memory are taken, and equal ones far apart in it are missed in proportion.
    """

    name: ClassVar[str] = "duplicates"

    def measure(self, comparison: Comparison) -> Iterator[Measurement]:
        """Yield one measurement, ``repeated events``."""
        rows = momenta(comparison.sample.rows)
        truths = [s.rows for s in (comparison.reference, comparison.truth) if s is not None]
        others = momenta(*truths)
        count, chance = (int(frame.duplicated().sum()) for frame in (rows, others))
        m, n = len(rows), len(others)
        law = of_pairs(count, m * (m - 1), chance, n * (n - 1))
        error = math.sqrt(max(count, law.mean))
        yield Measurement("repeated events", None, count, error, law, n, m)


def of_pairs(count: int, pairs: int, chance: int, chance_pairs: int) -> Given:
    """Return the law of equal pairs by chance, if ``chance`` of ``chance_pairs`` are equal.

    Both counts are Poisson with one rate per pair, so that given their sum each is binomial.
    """
    from scipy import stats

    ratio = pairs / chance_pairs
    spread = math.sqrt(max(chance, 1) * ratio * (1 + ratio))
    p_value = float(stats.binom.sf(count - 1, count + chance, ratio / (1 + ratio)))
    return Given(chance * ratio, spread, p_value)


def momenta(*tables: EventTable) -> pandas.DataFrame:
    """Return px, py, pz of the tables' events, one frame of three columns."""
    import pandas

    columns = ["px", "py", "pz"]
    return pandas.concat([table.to_pandas(columns)[columns] for table in tables])
