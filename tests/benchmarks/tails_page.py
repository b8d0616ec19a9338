"""The page of the study of tails: ratios with their errors, and which of them stand out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]

CHANCE = 0.0027
"""How often chance alone makes a ratio stand out: that of three normal errors."""
TEXT = """# Tails and edges

Made by `make tails` (`tests/benchmarks/tails.py`): simulated e-p events (27.5x920 GeV, Q2 > 4
GeV2). Each training sample ends somewhere; how many events are there beyond its end, and how many
are generated there? Thresholds are order statistics of each training sample itself. Expected are
the counts of {truth:,} other simulated events, scaled to {generated:,}, summed over the training
samples, as are the generated ones. Errors hold the spread between training samples and the Poisson
errors of both counts; the same truth is counted at all thresholds, which the errors allow for.
"""
HEAD = "| events | expected | generated | generated / expected | pull |"
TITLES = {
    "generator": "The whole generator: {samples} trainings of {seconds:g} s on {rows:,} events, "
    "{generated:,} generated each",
    "transform": "The transform alone: {samples} samples of {rows:,} events, ln Q2 exactly normal "
    "in z",
}


class Ratio(NamedTuple):
    """Generated over expected counts, summed over training samples."""

    expected: float
    generated: float
    ratio: float
    error: float

    @property
    def pull(self) -> float:
        return (self.ratio - 1) / self.error


def ratio(counts: Array, n_truth: int, n_made: int, *, poisson: bool) -> Ratio:
    """Summarise counts of truth and generator, shape (samples, 2), of so many events of each.

    ``poisson``: the generated ones are counts, and no expectations.
    """
    known, made = counts[:, 0], counts[:, 1]
    scale = n_made / n_truth
    expected, generated = scale * known.sum(), made.sum()
    value = generated / expected
    rest = made - value * scale * known
    variance = len(rest) * rest.var(ddof=1) if len(rest) > 1 else 0.0
    if poisson:  # few samples may agree by chance
        variance = max(variance, generated)
    # one truth is counted beyond nested thresholds: covariance of two counts is the smaller one
    shared = np.minimum.outer(known, known).sum() / known.sum() ** 2
    error = np.sqrt(variance / expected**2 + value**2 * shared)
    return Ratio(float(expected), float(generated), float(value), float(error))


def limit(samples: int) -> float:
    """Return the errors that chance exceeds in :data:`CHANCE` of cases, on either side.

    The error is itself uncertain with few samples, hence Student's t: a safe limit, because the
    part of the error that is the truth's is known better.
    """
    return float(stats.t.isf(CHANCE / 2, samples - 1))


def table(cells: list[dict[str, Any]], n_truth: int, n_made: int) -> list[str]:
    """Return the table of one kind of cells, and a sentence on what it says."""
    lines = [HEAD, "|---" * 5 + "|"]
    found = {}
    for name in cells[0]["counts"]:
        counts = np.array([cell["counts"][name] for cell in cells], dtype=np.float64)
        found[name] = ratio(counts, n_truth, n_made, poisson="curves" in cells[0])
        got = found[name]
        lines.append(
            f"| {name} | {got.expected:,.0f} | {got.generated:,.0f} "
            f"| {got.ratio:.3f} ± {got.error:.3f} | {got.pull:+.1f} |"
        )
    most = limit(len(cells))
    wrong = [f"{name} ({got.pull:+.1f})" for name, got in found.items() if abs(got.pull) > most]
    chance = (
        f"the {most:.1f} errors that chance exceeds in {100 * CHANCE:.1f} % "
        f"with {len(cells)} training samples"
    )
    said = (
        f"Off from 1 by more than {chance}: {'; '.join(wrong)}."
        if wrong
        else f"All {len(found)} ratios are 1 within {chance}."
    )
    return [*lines, "", said]


def page(
    groups: Sequence[tuple[dict[str, Any], list[dict[str, Any]]]], n_truth: int, n_made: int
) -> str:
    """Return the page of groups of cells, each with what they have in common."""
    lines = [TEXT.format(truth=n_truth, generated=n_made)]
    for key, cells in groups:
        title = TITLES[key["kind"]].format(**key, samples=len(cells), generated=n_made)
        lines += [f"## {title}", "", *table(cells, n_truth, n_made), ""]
    lines.append("![Tails and the edge in Q2: truth and generators](tails.png)")
    return "\n".join(lines) + "\n"
