"""Errors that users meet: each message says what, where (file, column, key, count) and what to do.

The command line prints the message of a :class:`FatganError` on one line and exits with
status 1; any other exception is a bug and keeps its traceback.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


class FatganError(Exception):
    """Base of all errors raised for what a user can mend."""


class DataError(FatganError):
    """A file or table whose content cannot be used: missing, truncated, empty, unphysical."""


class SchemaError(DataError):
    """A tree, column or format that is not there."""


class ConfigError(FatganError):
    """A configuration with an unknown key or a value out of range."""


class ModelError(FatganError):
    """A model bundle that cannot be loaded or used."""


class TrainingError(FatganError):
    """A training that cannot go on, e.g. because a loss is no longer finite."""


class MissingExtraError(FatganError):
    """A package of an optional extra that is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(
            f"the package '{package}' is not installed; install it with: "
            f"pip install 'fatgan[{extra}]'"
        )


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a clause naming the near matches of ``word``, or all that is known."""
    known = [str(name) for name in known]
    near = get_close_matches(word, known, n=3, cutoff=0.6)
    if near:
        return "did you mean " + " or ".join(f"'{name}'" for name in near) + "?"
    listed = ", ".join(known[:20]) + (", ..." if len(known) > 20 else "")
    return f"known: {listed}" if known else "none is known"
