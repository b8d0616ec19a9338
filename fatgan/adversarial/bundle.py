"""A model bundle: a folder with a JSON manifest and a network in Keras' own format.

Nothing in it is code: no pickle, no lambda. It is written beside its place and then renamed.
"""

from __future__ import annotations

import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras

from fatgan.adversarial.manifest import MANIFEST, SCHEMA
from fatgan.atomic import swap_folder
from fatgan.errors import ModelError

NETWORK = "generator.keras"

_UNREADABLE = (
    *(OSError, EOFError, zipfile.BadZipFile, zlib.error),
    *(ValueError, KeyError, TypeError, AttributeError),
)
"""What Keras raises for files that are damaged: in the zip, and in what it holds."""


def check_place(folder: Path) -> None:
    """Refuse a place where something other than a bundle stands."""
    if folder.exists() and not (folder / MANIFEST).exists():
        raise ModelError(f"{folder} exists and is not a model bundle; move it or choose --out")


def write_bundle(folder: Path, network: keras.Model, manifest: Mapping[str, Any]) -> None:
    """Write a bundle in place of whatever bundle was there.

    Raises
    ------
    ModelError
        The folder exists and is not a bundle, or cannot be written.
    """
    check_place(folder)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
        try:
            beside.chmod(0o755)
            network.save(beside / NETWORK)
            text = json.dumps({"schema": SCHEMA, **manifest}, indent=1, allow_nan=False)
            (beside / MANIFEST).write_text(text)
            swap_folder(beside, folder)
        except BaseException:
            shutil.rmtree(beside, ignore_errors=True)
            raise
    except OSError as error:
        raise ModelError(f"{folder}: cannot write the model: {error.strerror}") from None


def read_network(folder: Path) -> keras.Model:
    """Return a bundle's network."""
    return read_model(folder / NETWORK, compile=False)


def read_model(path: Path, *, compile: bool) -> keras.Model:
    """Return the model of a ``.keras`` file.

    Raises
    ------
    ModelError
        The file is missing or damaged.
    """
    try:
        return keras.models.load_model(path, compile=compile)
    except _UNREADABLE as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "unreadable"
        raise ModelError(f"{path}: cannot load the network: {reason}") from None
