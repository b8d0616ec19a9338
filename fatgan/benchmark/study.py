"""A benchmark: several configurations, one budget, one split of the data, several seeds."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fatgan.benchmark.cell import Cell, Conditions, fingerprint, train_and_score
from fatgan.benchmark.jobs import Job, complete
from fatgan.benchmark.journal import Journal
from fatgan.errors import ConfigError
from fatgan.generator.config import RunConfig, load_config
from fatgan.generator.data import Split, read_split

NO_LIMIT = 10**9
"""Steps of a budget of seconds: more than any training takes."""
SPLIT_SEED = 1
"""Seed of the split: all trainings hold out the same rows, whatever their own seed, and have the
same others to learn and to choose their checkpoint by."""
LEAST = 20
"""Fewer held-out events cannot be compared with."""


@dataclass(frozen=True)
class Study:
    """What is compared with what, and under which budget.

    Parameters
    ----------
    configs
        By name, all with the same budget and data.
    seeds
        Each configuration is trained with each.
    events
        Generated and held-out events of the final scores, as far as so many are held out.
    snapshot_events
        The same of the scores on the way, which are many.
    """

    configs: Mapping[str, RunConfig]
    seeds: Sequence[int] = (1, 2, 3)
    events: int = 100_000
    snapshot_events: int = 20_000

    @property
    def common(self) -> RunConfig:
        """One of the configurations, for what all share: data and budget."""
        return next(iter(self.configs.values()))


def load_study(
    paths: Sequence[Path],
    overrides: Mapping[str, Any],
    *,
    max_steps: int | None,
    max_seconds: float | None,
    **how: Any,
) -> Study:
    """Read configurations and give all the same budget, whatever their own.

    Parameters
    ----------
    paths
        Configurations; the names of the files name the models.
    overrides
        Changes to all, as for :func:`fatgan.generator.config.load_config`.
    max_steps, max_seconds
        Generator updates, and seconds of training alone; whichever ends first.
    how
        Further fields of :class:`Study`.

    Raises
    ------
    ConfigError
        Neither limit, two files of one name, different data, conditions, or a file that cannot be
        read.
    """
    if max_steps is None and max_seconds is None:
        raise ConfigError("a benchmark needs a budget: give --max-seconds or --max-steps")
    budget = {"training.max_steps": max_steps or NO_LIMIT, "training.max_seconds": max_seconds}
    configs: dict[str, RunConfig] = {}
    for path in paths:
        if path.stem in configs:
            raise ConfigError(f"{path}: two configurations are called '{path.stem}'; rename one")
        config = load_config(path, {**overrides, **budget})
        if config.condition:
            raise ConfigError(
                f"{path}: has conditions, and a benchmark compares models of one collision; use "
                "fatgan train, then fatgan scan with true events"
            )
        configs[path.stem] = config
    first, *others = configs
    for name in others:
        if _shared(configs[name]) != _shared(configs[first]):
            raise ConfigError(
                f"'{name}' and '{first}' learn different data; say which with --data, or make "
                "their data sections alike"
            )
    return Study(configs, **how)


def _shared(config: RunConfig) -> dict[str, Any]:
    # How many rows choose the checkpoint is a model's own affair: those held out are the same.
    return config.data.model_dump(exclude={"selection"})


def run(study: Study, folder: Path) -> tuple[list[Cell], Split]:
    """Train and score whatever is not in the folder yet; return all cells, and the data.

    Every cell done is a line of ``cells.jsonl``; a cell that was interrupted starts again. Its
    training is left in ``runs/``. A bar on standard error shows how far the study is.

    Raises
    ------
    ConfigError
        The folder has cells of another configuration, budget or data; too few rows are held out.
    """
    kinds = {config.data.selection: config.data for config in study.configs.values()}
    splits = {rows: read_split(data, SPLIT_SEED) for rows, data in kinds.items()}
    data = splits[study.common.data.selection]
    if len(data.held_out) < LEAST:
        raise ConfigError(
            f"{len(data.held_out)} events are held out, and {LEAST} are needed to compare with; "
            "raise data.held_out"
        )
    jobs = [
        _job(_conditions(study, folder, name, seed, splits[study.configs[name].data.selection]))
        for seed, name in itertools.product(study.seeds, study.configs)
    ]
    return complete(Journal(folder / "cells.jsonl"), jobs), data


def _job(conditions: Conditions) -> Job:
    return Job(
        conditions.name,
        conditions.seed,
        fingerprint(conditions),
        lambda told: train_and_score(conditions, told),
    )


def _conditions(study: Study, folder: Path, name: str, seed: int, data: Split) -> Conditions:
    out = folder / "runs" / f"{name}-{seed}"
    most = len(data.held_out)
    return Conditions(
        name=name,
        seed=seed,
        config=study.configs[name].model_copy(update={"seed": seed, "out": out}),
        data=data,
        events=min(study.events, most),
        snapshot_events=min(study.snapshot_events, most),
    )
