"""Files appear whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fatgan.errors import DataError


@contextmanager
def replaced_on_success(path: Path) -> Iterator[Path]:
    """Yield a hidden file beside ``path`` that takes its place if the block ends without an error.

    On any error, an interrupt too, it is removed and ``path`` stays as it was.

    Raises
    ------
    DataError
        ``path`` is a folder, or its folder cannot be made.
    """
    if path.is_dir():
        raise DataError(f"{path}: is a folder; name a file to write")
    unfinished = path.with_name(f".{path.stem}.{secrets.token_hex(4)}.part{path.suffix}")
    with disk_named(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield unfinished
        with disk_named(path):
            os.replace(unfinished, path)
    finally:
        unfinished.unlink(missing_ok=True)


def swap_folder(new: Path, place: Path) -> None:
    """Put the folder ``new`` in its place; whatever happens, the old or the new one is whole."""
    old = new.with_name(new.name + ".old")
    if place.exists():
        place.rename(old)
    new.rename(place)
    shutil.rmtree(old, ignore_errors=True)


@contextmanager
def disk_named(path: Path) -> Iterator[None]:
    """Turn what the system says of a full disk or a missing right into one line."""
    try:
        yield
    except OSError as error:
        raise DataError(f"{path}: cannot be written ({error.strerror or error})") from error


def write_text(path: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    with replaced_on_success(path) as unfinished, disk_named(path):
        unfinished.write_text(text, encoding="utf-8")
