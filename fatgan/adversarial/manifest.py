"""The manifest of a model bundle: plain JSON, readable without TensorFlow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fatgan.errors import ModelError

SCHEMA = 1
"""Version of the manifest; a reader refuses newer ones."""
MANIFEST = "manifest.json"


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return a bundle's manifest.

    Raises
    ------
    ModelError
        Not a bundle, a damaged manifest, or one of a newer schema.
    """
    path = folder / MANIFEST
    if not path.is_file():
        raise ModelError(
            f"{folder}: not a model bundle (it holds no {MANIFEST}); "
            "give the folder that training wrote, like runs/quickstart/model"
        )
    try:
        manifest = json.loads(path.read_text())
        schema = int(manifest["schema"])
    except (ValueError, KeyError, TypeError, OSError):
        raise ModelError(f"{path}: damaged: not a manifest of a model bundle") from None
    if schema > SCHEMA:
        raise ModelError(
            f"{path}: schema {schema} is newer than {SCHEMA}, the newest this fatgan reads; "
            "upgrade fatgan"
        )
    return manifest


def origin(manifest: Mapping[str, Any], seed: int) -> dict[str, Any]:
    """Return what a sample of a seed carries with it of the model that made it."""
    return {
        "generator": "fatgan",
        "version": manifest.get("versions", {}).get("fatgan"),
        "model": manifest.get("name"),
        "model_checksum": manifest.get("checksum"),
        "seed": seed,
    }
