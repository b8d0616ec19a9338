"""What a score is: a distance between two event tables, with an error and a law of its floor."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.scores.columns import paired
from analysis.scores.floors import floors_from_pairs
from fatgan.events import EventTable, Fiducial

Array = NDArray[np.float64]

SPECTRA = ("px", "py", "pz", "E", "pT", "theta", "phi", "x", "Q2", "y", "W")
"""The observables that scores and figures go through, in the order of the report."""


class Measurement(NamedTuple):
    """A value with its standard error, and the events that entered it."""

    name: str
    observable: str | None
    value: float
    error: float
    n_reference: int
    n_sample: int


@dataclass(frozen=True)
class Context:
    """What a measurement may use besides the tables.

    ``seed`` fixes its random draws; ``fiducial`` is the declared region of the reference, None
    when it is to be found; ``errors`` says whether bootstrap errors are worth their time.
    """

    seed: int = 0
    fiducial: Fiducial | None = None
    errors: bool = True


class Score(ABC):
    """A distance of a sample from a reference.

    ``name`` is the key in reports. ``repeats`` is the number of pairs of truth samples that
    measure the floor; with a single one the floor's spread is that measurement's own error,
    which must then be right at the floor.
    """

    name: ClassVar[str]
    repeats: ClassVar[int] = 1

    def floor_scale(self, value: Measurement, floor: Measurement, context: Context) -> float:
        """Return what carries a floor to the sizes of the comparison: 1 if it depends on none."""
        return 1.0

    def floors(
        self, values: list[Measurement], pool: EventTable, context: Context
    ) -> list[tuple[float, float]]:
        """Return mean and spread of the score between samples of the pool, one per value."""
        return floors_from_pairs(self, values, pool, context)

    @abstractmethod
    def measure(
        self, reference: EventTable, sample: EventTable, context: Context
    ) -> Iterator[Measurement]:
        """Yield the measurements; names and order do not depend on the sample."""


class ColumnScore(Score):
    """A score of one column at a time, in ln for observables with steep spectra."""

    observables: ClassVar[tuple[str, ...]] = SPECTRA

    def measure(
        self, reference: EventTable, sample: EventTable, context: Context
    ) -> Iterator[Measurement]:
        """Yield one measurement per observable."""
        rng = np.random.default_rng(context.seed)
        for observable in self.observables:
            columns = paired(observable, reference, sample)
            value = self.distance(*columns)
            error = self.error(*columns, value, rng) if context.errors else 0.0
            yield Measurement(self.name, observable, value, error, len(reference), len(sample))

    @abstractmethod
    def distance(self, a: Array, b: Array) -> float:
        """Return the score of two columns of finite numbers, shapes (n,) and (m,)."""

    @abstractmethod
    def error(self, a: Array, b: Array, value: float, rng: np.random.Generator) -> float:
        """Return its standard error."""
