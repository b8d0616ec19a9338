"""Learn electron-proton scattering events from files and generate synthetic ones.

>>> import fatgan
>>> gen = fatgan.load("runs/quickstart/model")  # doctest: +SKIP
>>> events = gen.generate(1_000_000, seed=7)  # doctest: +SKIP
>>> events["Q2"], events.to_pandas(), events.to_awkward()  # doctest: +SKIP

Importing this package is quick: TensorFlow is loaded when a model is trained or used.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from fatgan.version import __version__

if TYPE_CHECKING:
    from fatgan.events import Collision, Collisions, EventTable
    from fatgan.generator.sample import EventGenerator, load
    from fatgan.generator.train import train
    from fatgan.io import read, write

__all__ = [
    "Collision",
    "Collisions",
    "EventGenerator",
    "EventTable",
    "__version__",
    "load",
    "read",
    "train",
    "write",
]

_HOMES = {
    "Collision": "fatgan.events",
    "Collisions": "fatgan.events",
    "EventTable": "fatgan.events",
    "EventGenerator": "fatgan.generator.sample",
    "load": "fatgan.generator.sample",
    "read": "fatgan.io",
    "train": "fatgan.generator.train",
    "write": "fatgan.io",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'fatgan' has no attribute '{name}'")
    return getattr(importlib.import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
