"""What chi2/ndf would be in the mean over held-out samples, from more events than those have."""

from __future__ import annotations

from analysis import compare
from fatgan import EventTable

SCORES = ("chi2/ndf", "x-Q2 chi2/ndf")
Expected = dict[str, dict[str, float]]
"""By score, then by observable."""


def expected_chi2(sample: EventTable, truth: EventTable, events: int) -> Expected:
    """Return the mean chi2/ndf of so many events of a generator against as many of the truth.

    A single held-out sample has fluctuations of its own, which every generator is compared with;
    they move chi2/ndf of an observable by 0.1 (one standard deviation). The excess over 1 grows
    with the events, so it is measured with all of ``sample`` and ``truth``, which are many, and
    scaled down.
    """
    scale = events / 2 * (1 / len(sample) + 1 / len(truth))
    found: Expected = {score: {} for score in SCORES}
    for record in compare(truth, sample, scores=SCORES):
        found[record.score][record.observable or ""] = 1 + scale * (record.value - 1)
    return found
