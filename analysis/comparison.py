"""Compare a sample with a reference: every score with its floor."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from analysis.records import Record
from analysis.scores import SCORES, Context, Score
from analysis.scores.floors import FEWEST_EVENTS
from fatgan.errors import ConfigError, DataError, did_you_mean
from fatgan.events import EventTable, Fiducial

MOST_SHARED = 0.001
"""Part of a sample's events that may be the reference's too: chance, where columns are coarse."""
ALWAYS_SHARED = 3
"""So many common events are let pass in a sample of any size."""


def compare(
    reference: EventTable,
    sample: EventTable,
    *,
    truth: EventTable | None = None,
    fiducial: Fiducial | None = None,
    seed: int = 0,
    scores: Sequence[str] | None = None,
    progress: Callable[[str], None] | None = None,
) -> list[Record]:
    """Score a sample against a reference, each score with its floor.

    The floor is the same score where nothing is to be found: see :mod:`analysis.scores.floors`.

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
        Seed of everything drawn: splits, folds, bootstrap.
    scores
        Names from :data:`analysis.scores.SCORES`; all when None.
    progress
        Called with the name of each step before it begins.

    Raises
    ------
    DataError
        For weighted tables (every event counts once in these scores), different beams, numbers
        that are NaN or infinite, fewer than 20 events in the sample or 40 in a reference that is
        to be halved, a sample or truth that shares events with the reference.
    ConfigError
        For the name of a score that is not there.
    """
    chosen = _chosen(scores)
    tell = progress or (lambda step: None)
    _check(reference, "reference", FEWEST_EVENTS if truth is not None else 2 * FEWEST_EVENTS)
    sample = _like_reference(sample, "sample", reference)
    pool = reference
    if truth is not None:
        pool = EventTable.concatenate([reference, _like_reference(truth, "truth", reference)])
    context = Context(seed, fiducial)
    records = []
    for score in chosen:
        tell(score.name)
        values = list(score.measure(reference, sample, context))
        tell(f"{score.name}: floor")
        floors = score.floors(values, pool, context)
        records += [
            Record(*value[:4], *floor, value.n_reference, value.n_sample, seed, score.repeats)
            for value, floor in zip(values, floors, strict=True)
        ]
    return records


def _chosen(names: Sequence[str] | None) -> tuple[Score, ...]:
    if names is None:
        return SCORES
    known = {score.name: score for score in SCORES}
    for name in names:
        if name not in known:
            raise ConfigError(f"no score '{name}'; {did_you_mean(name, known)}")
    return tuple(known[name] for name in names)


def _like_reference(table: EventTable, role: str, reference: EventTable) -> EventTable:
    _check(table, role, FEWEST_EVENTS)
    table = table.with_frame(reference.collision.frame)
    if table.collision.beams != reference.collision.beams:
        raise DataError(
            f"the {role} is of {table.collision}, the reference of {reference.collision}: "
            "only samples of the same beams can be compared"
        )
    _check_independent(table, role, reference)
    return table


def _check_independent(table: EventTable, role: str, reference: EventTable) -> None:
    """Refuse copies of the reference's events: every score and floor is of independent samples.

    Trees that learned an event as the reference's give its copy in the other fold to the
    reference, so that the area falls far below 0.5; all other scores fall to 0.
    """
    row = ("px", "py", "pz")
    shared = len(table.to_pandas(row).merge(reference.to_pandas(row).drop_duplicates()))
    if shared > max(ALWAYS_SHARED, MOST_SHARED * len(table)):
        raise DataError(
            f"{shared:,} of the {role}'s {len(table):,} events are events of the reference, bit "
            f"for bit; the {role} must be independent of the reference"
        )


def _check(table: EventTable, role: str, fewest: int) -> None:
    if len(table) < fewest:
        raise DataError(f"the {role} has {len(table):,} events; scores need at least {fewest}")
    if table.weights is not None:
        raise DataError(
            f"the {role} is weighted, and these scores count every event once: "
            "unweight it first, or compare the tables without their weights"
        )
    for name, column in zip(("px", "py", "pz"), table.momenta, strict=True):
        bad = len(column) - int(np.count_nonzero(np.isfinite(column)))
        if bad:
            raise DataError(
                f"the {role}'s column '{name}' is NaN or infinite in {bad:,} of {len(table):,} rows"
            )
