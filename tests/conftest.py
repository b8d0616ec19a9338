"""What several folders of tests share: the shipped sample, and one tiny trained model."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from fatgan.events import EventTable
from fatgan.io import ReadOptions, read

SAMPLE = Path(__file__).parents[1] / "data" / "ep_nc_dis_27.5x920.root"

TINY: dict[str, Any] = {
    "name": "tiny",
    "seed": 3,
    "data": {"path": str(SAMPLE), "beams": "27.5x920", "limit": 6000, "held_out": 1000},
    # a random start: with the skip the quantile scaling alone is nearly right on this sample
    "networks": {"generator": [16, 16], "critic": [16, 16], "skip": False},
    "mmd": {"rows": 64},
    "training": {
        "batch": 128,
        "jit": False,
        "max_steps": 300,
        "steps_per_call": 10,
        "learning_rate": 3e-3,
        "averaging": 0.98,
    },
}
"""A configuration that trains in seconds and still learns the shape of the sample."""


@pytest.fixture(autouse=True)
def fixed_seeds() -> None:
    """Keras' global seeds, if Keras is in use: the tests of files should not wait for it."""
    if "keras" in sys.modules:
        sys.modules["keras"].utils.set_random_seed(1)


@pytest.fixture(scope="session")
def python_steps() -> Callable[[], AbstractContextManager[None]]:
    """Run every ``tf.function`` as Python: of a few steps, compiling them would be all the time."""
    import tensorflow as tf

    @contextmanager
    def uncompiled() -> Iterator[None]:
        tf.config.run_functions_eagerly(True)
        try:
            yield
        finally:
            tf.config.run_functions_eagerly(False)

    return uncompiled


@pytest.fixture
def uncompiled(python_steps: Callable[[], AbstractContextManager[None]]) -> Iterator[None]:
    """A test with ``python_steps`` throughout."""
    with python_steps():
        yield


@pytest.fixture(scope="session")
def sample_path() -> Path:
    return SAMPLE


@pytest.fixture(scope="session")
def sample(sample_path: Path) -> EventTable:
    """The shipped sample, 200,000 events."""
    return read(sample_path, ReadOptions(beams="27.5x920", frame="proton"))


@pytest.fixture
def tiny_entries(tmp_path: Path) -> dict[str, Any]:
    """Plain values of the tiny configuration, to change at will, for a run in ``tmp_path``."""
    return {**copy.deepcopy(TINY), "out": str(tmp_path / "run")}


@pytest.fixture(scope="session")
def tiny_run(tmp_path_factory: pytest.TempPathFactory):
    """A finished run of the tiny configuration: a ``TrainedRun``. Leave its folder as it is."""
    from fatgan.generator.config import parse_config
    from fatgan.generator.train import train

    out = tmp_path_factory.mktemp("tiny") / "run"
    return train(parse_config({**copy.deepcopy(TINY), "out": str(out)}), progress=False)
