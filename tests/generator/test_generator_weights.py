"""Weighted events, as they are learned: unit weights change nothing, negative ones subtract."""

from __future__ import annotations

import numpy as np
import pytest
from truths import FRAMES, dis_truth

from fatgan.events import EventTable
from fatgan.generator.config import parse_config
from fatgan.generator.data import split
from fatgan.generator.train import train

TINY = {
    "seed": 5,
    "data": {"path": "in_memory"},
    "networks": {"generator": [32, 32], "critic": [32, 32]},
    "mmd": {"rows": 128},
    "training": {
        "batch": 256,
        "jit": False,
        "steps_per_call": 40,
        "learning_rate": 3e-3,
        "averaging": 0.98,
    },
}


def learned(table: EventTable, folder, steps: int):
    entries = {**TINY, "out": str(folder)}
    entries["training"] = {**TINY["training"], "max_steps": steps}
    entries["training"]["steps_per_call"] = min(40, steps)
    data = split(table, 100, 1000, 5, "in memory")
    return train(parse_config(entries), progress=False, data=data)


@pytest.mark.usefixtures("uncompiled")
def test_unit_weights_change_nothing(tmp_path):
    table = dis_truth(FRAMES["proton"], 12_000, seed=1)
    runs = [
        learned(table.with_weights(weights), tmp_path / name, 3)
        for name, weights in (
            ("none", None),
            ("unit", np.ones(12_000)),
            ("equal", np.full(12_000, 2.5)),
        )
    ]
    checksums = {run.generator.manifest["checksum"] for run in runs}
    chosen = {run.generator.manifest["training"]["selection"]["distance"] for run in runs}
    assert len(checksums) == 1
    assert len(chosen) == 1


def test_negative_weights_subtract_what_should_not_be_there(tmp_path):
    """A file whose further events at high y count -1 as often as +1, like those of NLO samples.

    A third of its rows are such events. The truth has 17 % of its events above the edge in y, the
    rows 45 %: a generator that does not heed the signs is off by 28 %, this one by a few.
    """
    truth = dis_truth(FRAMES["proton"], 30_000, seed=2)
    edge = 0.1
    high = dis_truth(FRAMES["proton"], 120_000, seed=3)
    high = high[high["y"] > edge][:15_000]
    table = EventTable.concatenate([truth, high])
    signs = np.where(np.arange(len(high)) % 2, 1.0, -1.0)
    table = table.with_weights(np.r_[np.ones(len(truth)), signs])
    expected = np.mean(truth["y"] > edge)
    assert np.mean(table["y"] > edge) > expected + 0.2
    run = learned(table, tmp_path / "run", 400)
    events = run.generator.generate(20_000, seed=1)
    assert events.weights is None
    assert abs(np.mean(events["y"] > edge) - expected) < 0.06
