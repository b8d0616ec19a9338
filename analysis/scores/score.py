"""What a score is: a distance between two samples of events, with an error and a law."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from analysis.laws import Law
from analysis.records import Record
from analysis.summaries import SPECTRA, Content

if TYPE_CHECKING:
    from analysis.comparison import Comparison


class Measurement(NamedTuple):
    """A value with its standard error, its law for one truth, and the events that entered it."""

    name: str
    observable: str | None
    value: float
    error: float
    law: Law
    n_reference: int
    n_sample: int

    def record(self, score: str, seed: int) -> Record:
        """Return what goes into ``metrics.json``."""
        return Record(
            name=self.name,
            observable=self.observable,
            value=self.value,
            error=self.error,
            floor=self.law.mean,
            floor_error=self.law.spread,
            n_reference=self.n_reference,
            n_sample=self.n_sample,
            seed=seed,
            floor_repeats=self.law.draws,
            p_value=self.law.p_value(self.value),
            score=score,
        )


class Score(ABC):
    """A distance of a sample from a reference.

    ``name`` is its key in reports; ``classifiers`` are those of
    :data:`analysis.classification.CLASSIFIERS` that it asks.
    """

    name: ClassVar[str]
    classifiers: tuple[str, ...] = ()

    @abstractmethod
    def measure(self, comparison: Comparison) -> Iterator[Measurement]:
        """Yield the measurements; names and order do not depend on the sample."""


class Column(NamedTuple):
    """One observable of a comparison in cells: contents of reference and sample."""

    reference: Content
    sample: Content

    @classmethod
    def of(cls, comparison: Comparison, name: str) -> Column:
        """Return all cells of an observable."""
        reference, sample = comparison.summaries
        return cls(reference.spectra[name], sample.spectra[name])

    @classmethod
    def binned(cls, comparison: Comparison, name: str) -> Column:
        """Return 50 bins of equal reference population.

        The outer bins are open, so no event is left out; values that repeat get bins of their own.
        """
        starts = comparison.grid.spectra[name].bins
        reference, sample = cls.of(comparison, name)
        return cls(reference.joined(starts), sample.joined(starts))


class ColumnScore(Score):
    """A score of one observable at a time, in ln for those with steep spectra."""

    observables: ClassVar[tuple[str, ...]] = SPECTRA

    def measure(self, comparison: Comparison) -> Iterator[Measurement]:
        """Yield one measurement per observable."""
        for name in self.observables:
            found = self.of_column(comparison, name)
            yield Measurement(self.name, name, *found, *comparison.sizes)

    @abstractmethod
    def of_column(self, comparison: Comparison, name: str) -> tuple[float, float, Law]:
        """Return value, standard error and law of one observable."""
