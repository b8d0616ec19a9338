"""Refuse what cannot be learned from: wrong units, the wrong frame, dirt above a limit."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from fatgan.errors import DataError
from fatgan.events.bounds import is_physical, table_invariants, violations
from fatgan.events.collision import Frame
from fatgan.events.collisions import AnyCollision
from fatgan.events.table import EventTable

MAX_UNPHYSICAL = 0.01
"""Largest share of unphysical rows that is dropped with a count; above it the file is refused."""

_OTHER: dict[Frame, Frame] = {"proton": "electron", "electron": "proton"}


def screen(
    table: EventTable,
    source: str,
    max_unphysical: float = MAX_UNPHYSICAL,
    columns: Mapping[str, str] | None = None,
) -> tuple[EventTable, str | None]:
    """Check a table as read and drop its few unphysical rows.

    Parameters
    ----------
    table
        Events as read.
    source
        The file's name, for messages.
    max_unphysical
        Largest share of unphysical rows to drop.
    columns
        The file's own names of columns where they are others, for messages.

    Returns
    -------
    The physical events, and one line on what was dropped (``None`` when nothing was).

    Raises
    ------
    DataError
        No row, rows that are not finite, energies in MeV, the other frame, or more unphysical
        rows than ``max_unphysical``.
    """
    check(table, source, columns)
    physical = is_physical(table_invariants(table))
    bad = len(table) - int(np.count_nonzero(physical))
    if bad == 0:
        return table, None
    worst = broken_bounds(violations(table))
    note = unphysical_note(source, bad, len(table), table.collision, worst, max_unphysical)
    return table[physical], note


def unphysical_note(
    source: str, bad: int, total: int, collision: AnyCollision, worst: str, limit: float
) -> str:
    """Return one line on rows that are dropped; refuse more than the limit's share of them.

    ``worst`` says which bounds they break.

    Raises
    ------
    DataError
        More than ``limit`` times ``total`` rows are unphysical.
    """
    if bad > limit * total:
        raise DataError(
            f"{source}: {bad:,} of {total:,} rows are unphysical for {collision} "
            f"({worst}); check --beams, --frame and --units, or cut them away with --cut"
        )
    return f"{source}: dropped {bad:,} of {total:,} rows as unphysical ({worst})"


def broken_bounds(counts: Mapping[str, int]) -> str:
    """Return in words how many rows fail which bound."""
    return ", ".join(f"{n:,} fail {name}" for name, n in counts.items() if n)


def check(
    table: EventTable,
    source: str,
    columns: Mapping[str, str] | None = None,
    *,
    whole: bool = True,
) -> None:
    """Refuse a table as read that has no rows, NaN, energies in MeV, or the other frame.

    Of a further part of a file (not ``whole``) only the numbers are looked at: too few of them
    may tell little of units and frame.
    """
    if len(table) == 0:
        raise DataError(f"{source}: no events")
    columns = columns or {}
    _check_finite(table, source, columns)
    if whole:
        _check_units(table, source)
        _check_frame(table, source, columns)


def _in_file(name: str, columns: Mapping[str, str]) -> str:
    """Return how a message calls a column: by the file's own name, with ours behind it."""
    own = columns.get(name, name)
    return f"'{own}'" if own == name else f"'{own}' ({name})"


def _check_finite(table: EventTable, source: str, columns: Mapping[str, str]) -> None:
    for name, bad in not_finite(table).items():
        own = columns.get(name, name)
        word = own if own.isidentifier() else name  # a cut cannot spell 'e.px'
        raise DataError(
            f"{source}: column {_in_file(name, columns)} is NaN or infinite in {bad:,} of "
            f"{len(table):,} rows; drop them with --cut '{word} == {word}' (NaN) or "
            f"'abs({word}) < 1e6'"
        )


def not_finite(table: EventTable) -> dict[str, int]:
    """Return the columns that hold NaN or infinite numbers, with how many."""
    arrays = dict(zip(("px", "py", "pz"), table.momenta, strict=True)) | dict(table.conditions)
    if table.weights is not None:
        arrays["weight"] = table.weights
    counts = {name: int(np.count_nonzero(~np.isfinite(array))) for name, array in arrays.items()}
    return {name: count for name, count in counts.items() if count}


def _check_units(table: EventTable, source: str) -> None:
    # No electron can carry more than both beams; in MeV nearly all seem to.
    limit = table["Ee"] + table["Ep"]
    too_hard = int(np.count_nonzero(table["E"] > limit))
    if 2 * too_hard > len(table):
        raise DataError(
            f"{source}: columns px, py, pz give E' above the beams' {limit.max():g} GeV in "
            f"{too_hard:,} of {len(table):,} rows (median E' {np.median(table['E']):.4g}); "
            "if the file is in MeV, say --units MeV"
        )


def _check_frame(table: EventTable, source: str, columns: Mapping[str, str]) -> None:
    """Refuse events that make sense only with the other beam along +z.

    At a collider most backscattered electrons are still inside the bounds, so bounds alone do
    not tell: but cross-sections fall as 1/Q^4, so the frame with the far larger Q2 is wrong.
    """
    collision = table.collision
    other = EventTable(*table.momenta, collision.with_frame(_OTHER[collision.frame]))
    bad, bad_other = (
        len(t) - int(np.count_nonzero(is_physical(table_invariants(t)))) for t in (table, other)
    )
    median, median_other = (float(np.median(t["Q2"])) for t in (table, other))
    if bad_other <= min(bad, MAX_UNPHYSICAL * len(table)) and median > 5 * median_other > 0:
        beyond = int(np.count_nonzero(table.electron_frame()[2] >= table["Ee"]))
        raise DataError(
            f"{source}: column {_in_file('pz', columns)} does not fit the stated frame "
            f"({collision.frame} along +z): {bad:,} of {len(table):,} rows are unphysical, "
            f"{beyond:,} have pz >= Eb, and the median Q2 is {median:.4g} GeV^2 against "
            f"{median_other:.4g} in the other frame; say --frame {other.collision.frame}"
        )
