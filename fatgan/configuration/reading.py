"""Configurations from YAML files, changed by overrides like ``training.max_steps=100``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from fatgan.configuration.section import Section
from fatgan.configuration.words import explain
from fatgan.errors import ConfigError

Schema = TypeVar("Schema", bound=Section)


def read_entries(path: Path) -> dict[str, Any]:
    """Return the plain values of a YAML file.

    Raises
    ------
    ConfigError
        The file cannot be read, is not YAML, or is not a mapping.
    """
    try:
        entries = yaml.safe_load(path.read_text()) or {}
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise ConfigError(f"{path}: cannot read the configuration: {reason}") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f" at line {mark.line + 1}" if mark else ""
        raise ConfigError(f"{path}: not valid YAML{where}") from None
    if not isinstance(entries, dict):
        raise ConfigError(f"{path}: a configuration is a mapping of keys to values")
    return entries


def checked(schema: type[Schema], entries: Mapping[str, Any], source: str) -> Schema:
    """Check plain values and return the configuration.

    Raises
    ------
    ConfigError
        An unknown key (near matches named), or a value out of range.
    """
    try:
        return schema.model_validate(dict(entries))
    except ValidationError as error:
        raise ConfigError(f"{source}: {explain(error.errors()[0], schema)}") from None


def parse_override(text: str) -> tuple[str, Any]:
    """Read ``key=value`` of ``--set``; the value is YAML."""
    key, separator, value = text.partition("=")
    if not separator or not key.strip():
        raise ConfigError(f"--set '{text}': write it as key=value, like training.max_steps=1000")
    try:
        return key.strip(), _number(yaml.safe_load(value))
    except yaml.YAMLError:
        raise ConfigError(f"--set '{text}': the value is not valid YAML") from None


def override(entries: dict[str, Any], changes: Mapping[str, Any]) -> None:
    """Change plain values in place: ``{"training.max_steps": 100}``.

    Raises
    ------
    ConfigError
        A key goes into a value that is not a section.
    """
    for key, value in changes.items():
        _override(entries, key, value)


def _override(entries: dict[str, Any], key: str, value: Any) -> None:
    *sections, last = key.split(".")
    for section in sections:
        inner = entries.get(section)
        if inner is not None and not isinstance(inner, dict):
            raise ConfigError(f"'{key}': '{section}' is a value, not a section")
        entries[section] = dict(inner or {})
        entries = entries[section]
    entries[last] = value


def _number(value: Any) -> Any:
    """Read 1e4 as a number, which YAML 1.1 takes for a word, and as a whole one if it is."""
    try:
        number = float(value) if isinstance(value, str) else value
    except ValueError:
        return value
    return int(number) if isinstance(number, float) and number.is_integer() else number
