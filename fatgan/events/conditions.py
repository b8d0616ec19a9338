"""The conditions of events: further columns, under names that mean nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from keyword import iskeyword

from numpy.typing import ArrayLike

from fatgan.errors import DataError, SchemaError
from fatgan.events.beam_columns import BEAM_COLUMNS
from fatgan.events.columns import Array, column, joined
from fatgan.events.observables import OBSERVABLES

_TAKEN = (*OBSERVABLES, *BEAM_COLUMNS, "weight", "weights")


def condition_columns(conditions: Mapping[str, ArrayLike]) -> dict[str, Array]:
    """Return conditions as read-only columns, each (n,).

    Raises
    ------
    SchemaError
        A name that is taken by another column, or that a cut could not spell.
    """
    return {checked_name(name): column(name, values) for name, values in conditions.items()}


def checked_name(name: str) -> str:
    """Return the name of a condition; refuse what cannot be one."""
    if name in _TAKEN or iskeyword(name) or not name.isidentifier():
        raise SchemaError(
            f"a condition cannot be called '{name}': its name is made of letters, digits and _ "
            f"and none of {', '.join(_TAKEN)}"
        )
    return name


def join_conditions(parts: Sequence[Mapping[str, Array]]) -> dict[str, Array]:
    """Join the conditions of tables, in order.

    Raises
    ------
    DataError
        Their names differ.
    """
    named = {tuple(sorted(part)): None for part in parts}
    if len(named) > 1:
        kinds = " and ".join(", ".join(names) or "none" for names in named)
        raise DataError(f"tables of different conditions cannot be joined: {kinds}")
    return {name: joined([part[name] for part in parts]) for name in parts[0]}
