"""Two tiny configurations, and the benchmark of both."""

from __future__ import annotations

import copy
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

SAMPLE = Path(__file__).parents[2] / "data" / "ep_nc_dis_27.5x920.root"
TINY: dict[str, Any] = {
    "data": {"path": str(SAMPLE), "beams": "27.5x920", "limit": 2500, "held_out": 500},
    "networks": {"generator": [8], "critic": [8]},
    "mmd": {"weight": 0.0},
    "training": {"batch": 64, "jit": False, "steps_per_call": 1, "learning_rate": 3e-3},
}


class Finished(NamedTuple):
    """A study that is done: its parts, and what it left."""

    study: Any
    folder: Path
    cells: list[dict[str, Any]]
    files: list[Path]


def tiny_configs(folder: Path) -> list[Path]:
    """Write two configurations with budgets of their own."""
    paths = []
    for name, objective, steps in (("pairs", "relativistic", 7), ("logs", "minimax", 100)):
        entries = copy.deepcopy(TINY) | {"objective": {"name": objective}}
        entries["training"]["max_steps"] = steps
        paths.append(folder / f"{name}.yaml")
        paths[-1].write_text(yaml.safe_dump(entries))
    return paths


@pytest.fixture
def configs(tmp_path: Path) -> list[Path]:
    return tiny_configs(tmp_path)


@pytest.fixture(scope="session")
def finished(
    tmp_path_factory: pytest.TempPathFactory,
    python_steps: Callable[[], AbstractContextManager[None]],
) -> Finished:
    """Both configurations, 4 steps, one seed. Leave its folder as it is."""
    from fatgan.benchmark.report import write_report
    from fatgan.benchmark.study import load_study, run

    base = tmp_path_factory.mktemp("benchmark")
    study = load_study(
        tiny_configs(base),
        {},
        max_steps=4,
        max_seconds=None,
        seeds=(1,),
        events=400,
    )
    with python_steps():
        cells, data = run(study, base / "out")
    files = write_report(study, cells, data, base / "out")
    return Finished(study, base / "out", cells, files)
