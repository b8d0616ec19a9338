"""The default configuration, trained for a study: nothing of it stays on disk."""

from __future__ import annotations

from tempfile import TemporaryDirectory

from fatgan.benchmark.cell import checksum
from fatgan.benchmark.study import NO_LIMIT
from fatgan.generator.config import parse_config
from fatgan.generator.data import Split
from fatgan.generator.sample import EventGenerator
from fatgan.generator.train import Observer, train


def recipe() -> str:
    """Return a short checksum of the default configuration: no page mixes cells of two."""
    return checksum(parse_config({"data": {"path": "simulated"}}))[:12]


def learned(
    data: Split, seconds: float, seed: int, observe: Observer | None = None
) -> EventGenerator:
    """Return a generator that learned these rows for so many seconds."""
    with TemporaryDirectory() as folder:
        entries = {
            "seed": seed,
            "out": folder,
            "data": {"path": "simulated"},
            "training": {"max_seconds": seconds, "max_steps": NO_LIMIT},
        }
        return train(parse_config(entries), progress=False, data=data, observe=observe).generator
