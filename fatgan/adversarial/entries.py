"""Settings, which are frozen dataclasses, as the plain values of a saved configuration."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def entries_of(settings: Any) -> dict[str, Any]:
    """Return a dataclass's fields as JSON has them, which knows lists only."""
    return {k: list(v) if isinstance(v, tuple) else v for k, v in vars(settings).items()}


def from_entries(kind: type[Any], entries: Mapping[str, Any]) -> Any:
    """Return the dataclass of these fields."""
    return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in entries.items()})


def by_name(registry: tuple[type[Any], ...], entries: Mapping[str, Any]) -> Any:
    """Return the one of the registry's dataclasses that has the entries' ``name``."""
    kind = next(item for item in registry if item().name == entries["name"])
    return from_entries(kind, entries)
