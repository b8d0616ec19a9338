"""Which generator of a training is written, by distances that are told and not measured."""

from __future__ import annotations

import numpy as np
import pytest

from fatgan.adversarial.divergence import Distance, Divergence
from fatgan.errors import ConfigError
from fatgan.generator import blocks
from fatgan.generator import sample as sampling
from fatgan.generator.config import parse_config
from fatgan.generator.train import Moment, train


@pytest.fixture
def measured(monkeypatch):
    """Distances of the checks to come, instead of what would be measured."""
    script: list[float] = []
    monkeypatch.setattr(Divergence, "measure", lambda self, _: Distance(script.pop(0), 0.01))
    return script


@pytest.mark.usefixtures("uncompiled")
def test_the_nearest_generator_is_written_whatever_comes_after_it(
    tiny_entries, measured, monkeypatch
):
    """... and a training that is resumed with a larger budget still knows it."""
    for module in (blocks, sampling):  # no more are looked at
        monkeypatch.setattr(module, "BLOCK", blocks.SPARE)
    seen = {}

    def observe(moment: Moment) -> None:
        seen[moment.step] = moment.generator.generate(50, seed=1)["px"]

    tiny_entries["training"]["steps_per_call"] = 1
    measured += [0.5, 0.2, 0.4, 0.3]
    for steps in (3, 4):
        tiny_entries["training"]["max_steps"] = steps
        run = train(parse_config(tiny_entries), progress=False, resume=steps > 3, observe=observe)
        np.testing.assert_array_equal(run.generator.generate(50, seed=1)["px"], seen[2])
        chosen = run.generator.manifest["training"]["selection"]
        assert (chosen["step"], chosen["distance"], chosen["checks"]) == (2, 0.2, steps)
        assert run.generator.manifest["training"]["steps"] == steps
    assert [entry["distance"] for entry in run.history] == [0.5, 0.2, 0.4, 0.3]
    assert not np.array_equal(seen[2], seen[4])


@pytest.mark.usefixtures("uncompiled")
def test_a_training_at_the_floor_ends_and_is_not_resumed(tiny_entries, measured):
    tiny_entries["training"] |= {"max_steps": 6, "steps_per_call": 1, "stop_at_floor": True}
    measured += [0.5, 0.0, 0.0, 0.0, 0.0]
    shares: list[float] = []
    for resume in (False, True):
        run = train(
            parse_config(tiny_entries),
            progress=False,
            resume=resume,
            observe=lambda moment: shares.append(moment.share),
        )
        assert shares == pytest.approx([1 / 6, 2 / 6, 3 / 6, 1])  # the last is the end
        assert run.generator.manifest["training"]["steps"] == 4
        assert run.generator.manifest["training"]["selection"]["step"] == 4
    assert measured == [0.0]


def test_a_stop_at_the_floor_needs_rows_to_measure_with(tiny_entries):
    tiny_entries["training"]["stop_at_floor"] = True
    tiny_entries["data"]["selection"] = 50
    with pytest.raises(ConfigError, match=r"training\.stop_at_floor needs.*data\.selection"):
        train(parse_config(tiny_entries), progress=False)
