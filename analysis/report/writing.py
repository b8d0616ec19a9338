"""Fill templates, and write files that belong together."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from fatgan.atomic import disk_named, replaced_on_success
from fatgan.errors import DataError


def render(template: str, package: str = "analysis.report", **values: Any) -> str:
    """Return a page of a package's templates, beside this one's; what is put in is escaped."""
    packages = dict.fromkeys((package, "analysis.report"))
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(name, ".") for name in packages]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(template).render(**values)


def embedded(name: str, path: Path) -> str:
    """Return a PNG file as the source of an image inside a page; ``name`` is for messages.

    Raises
    ------
    DataError
        The file is missing or no PNG.
    """
    try:
        content = Path(path).read_bytes()
    except OSError as error:
        raise DataError(f"figure '{name}': {path}: {error.strerror or error}") from error
    if not content.startswith(b"\x89PNG"):
        raise DataError(f"figure '{name}': {path} is not a PNG; only PNGs go into a report")
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


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
