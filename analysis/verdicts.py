"""The outcome of a comparison in one sentence, and the traffic light of one score."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Literal

from analysis.records import Record

Light = Literal["good", "fair", "poor"]

FAIR_SIGMAS = 3.0
POOR_SIGMAS = 5.0
COUNTS = ("outside ", "below ")
"""Beginnings of the names of scores that count events."""


def light(record: Record) -> Light:
    """Return ``good`` up to 3 sigmas above the floor, ``fair`` up to 5, else ``poor``."""
    if record.sigmas <= FAIR_SIGMAS:
        return "good"
    return "fair" if record.sigmas <= POOR_SIGMAS else "poor"


def is_count(record: Record) -> bool:
    """Return whether the record counts events out of bounds."""
    return record.name.startswith(COUNTS)


def verdict(records: Sequence[Record]) -> str:
    """Return what all scores say together, in one sentence.

    With about 50 scores, chance alone lifts one of them above 3 sigmas in one comparison out of
    five or so, and above 5 sigmas in one of a hundred.
    """
    if not records:
        return "No score was computed."
    parts = []
    areas = [record for record in records if record.name == "C2ST AUC"]
    for record in areas:
        seen = {
            "good": "the classifier cannot tell the sample from the reference",
            "fair": "the classifier begins to tell the sample from the reference",
            "poor": "the classifier tells the sample from the reference",
        }[light(record)]
        parts.append(
            f"C2ST AUC {plus_minus(record.value, record.error)} "
            f"(floor {plus_minus(record.floor, record.floor_error)}): {seen} "
            f"at {record.n_sample:,} events each"
        )
    good = sum(light(record) == "good" for record in records)
    parts.append(f"{good} of {len(records)} scores within {FAIR_SIGMAS:g} sigmas of their floors")
    worst = max(records, key=lambda record: record.sigmas)
    if light(worst) != "good":
        parts.append(f"worst: {worst.label} {distance(worst)}")
    parts += _counted(records)
    sentence = "; ".join(parts)
    return sentence[0].upper() + sentence[1:] + "."


def _counted(records: Sequence[Record]) -> list[str]:
    counts = [record for record in records if is_count(record)]
    if not counts:
        return []
    bad = [f"{int(record.value):,} {record.name}" for record in counts if light(record) == "poor"]
    if bad:
        return ["events out of bounds: " + ", ".join(bad)]
    below = sum(int(record.value) for record in counts if record.value > 0)
    if below:
        return ["no more events out of bounds than chance allows"]
    return ["no event out of bounds"]


def distance(record: Record) -> str:
    """Return ``2.1 sigmas above its floor``."""
    if math.isinf(record.sigmas):
        return f"above a floor of exactly {record.floor:g}"
    side = "below" if record.sigmas < 0 else "above"
    return f"{abs(record.sigmas):.1f} sigmas {side} its floor"


def plus_minus(value: float, error: float) -> str:
    """Return ``0.5031 ± 0.0013``, rounded to two digits of the error."""
    if error == 0:
        return f"{value:.6g}"
    digits = max(0, 1 - math.floor(math.log10(error)))
    return f"{value:.{digits}f} ± {error:.{digits}f}"
