"""One cell of a benchmark: a configuration trained with one seed, and scored."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from analysis import compare
from fatgan.benchmark.snapshots import Snapshots
from fatgan.errors import ModelError, TrainingError
from fatgan.generator.config import RunConfig
from fatgan.generator.data import Split
from fatgan.generator.train import Moment, train

Cell = dict[str, Any]
"""Plain values, a line of ``cells.jsonl``."""

SCORES = (
    "C2ST AUC",
    "C2ST AUC (MLP)",
    "chi2/ndf",
    "x-Q2 chi2/ndf",
    "phi harmonics",
    "bounds",
)
"""What the table needs."""

_NO_MATTER = ("name", "out", "generation", "validation")
"""Sections of a configuration that do not change what is trained."""


@dataclass(frozen=True)
class Conditions:
    """Everything that a cell depends on: configuration with seed and budget, rows, events."""

    name: str
    seed: int
    config: RunConfig
    data: Split
    events: int
    snapshot_events: int


def fingerprint(conditions: Conditions) -> str:
    """Return a checksum of all that the cell depends on. The file may move, but not change."""
    data = conditions.data
    samples = [table.provenance.get("sha256") for table in data]
    return checksum(conditions.config, samples, conditions.events, conditions.snapshot_events)


def checksum(config: RunConfig, *others: Any) -> str:
    """Return a checksum of what a configuration trains, but for its file, and of plain values."""
    entries = {k: v for k, v in config.to_dict().items() if k not in _NO_MATTER}
    del entries["data"]["path"]
    return hashlib.sha256(json.dumps([entries, others], sort_keys=True).encode()).hexdigest()


def train_and_score(conditions: Conditions, told: Callable[[float, str], None]) -> Cell:
    """Train from the start, score on the way and at the end, and return the cell.

    A training that fails, or ends with a generator that makes no physical events, is a result
    too: the cell then has the message as its ``failure``, and no records.

    Parameters
    ----------
    told
        Called with the share of the budget spent and a word on it.
    """
    snapshots = Snapshots(conditions.snapshot_events, conditions.seed)
    name, seed = conditions.name, conditions.seed
    cell: Cell = {"name": name, "seed": seed, "fingerprint": fingerprint(conditions)}

    def observe(moment: Moment) -> None:
        told(moment.share, f"{name}, seed {seed}, step {moment.step:,}")
        snapshots(moment)

    told(0.0, f"{name}, seed {seed}")
    try:
        scored = _scored(conditions, observe)
    except (TrainingError, ModelError) as error:
        scored = {"failure": str(error), "records": []}
    return {**cell, **scored, "snapshots": snapshots.taken}


def _scored(conditions: Conditions, observe: Callable[[Moment], None]) -> Cell:
    data, seed = conditions.data, conditions.seed
    trained = train(conditions.config, progress=False, data=data, observe=observe)
    records = compare(
        data.held_out[: conditions.events],
        trained.generator.generate(conditions.events, seed=seed),
        truth=data.training,
        fiducial=trained.generator.transform.fiducial,
        seed=seed,
        scores=SCORES,
    )
    course = trained.generator.manifest["training"]
    return {
        "failure": None,
        "steps": course["steps"],
        "seconds": course["seconds"],
        "device": course["device"],
        "redrawn": trained.generator.rejected_share(seed),
        "records": [record.to_dict() for record in records],
    }
