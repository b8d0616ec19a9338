"""What the scripts of the peers share: arguments, arrays in and out, the clock, the report.

They run in the environments of the peers, where fatgan is not installed, on the CPU alone, with
as many threads as OMP_NUM_THREADS says, or 2.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.float32]

THREADS = int(os.environ.get("OMP_NUM_THREADS", "2"))


class Task(NamedTuple):
    """What a peer is asked for: features to learn, seconds to learn them in, events to draw."""

    train: Features
    seconds: float
    seed: int
    events: int
    out: Path
    report: Path


class Clock:
    """The wall clock of a training; it runs from the moment it is made."""

    def __init__(self, seconds: float) -> None:
        self.budget = seconds
        self._begun = time.perf_counter()

    @property
    def seconds(self) -> float:
        """Seconds spent."""
        return time.perf_counter() - self._begun

    @property
    def share(self) -> float:
        """The part of the budget that is spent, at most 1."""
        return min(self.seconds / self.budget, 1.0)

    @property
    def is_up(self) -> bool:
        """Whether the budget is spent."""
        return self.seconds >= self.budget


class Trained(NamedTuple):
    """What a training leaves: a sampler that takes a number of events, and what it took.

    Attributes
    ----------
    sample
        From n to features of shape (n, d).
    """

    sample: Callable[[int], Features]
    steps: int
    seconds: float


def read_task() -> Task:
    """Read the command line; the training features are float32 of shape (n, d)."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--train", type=Path, required=True, help="a .npy file, shape (n, d)")
    parser.add_argument("--seconds", type=float, required=True, help="of training")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--events", type=int, required=True, help="to generate")
    parser.add_argument("--out", type=Path, required=True, help="a .npy file, shape (events, d)")
    parser.add_argument("--report", type=Path, required=True, help="a .json file")
    asked = parser.parse_args()
    train = np.load(asked.train).astype(np.float32)
    return Task(train, asked.seconds, asked.seed, asked.events, asked.out, asked.report)


def run(learn: Callable[[Task], Trained], packages: tuple[str, ...]) -> None:
    """Train as the command line says, draw the events, and write both files.

    Seconds of training hold compilation and steps, as fatgan's own do; imports and what is done to
    the data before are apart.
    """
    task = read_task()
    whole = Clock(task.seconds)
    trained = learn(task)
    learned = whole.seconds
    features = trained.sample(task.events)
    report = {
        "steps": trained.steps,
        "seconds": trained.seconds,
        "preparation_seconds": learned - trained.seconds,
        "sampling_seconds": whole.seconds - learned,
        "threads": THREADS,
        "versions": {name: version(name) for name in packages},
    }
    np.save(task.out, features.astype(np.float32))
    task.report.write_text(json.dumps(report))
