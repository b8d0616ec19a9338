"""What a model may be asked for: its own beams and conditions, and what no one told it of."""

from __future__ import annotations

import numpy as np
import pytest
from truths import dis_truth

from fatgan.errors import ModelError
from fatgan.events import Collision, EventTable
from fatgan.generator.likeness import target_like
from fatgan.generator.target import settle_target
from fatgan.representations import FeatureTransform, Settings


def positron_truth(beams: str, n: int) -> EventTable:
    return dis_truth(Collision.parse(beams, lepton_pdg=-11), n, seed=4)


@pytest.fixture(scope="module")
def transforms():
    """Transforms of one beam column each: what the network is not told of must be as learned."""
    one = dis_truth(Collision.parse("27.5x920"), 400, seed=1)
    kinds = EventTable(*one.momenta, one.collision, conditions={"kind": np.arange(400.0) % 2})
    other = dis_truth(Collision.parse("10x920"), 400, seed=2)
    positrons = [
        dis_truth(Collision.parse(beams, lepton_pdg=-11), 400, seed=3)
        for beams in ("10x10", "20x20")
    ]
    return {
        "kind": FeatureTransform.fit(kinds, Settings(), ["kind"]),
        "Ee": FeatureTransform.fit(EventTable.concatenate([one, other]), Settings(), ["Ee"]),
        "positrons": FeatureTransform.fit(
            EventTable.concatenate(positrons), Settings(), ["Ee", "Ep"]
        ),
    }


@pytest.mark.parametrize(
    ("model", "beams", "told"),
    [
        ("kind", "10x100", "Ee = 10 was asked for, and the model knows 27.5 only"),
        ("Ee", "15x41", "Ep = 41 was asked for, and the model knows 920 only"),
        ("positrons", "e-", "lepton = 11 was asked for, and the model knows -11 only"),
    ],
)
def test_beams_that_no_condition_tells_of_are_refused(transforms, model, beams, told):
    asked = Collision.parse("15x15") if beams == "e-" else beams
    given = {"kind": 1.0} if model == "kind" else {}
    with pytest.raises(ModelError, match=told):
        settle_target(transforms[model], asked, given)


def test_the_lepton_of_the_training_is_meant_where_none_is_said(transforms):
    target = settle_target(transforms["positrons"], "15x15", None)
    assert target.collision.lepton_pdg == -11


def test_a_table_to_be_like_gives_weighted_rows_as_often_as_they_count(transforms):
    """Weights of 3 and 1: a share of 0.75, off by 4 sigma once in 15,000."""
    one, other = (
        dis_truth(Collision.parse(beams, lepton_pdg=-11), 300, seed=4)
        for beams in ("10x10", "20x20")
    )
    table = EventTable.concatenate([one, other]).with_weights(np.repeat([3.0, 1.0], 300))
    target = target_like(transforms["positrons"], table, 10_000, seed=1, purpose="a test")
    share = np.mean(target.collision.electron_energy == 10)
    assert abs(share - 0.75) < 4 * np.sqrt(0.75 * 0.25 / 10_000)
