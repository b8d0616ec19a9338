"""A sample beside its reference: the work that scores and figures share."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analysis.checks import check_independent, check_sample, like_reference
from analysis.classification import CLASSIFIERS, Classified, classify, load
from analysis.features import standardised
from analysis.samples import Sample
from analysis.summaries import Grid, Summary, permuted_shares, summarise
from analysis.threads import one_thread
from fatgan.events import EventTable, Fiducial

Array = NDArray[np.float64]
Events = EventTable | Sample

PERMUTATIONS = 200


class Comparison:
    """A sample beside its reference, and what several scores and figures need of both.

    What takes time is worked out when it is first asked for, and kept.

    Parameters
    ----------
    reference
        Events to compare with: held out, not those the sample was learned from.
    sample
        Events to judge, of the same beams; in the other frame they are rotated.
    truth
        More events of the reference's law, independent of it, e.g. the training events.
    fiducial
        The declared region of the reference; without it the region is found.
    seed
        Seed of everything drawn: splits, folds, permutations, bootstrap.
    labels
        Names of reference and sample, for tables without one.

    Raises
    ------
    DataError
        For different beams, numbers that are NaN or infinite, weights with no positive sum,
        fewer than 20 events, a sample or truth that shares events with the reference.
    """

    def __init__(
        self,
        reference: Events,
        sample: Events,
        *,
        truth: Events | None = None,
        fiducial: Fiducial | None = None,
        seed: int = 0,
        labels: tuple[str, str] = ("data", "sample"),
    ) -> None:
        self.reference = _sample(reference, labels[0])
        check_sample(self.reference, "reference")
        self.sample = like_reference(_sample(sample, labels[1]), "sample", self.reference)
        check_independent(self.sample, "sample", self.reference)
        self.truth = None
        if truth is not None:
            self.truth = like_reference(_sample(truth, "truth"), "truth", self.reference)
            check_independent(self.truth, "truth", self.reference)
        self.declared = fiducial is not None
        self.fiducial = fiducial or self.reference.region
        self.seed = seed
        self._classified: dict[str, Future[Classified]] = {}
        self._gaps: dict[str, Array] = {}

    @property
    def sizes(self) -> tuple[int, int]:
        """Events of reference and sample."""
        return self.reference.total, self.sample.total

    @property
    def labels(self) -> tuple[str, str]:
        """Names of reference and sample."""
        return self.reference.label, self.sample.label

    def rng(self, purpose: str) -> np.random.Generator:
        """Return random numbers of their own for each purpose, the same in every run."""
        return np.random.default_rng([self.seed, zlib.crc32(purpose.encode())])

    @cached_property
    def grid(self) -> Grid:
        """The cells in which events are counted."""
        sides = self.reference, self.sample
        n, m = (side.total * _effective(side.rows) / len(side.rows) for side in sides)
        return Grid.of(self.reference.rows, self.sample.rows, (n, m))

    @cached_property
    def summaries(self) -> tuple[Summary, Summary]:
        """Sums over all events of reference and sample."""
        return self._summary(self.reference), self._summary(self.sample)

    @cached_property
    def pool(self) -> Summary:
        """Sums over all there is of the truth: reference and further truth."""
        reference, _ = self.summaries
        return reference if self.truth is None else reference + self._summary(self.truth)

    @property
    def dropped(self) -> Counter[str]:
        """Unphysical events of the truth that were left out when it was read, by bound."""
        truths = (self.reference, self.truth)
        return sum((side.dropped for side in truths if side is not None), Counter())

    @cached_property
    def standardised(self) -> tuple[Array, Array]:
        """Smooth features of the rows of reference and sample, in sigmas of the reference."""
        return standardised(self.reference.rows, self.sample.rows)

    def permuted_gaps(self, name: str) -> Array:
        """Return gaps between the cumulative shares of an observable after each cell.

        Those of 200 permutations of all events between the sides, shape (200, cells).
        """
        if name not in self._gaps:
            a, b = (summary.spectra[name] for summary in self.summaries)
            reference, sample = permuted_shares(a, b, PERMUTATIONS, self.rng(f"gaps of {name}"))
            self._gaps[name] = np.cumsum(sample - reference, axis=1)
        return self._gaps[name]

    def classified(self, name: str) -> Classified:
        """Return what a classifier, of :data:`CLASSIFIERS`, says of the rows out of fold."""
        with one_thread():
            self.begin([name])
            return self._classified[name].result()

    def begin(self, classifiers: Iterable[str]) -> None:
        """Let classifiers learn in the background, side by side: they take the longest."""
        wanted = [name for name in classifiers if name not in self._classified]
        if not wanted:
            return
        load()
        pool = ThreadPoolExecutor(len(wanted))
        rows = self.reference.rows, self.sample.rows
        for name in wanted:
            rng = self.rng(f"classifier {name}")
            self._classified[name] = pool.submit(classify, *rows, CLASSIFIERS[name], rng)
        pool.shutdown(wait=False)  # ends when they are done

    def _summary(self, sample: Sample) -> Summary:
        return summarise(sample.chunks(), self.grid, self.fiducial)


def _sample(events: Events, label: str) -> Sample:
    return Sample(events, label) if isinstance(events, EventTable) else events


def _effective(table: EventTable) -> float:
    """Return the number of events that would count once and vary as much."""
    w = table.weights
    return len(table) if w is None else float(w.sum() ** 2 / (w @ w))
