"""A section of a configuration: keys with types and ranges; unknown keys are errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import is_dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, model_validator


class Section(BaseModel):
    """Base of all sections. What a file leaves out of a section keeps the default it has there.

    So ``penalty: {weight: 0.3}`` means the default penalty, but for its weight. A section that
    gives its ``name`` stands for itself: its other keys have the defaults of that name.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)

    @model_validator(mode="before")
    @classmethod
    def _keep_the_defaults(cls, entries: Any) -> Any:
        if not isinstance(entries, Mapping):
            return entries
        defaults = {key: field.default for key, field in cls.model_fields.items()}
        return _kept(defaults, entries)

    def to_dict(self) -> dict[str, Any]:
        """Return all keys, resolved, as plain values."""
        return TypeAdapter(type(self)).dump_python(self, mode="json")


def _kept(defaults: Mapping[str, Any], entries: Mapping[str, Any]) -> dict[str, Any]:
    """Return the entries, their sections filled up with the defaults."""
    kept = dict(entries)
    for key, given in entries.items():
        default = defaults.get(key)
        sectioned = isinstance(default, BaseModel) or is_dataclass(default)
        if sectioned and isinstance(given, Mapping) and "name" not in given:
            kept[key] = {**vars(default), **_kept(vars(default), given)}
    return kept
