"""One score of one comparison, with its floor: the unit of ``metrics.json``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from fatgan.errors import DataError


@dataclass(frozen=True)
class Record:
    """A score of a sample against a reference.

    Parameters
    ----------
    name
        The score, e.g. ``"W1/sigma"``.
    observable
        The column it looks at, or None when it looks at several.
    value, error
        The score and its standard error.
    floor, floor_error
        The same score between samples of the reference's own law: its mean, and its spread from
        one such pair of samples to the next (one standard deviation).
    n_reference, n_sample
        Events that entered the value.
    seed
        Seed of the comparison.
    floor_repeats
        Pairs of samples that ``floor`` averages, 0 for a closed form.
    p_value
        The chance of a value at least as far from the floor between samples of one truth.
    score
        The family it belongs to, a name in :data:`analysis.scores.SCORES`; its own name if empty.

    Raises
    ------
    DataError
        If a number is NaN or infinite: a record always fits into JSON.
    """

    name: str
    observable: str | None
    value: float
    error: float
    floor: float
    floor_error: float
    n_reference: int
    n_sample: int
    seed: int
    floor_repeats: int = 0
    p_value: float = 1.0
    score: str = ""

    def __post_init__(self) -> None:
        for key in ("value", "error", "floor", "floor_error", "p_value"):
            number = float(getattr(self, key))
            if not math.isfinite(number):
                raise DataError(f"score {self.label}: its {key} is {number}, not a finite number")
            object.__setattr__(self, key, number)
        for key in ("n_reference", "n_sample", "seed", "floor_repeats"):
            object.__setattr__(self, key, int(getattr(self, key)))
        object.__setattr__(self, "score", self.score or self.name)

    @property
    def label(self) -> str:
        """``W1/sigma of Q2``: the score with its observable."""
        if self.observable is None or self.observable in self.name.split():
            return self.name
        return f"{self.name} of {self.observable}"

    @property
    def sigmas(self) -> float:
        """How far the value is above the floor, in units of what chance does.

        The unit is the floor's spread, with the uncertainty of its mean; negative below the
        floor. Infinite where chance does nothing, as for events outside a physical bound.
        """
        excess = self.value - self.floor
        if excess == 0:
            return 0.0
        uncertain = 1 / self.floor_repeats if self.floor_repeats else 0.0
        spread = self.floor_error * math.sqrt(1 + uncertain)
        return excess / spread if spread > 0 else math.copysign(math.inf, excess)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, safe for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, entries: Mapping[str, Any]) -> Record:
        """Rebuild from plain values."""
        return cls(**entries)


def to_json(records: Iterable[Record]) -> str:
    """Return the content of ``metrics.json``: a list of records."""
    import json

    return json.dumps([record.to_dict() for record in records], indent=1, allow_nan=False) + "\n"
