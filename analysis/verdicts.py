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
CLASSIFIER = "C2ST AUC"
"""The name of the score that leads the verdict."""


def light(record: Record) -> Light:
    """Return ``good`` up to 3 sigmas from the floor, ``fair`` up to 5, else ``poor``.

    Above it only, but for the classifier on both sides: see :func:`departure`.
    """
    if departure(record) <= FAIR_SIGMAS:
        return "good"
    return "fair" if departure(record) <= POOR_SIGMAS else "poor"


def departure(record: Record) -> float:
    """Return the sigmas that speak against the sample: those above the floor.

    A distance below its floor is only small. An area of the classifier is not: trees that find
    nothing give 0.5, and to be wrong more often than right they need events of one half of the
    data that come back, or nearly, with the other label in the other half. Sample and reference
    are then not independent, and no score between them means anything.
    """
    return abs(record.sigmas) if record.name == CLASSIFIER else record.sigmas


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
    for record in records:
        if record.name == CLASSIFIER:
            parts.append(
                f"{CLASSIFIER} {plus_minus(record.value, record.error)} "
                f"(floor {plus_minus(record.floor, record.floor_error)}): {_seen(record)} "
                f"at {record.n_sample:,} events each"
            )
    good = sum(light(record) == "good" for record in records)
    parts.append(f"{good} of {len(records)} scores within {FAIR_SIGMAS:g} sigmas of their floors")
    worst = max(records, key=departure)
    if light(worst) != "good":
        parts.append(f"worst: {worst.label} {distance(worst)}")
    parts += _counted(records)
    sentence = "; ".join(parts)
    return sentence[0].upper() + sentence[1:] + "."


def _seen(record: Record) -> str:
    """Return what the classifier's area says."""
    level = light(record)
    if level == "good":
        return "the classifier cannot tell the sample from the reference"
    if record.sigmas < 0:
        return "an area below the floor, as of samples that are not independent"
    verb = "begins to tell" if level == "fair" else "tells"
    return f"the classifier {verb} the sample from the reference"


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
