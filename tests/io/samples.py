"""Events and files of other origin, for the tests of this folder."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pandas
import uproot

from fatgan.events import Collision, EventTable
from fatgan.events.kinematics import from_light_cone, light_cone_from_Q2_y

HERA = Collision.parse("27.5x920")
EXAMPLES = int(os.environ.get("FATGAN_EXAMPLES", "20"))
"""Cases of each round trip; `make round-trips` takes 200."""


def dis_events(collision: Collision = HERA, n: int = 400, seed: int = 0) -> EventTable:
    rng = np.random.default_rng(seed)
    Q2, y = 4 / rng.uniform(0.01, 1, n), rng.uniform(0.05, 0.9, n)
    pT, pz = from_light_cone(*light_cone_from_Q2_y(Q2, y, collision.beams))
    phi = rng.uniform(-np.pi, np.pi, n)
    rotated = EventTable(pT * np.cos(phi), pT * np.sin(phi), pz, collision.with_frame("electron"))
    return rotated.with_frame(collision.frame)


def same_momenta(a: EventTable, b: EventTable) -> bool:
    return all(np.array_equal(x, y) for x, y in zip(a.momenta, b.momenta, strict=True))


def foreign(path: Path, columns: dict) -> Path:
    """Write a file of the suffix's format as others would."""
    frame = pandas.DataFrame(columns)
    if path.suffix == ".csv":
        frame.to_csv(path, index=False)
    elif path.suffix == ".parquet":
        frame.to_parquet(path)
    else:
        foreign_tree(path, columns)
    return path


def foreign_tree(path: Path, columns: dict, name: str = "events", make: str = "mktree") -> Path:
    """Write a ROOT file as others would, without fatgan's header."""
    with uproot.recreate(path) as file:
        tree = getattr(file, make)(name, {key: value.dtype for key, value in columns.items()})
        tree.extend(columns)
    return path
