"""Configurations that are refused: the complaint names the key, and what was meant."""

from __future__ import annotations

import pytest
from minimal import MINIMAL, nested

from fatgan.errors import ConfigError
from fatgan.generator.config import parse_config


@pytest.mark.parametrize(
    ("key", "near"),
    [
        ("trainin", "training"),
        ("data.beems", "beams"),
        ("training.max_step", "max_steps"),
        ("networks.critics", "critic"),
        ("representation.azimut", "azimuth"),
        ("mmd.weigth", "weight"),
        ("penalty.wieght", "weight"),
        ("generation.event", "events"),
        ("validation.event", "events"),
    ],
)
def test_unknown_keys_are_errors_that_name_near_matches(key, near):
    last = key.rsplit(".", 1)[-1]
    with pytest.raises(ConfigError, match=rf"unknown key '.*{last}'; did you mean .*'{near}'"):
        parse_config(nested(key, 1))


@pytest.mark.parametrize(
    ("entries", "known"),
    [
        ({"penalty": {"name": "gradient_penalty", "weigth": 1}}, "'weight'"),
        ({"penalty": {"name": "gradient_penalty", "gamma": 1}}, "target, weight"),
        ({"penalty": {"name": "none", "gamma": 1}}, "known: name"),
        ({"objective": {"name": "wasserstein", "clip": 1}}, "known: name"),
        ({"objective": {"clip": 1}}, "known: name"),
    ],
    ids=str,
)
def test_unknown_keys_inside_a_choice(entries, known):
    with pytest.raises(ConfigError, match="unknown key .*" + known):
        parse_config(MINIMAL | entries)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("seed", -1),
        ("seed", 2**40),
        ("seed", 1.5),
        ("data.limit", 0),
        ("data.held_out", -1),
        ("data.selection", -1),
        ("data.max_unphysical", 1.0),
        ("data.units", "keV"),
        ("data.frame", "lab"),
        ("representation.azimuth", "unif"),
        ("networks.noise", 0),
        ("networks.generator", [64, 0]),
        ("networks.critic", [-3]),
        ("networks.critic", "wide"),
        ("networks.dropout", 1.0),
        ("objective.name", "best"),
        ("objective", {"name": "embedded_mmd", "outputs": 0}),
        ("objective", {"name": "embedded_mmd", "widths": [0.0]}),
        ("objective", {"name": "minimax", "saturating": "so"}),
        ("penalty", {"name": "weight_clipping", "limit": 0}),
        ("mmd.estimator", "quadratic"),
        ("training.optimizer", "sgd"),
        ("penalty.name", "r1"),
        ("penalty.weight", -0.1),
        ("mmd.weight", -1),
        ("mmd.widths", []),
        ("mmd.widths", [0.1, 0.0]),
        ("mmd.rows", 1),
        ("training.batch", 1),
        ("training.critic_steps", 0),
        ("training.learning_rate", 0),
        ("training.learning_rate", float("inf")),
        ("training.learning_rate", float("nan")),
        ("training.beta_2", 1.0),
        ("training.decay_to", 0),
        ("training.averaging", 1.0),
        ("training.max_steps", 0),
        ("training.max_seconds", 0),
        ("training.jit", "perhaps"),
        ("generation.events", 0),
        ("generation.formats", ["rot"]),
        ("validation.events", 1),
        ("data", None),
        ("training", None),
        ("penalty", "r1_r2"),
    ],
)
def test_values_out_of_range_are_errors_that_name_the_key(key, value):
    named = f"'{key.removesuffix('.name')}|'penalty.gradient_penalty.weight'"
    with pytest.raises(ConfigError, match=named):
        parse_config(nested(key, value))
