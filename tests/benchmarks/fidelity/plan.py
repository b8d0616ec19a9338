"""The cells of the study, the most important first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from journal import ROOT
from peers.peers import FEATURES, PEERS

from fatgan.benchmark.cell import Cell
from fidelity.contestants import (
    FLOOR,
    Contestant,
    Ours,
    Peer,
    Task,
    Told,
    TrainingSample,
    Untrained,
)
from fidelity.samples import SETTINGS, Scale

__all__ = ["FLOOR", "OURS", "PUBLISHED", "WHAT", "Job", "plan"]

OURS, PUBLISHED = "default", "fat_gan_cart"
CONFIGS = ROOT / "configs"
CART = CONFIGS / "published" / f"{PUBLISHED}.yaml"

WHAT: dict[str, tuple[Contestant, ...]] = {
    "floor": (TrainingSample(), Untrained()),
    "default-120": (Ours(OURS, 120),),
    "default-300": (Ours(OURS, 300),),
    "published": (Ours(PUBLISHED, 120, CART, seeds=1, slow=100),),
    "peers": tuple(Peer(peer, features) for peer in PEERS for features in FEATURES),
    "relativistic": (Ours("relativistic", 120, CONFIGS / "relativistic.yaml", seeds=1),),
    "published-long": (Ours(PUBLISHED, 1200, CART, settings=1, seeds=1, slow=100),),
}


@dataclass(frozen=True)
class Job:
    """A cell: its key in the journal, and how it is made."""

    what: str
    key: dict[str, Any]
    make: Callable[[Told], Cell]


def plan(
    seeds: Sequence[int],
    scale: Scale,
    folder: Path,
    pace: float = 1.0,
) -> list[Job]:
    """Return all cells; all of a seed come before any of the next. ``pace`` scales budgets."""
    jobs = []
    for seed in seeds:
        for what, contestants in WHAT.items():
            for place, setting in enumerate(SETTINGS):
                for contestant in contestants:
                    if place < contestant.settings and seed <= (contestant.seeds or seed):
                        task = Task(setting, contestant.budget * pace, seed, scale, folder)
                        jobs.append(_job(what, contestant, task))
    return jobs


def _job(what: str, contestant: Contestant, task: Task) -> Job:
    key = {
        "setting": task.setting.beams,
        "name": contestant.name,
        "budget": contestant.budget,
        "seed": task.seed,
        # a cell that was made otherwise is not found, and so made again
        "fingerprint": contestant.fingerprint(task),
    }
    return Job(what, key, partial(contestant.make, task))
