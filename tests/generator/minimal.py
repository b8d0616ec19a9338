"""The smallest configuration, and one with a single key changed."""

from __future__ import annotations

MINIMAL = {"data": {"path": "events.root"}}


def nested(key: str, value: object) -> dict:
    """Return the minimal configuration with one dotted key set."""
    entries: dict = {"data": dict(MINIMAL["data"])}
    *sections, last = key.split(".")
    inner = entries
    for section in sections:
        inner = inner.setdefault(section, {})
    inner[last] = value
    return entries
