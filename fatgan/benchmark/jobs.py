"""The jobs of a benchmark: what is not in its journal is made, under one bar."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from fatgan.benchmark.journal import Journal
from fatgan.progress import bar

Told = Callable[[float, str], None]
"""Called with the share of a job that is done and a word on it."""


class Job(NamedTuple):
    """A model trained with one seed: what it depends on as a checksum, and how it is made."""

    name: str
    seed: int
    fingerprint: str
    make: Callable[[Told], dict[str, Any]]


def complete(journal: Journal, jobs: Sequence[Job]) -> list[dict[str, Any]]:
    """Return the cells of all jobs in their order; those that are missing are made and kept.

    Raises
    ------
    ConfigError
        The journal has a cell that was made of something else; nothing is made then.
    """
    for job in jobs:
        journal.check(job.name, job.seed, job.fingerprint)
    cells = []
    with bar("benchmark", len(jobs)) as update:
        for number, job in enumerate(jobs):
            cell = journal.find(name=job.name, seed=job.seed)
            if cell is None:

                def told(share: float, note: str, number: int = number) -> None:
                    update(number + share, note)

                cell = job.make(told)
                journal.add(cell)
            cells.append(cell)
    return cells
