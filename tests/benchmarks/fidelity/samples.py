"""What is learned and what is compared with: simulated events of three settings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from simulated import EIC, HERA, SYMMETRIC, Setting, simulated

from fatgan import EventTable
from fatgan.generator.data import Split

TRAINING_SEED, HELD_OUT_SEED, TRUTH_SEED = 11, 12, 13
MORE = 10
"""So many times the held-out events is the truth that expectations are measured with."""


SETTINGS = (HERA, EIC, SYMMETRIC)


@dataclass(frozen=True)
class Scale:
    """Numbers of events: simulated ones, those of a snapshot, and those counted as they stream.

    Of the ``training`` events at most ``selection`` are not learned, but choose a checkpoint, if
    the configuration wants that.
    """

    training: int = 1_000_000
    selection: int = 100_000
    held_out: int = 200_000
    snapshot: int = 20_000
    streamed: int = 10_000_000


FULL = Scale()


class Samples(NamedTuple):
    """Both samples of a setting, and the file of the first."""

    training: EventTable
    held_out: EventTable
    path: Path

    def split(self, selection: int) -> Split:
        """Return what a training takes, with so many events to choose its checkpoint by."""
        return Split(self.training[selection:], self.held_out, self.training[:selection])


@lru_cache(maxsize=1)
def samples(setting: Setting, scale: Scale, folder: Path) -> Samples:
    """Return the samples of a setting, simulated when they are first asked for.

    Raises
    ------
    DataError
        A file has another number of events than asked for.
    """
    path = folder / f"{setting.beams}_train.parquet"
    training = simulated(setting, scale.training, TRAINING_SEED, path)
    other = folder / f"{setting.beams}_heldout.parquet"
    return Samples(training, simulated(setting, scale.held_out, HELD_OUT_SEED, other), path)


@lru_cache(maxsize=1)
def truth(setting: Setting, scale: Scale, folder: Path) -> EventTable:
    """Return further events of a setting, many, simulated when they are first asked for."""
    path = folder / f"{setting.beams}_truth.parquet"
    return simulated(setting, MORE * scale.held_out, TRUTH_SEED, path)
