"""Feature networks that were trained once: a folder each in the user's cache."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import keras

from fatgan.adversarial.bundle import read_network, write_bundle
from fatgan.adversarial.manifest import read_manifest
from fatgan.errors import ModelError

_log = logging.getLogger("fatgan")


def cache_folder() -> Path:
    """Return ``$XDG_CACHE_HOME/fatgan/features``, by default ``~/.cache/fatgan/features``."""
    home = os.environ.get("XDG_CACHE_HOME", "")
    # the XDG specification has relative paths ignored
    base = Path(home) if os.path.isabs(home) else Path.home() / ".cache"
    return base / "fatgan" / "features"


def stored(key: str) -> tuple[keras.Model, dict[str, Any]] | None:
    """Return a stored network and its manifest; ``None`` if there is none or it is damaged."""
    folder = cache_folder() / key
    if not folder.exists():
        return None
    try:
        return read_network(folder), read_manifest(folder)
    except ModelError as error:
        _log.warning("%s; it is trained anew", error)
        return None


def store(key: str, network: keras.Model, manifest: Mapping[str, Any]) -> None:
    """Store a network in place of what is there; where that is not possible, say so."""
    folder = cache_folder() / key
    try:
        if folder.exists():
            shutil.rmtree(folder)
        write_bundle(folder, network, manifest)
    except (ModelError, OSError) as error:
        _log.warning("the feature network is not kept for the next time: %s", error)
