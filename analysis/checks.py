"""What can be compared: finite numbers, weights with a sum, the same beams, no copies."""

from __future__ import annotations

import numpy as np

from analysis.samples import Sample
from fatgan.errors import DataError
from fatgan.events import Collision, EventTable
from fatgan.events.screening import not_finite

FEWEST_EVENTS = 20
MOST_SHARED = 0.001
"""Part of a sample's events that may be the reference's too: chance, where columns are coarse."""
ALWAYS_SHARED = 3
"""So many common events are let pass in a sample of any size."""


def check_sample(sample: Sample, role: str) -> None:
    """Refuse a sample of several beams, too few events, numbers that are not finite, no weight."""
    table = sample.rows
    single_collision(table, role)
    if len(table) < FEWEST_EVENTS:
        count = len(table)
        raise DataError(
            f"the {role} has {count:,} event{'s' * (count != 1)}; scores need at least "
            f"{FEWEST_EVENTS}"
        )
    for name, bad in not_finite(table).items():
        raise DataError(
            f"the {role}'s column '{name}' is NaN or infinite in {bad:,} of {len(table):,} rows"
        )
    if table.weights is not None and table.weights.sum() <= 0:
        raise DataError(
            f"the weights of the {role}'s {len(table):,} events sum to {table.weights.sum():.6g}; "
            "shares of events need a positive sum"
        )


def single_collision(table: EventTable, role: str) -> Collision:
    """Return the collision of a table of one beam setting; refuse a table of several."""
    if not isinstance(table.collision, Collision):
        raise DataError(
            f"the {role} is of several beam settings ({table.collision}); a comparison takes "
            "one: judge a model with fatgan scan, or split tables with by_setting() and give the "
            "pairs to analysis.validate_settings"
        )
    return table.collision


def like_reference(sample: Sample, role: str, reference: Sample) -> Sample:
    """Check a sample and return it in the reference's frame; refuse other beams."""
    check_sample(sample, role)
    sample = sample.with_frame(reference.collision.frame)
    if sample.collision.beams != reference.collision.beams:
        raise DataError(
            f"the {role} is of {sample.collision}, the reference of {reference.collision}: "
            "only samples of the same beams can be compared"
        )
    return sample


def check_independent(sample: Sample, role: str, reference: Sample) -> None:
    """Refuse copies of the reference's events: every score and floor is of independent samples.

    Trees that learned an event as the reference's give its copy in the other fold to the
    reference, so that the area falls far below 0.5; all other scores fall to 0.
    """
    shared = shared_rows(sample.rows, reference.rows)
    total = len(sample.rows)
    if shared > max(ALWAYS_SHARED, MOST_SHARED * total):
        raise DataError(
            f"{shared:,} of the {role}'s {total:,} events are events of the reference, bit "
            f"for bit; the {role} must be independent of the reference"
        )


def shared_rows(table: EventTable, other: EventTable) -> int:
    """Return how many events of a table are, bit for bit, in another one."""
    row = ["px", "py", "pz"]
    # one column first: nearly all rows are out of the question at once
    rows, others = (
        a[np.isin(a["px"], b["px"])].to_pandas(row)[row]
        for a, b in ((table, other), (other, table))
    )
    return len(rows.merge(others.drop_duplicates()))
