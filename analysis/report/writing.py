"""Fill templates, and write files that belong together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from fatgan.atomic import disk_named, replaced_on_success


def render(template: str, **values: Any) -> str:
    """Return a page of this package's templates; what is put in is escaped."""
    environment = Environment(
        loader=PackageLoader("analysis.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(**values)


def to_json(content: Any) -> str:
    """Return JSON without NaN."""
    return json.dumps(content, indent=1, allow_nan=False) + "\n"


def write_together(folder: Path, contents: Mapping[str, str]) -> None:
    """Write files by name into a folder: none takes its place before all are complete.

    Raises
    ------
    DataError
        If the folder cannot be written.
    """
    with ExitStack() as stack:
        for name, text in contents.items():
            path = folder / name
            unfinished = stack.enter_context(replaced_on_success(path))
            with disk_named(path):
                unfinished.write_text(text, "utf-8")
