"""The outcome of a comparison: told apart or not, by which scores, and which is the worst."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from analysis.laws import combined
from analysis.records import Record

Light = Literal["good", "fair", "poor"]

ALPHA = 0.01
"""Chance makes a false alarm in at most this share of comparisons."""
THREE_SIGMA, FIVE_SIGMA = 0.00135, 2.87e-7
"""One-sided p-values of 3 and 5 sigmas: the traffic light turns fair below the first, poor below
the second."""
CLASSIFIER = "C2ST AUC"
"""The score that every verdict quotes."""
BOUNDS = "bounds"
"""The score whose records count events."""
LEAST_P = 1e-16
"""Smaller p-values are extrapolated too far to be quoted."""


@dataclass(frozen=True)
class Verdict:
    """Whether a sample can be told from its reference; its fields are those of ``verdict.json``.

    Parameters
    ----------
    distinguishable
        Whether ``p_value`` is below ``alpha``.
    worst
        Label of the record with the smallest p-value, None without records.
    passed, scores
        How many scores find nothing, and how many there are.
    n_reference, n_sample
        Events of the comparison.
    p_value
        Chance of scores as bad as these between samples of one truth.
    alpha
        Largest share of false alarms.
    sentence
        All that in words, ``str(verdict)``.
    """

    distinguishable: bool
    worst: str | None
    passed: int
    scores: int
    n_reference: int
    n_sample: int
    p_value: float
    alpha: float
    sentence: str

    def __str__(self) -> str:
        return self.sentence

    @property
    def light(self) -> Light:
        """``good`` if indistinguishable, ``poor`` if by more than 5 sigmas not."""
        return _light(self.distinguishable, self.p_value)


@dataclass(frozen=True)
class Family:
    """All records of one score, of ``families`` that share the false alarms."""

    name: str
    records: tuple[Record, ...]
    families: int

    @cached_property
    def p_value(self) -> float:
        """The records' p-values combined."""
        return combined([record.p_value for record in self.records])

    @property
    def passes(self) -> bool:
        """Whether the score finds nothing, at this number of scores."""
        return self.families * self.p_value >= ALPHA

    @property
    def worst(self) -> Record:
        """The record with the smallest p-value."""
        return worst_first(self.records)[0]

    @property
    def light(self) -> Light:
        """``good`` if it passes, ``poor`` if by more than 5 sigmas not."""
        return _light(not self.passes, self.p_value)


def families(records: Iterable[Record]) -> list[Family]:
    """Return the records by score, in their order."""
    groups: dict[str, list[Record]] = {}
    for record in records:
        groups.setdefault(record.score, []).append(record)
    return [Family(name, tuple(group), len(groups)) for name, group in groups.items()]


def verdict(records: Sequence[Record]) -> Verdict:
    """Return what all scores say together.

    The p-values of a score's records are combined to one, and those of all scores again
    (Bonferroni: smallest times number, which holds for any correlation between them). Below 1 %
    the sample is distinguishable: so often chance alone does that, or less.
    """
    scores = families(records)
    p_value = combined([score.p_value for score in scores])
    found = p_value < ALPHA
    passed = sum(score.passes for score in scores)
    n_reference, n_sample = _sizes(records)
    return Verdict(
        distinguishable=found,
        worst=worst_first(records)[0].label if records else None,
        passed=passed,
        scores=len(scores),
        n_reference=n_reference,
        n_sample=n_sample,
        p_value=p_value,
        alpha=ALPHA,
        sentence=_sentence(records, found, passed, len(scores)),
    )


def _sentence(records: Sequence[Record], found: bool, passed: int, scores: int) -> str:
    if not records:
        return "No score was computed."
    n, m = _sizes(records)
    events = f"{m:,} events" if n == m else f"{m:,} events against {n:,}"
    if found:
        worst = worst_first(records)[0]
        parts = [
            f"Distinguishable at {events} by {scores - passed} of {scores} scores",
            f"worst: {worst.label} ({equation(worst.p_value)}, "
            f"{plus_minus(worst.value, worst.error)} against a floor of "
            f"{plus_minus(worst.floor, worst.floor_error)})",
        ]
    else:
        parts = [f"Indistinguishable at {events}: {passed} of {scores} scores find nothing"]
    parts += [_area(record) for record in records if record.name == CLASSIFIER]
    outside = [r for r in records if is_count(r) and r.value > r.floor and light(r) != "good"]
    if outside:
        counts = ", ".join(f"{int(record.value):,} {record.name}" for record in outside)
        parts.append(f"events out of bounds: {counts}")
    return "; ".join(parts) + "."


def _sizes(records: Sequence[Record]) -> tuple[int, int]:
    """Return the events of the comparison: what most scores of all the sample's events used.

    Some draw fewer events of either side, and some look at further truth beside the reference.
    """
    m = max((record.n_sample for record in records), default=0)
    counts = Counter(record.n_reference for record in records if record.n_sample == m)
    return counts.most_common(1)[0][0] if counts else 0, m


def _area(record: Record) -> str:
    area = f"{CLASSIFIER} {plus_minus(record.value, record.error)}"
    low = record.value < record.floor and light(record) != "good"
    return f"{area}, below 0.5 as of samples that are not independent" if low else area


def light(record: Record) -> Light:
    """Return ``good`` up to 3 sigmas by the p-value, ``fair`` up to 5, else ``poor``.

    Of a hundred records of samples of one truth, chance turns one fair in one comparison out of
    eight: the verdict allows for their number.
    """
    return _light(record.p_value < THREE_SIGMA, record.p_value)


def _light(found: bool, p_value: float) -> Light:
    if not found:
        return "good"
    return "fair" if p_value >= FIVE_SIGMA else "poor"


def departure(record: Record) -> float:
    """Return the sigmas that speak against a sample, from 0 to infinity.

    Those above the floor, and below it where that is improbable too, as for an area or a ratio.
    A distance below its floor is only small.
    """
    return abs(record.sigmas) if record.sigmas > 0 or record.p_value < 0.5 else 0.0


def worst_first(records: Iterable[Record]) -> list[Record]:
    """Return records by p-value, those of equal ones by their sigmas."""
    return sorted(records, key=lambda record: (record.p_value, -departure(record)))


def is_count(record: Record) -> bool:
    """Return whether the record counts events out of bounds."""
    return record.score == BOUNDS


def plus_minus(value: float, error: float) -> str:
    """Return ``0.5031 ± 0.0013``, rounded to two digits of the error."""
    if error == 0:
        return f"{value:.6g}"
    digits = max(0, 1 - math.floor(math.log10(error)))
    return f"{value:.{digits}f} ± {error:.{digits}f}"


def probability(p_value: float) -> str:
    """Return ``0.042``, ``2e-9`` or ``< 1e-16``."""
    if p_value < LEAST_P:
        return f"< {LEAST_P:.0e}"
    if p_value >= 0.001:
        return f"{p_value:.2g}"
    digits, exponent = f"{p_value:.0e}".split("e")
    return f"{digits}e{int(exponent)}"


def equation(p_value: float) -> str:
    """Return ``p = 0.042`` or ``p < 1e-16``."""
    text = probability(p_value)
    return f"p {text}" if text.startswith("<") else f"p = {text}"
