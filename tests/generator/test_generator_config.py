"""Configurations: defaults, and choices with keys of their own."""

from __future__ import annotations

from pathlib import Path

import keras
import pytest
from minimal import MINIMAL, nested

from fatgan.adversarial.objectives import OBJECTIVES
from fatgan.adversarial.penalties import PENALTIES, GradientPenalty
from fatgan.errors import ConfigError
from fatgan.generator.config import parse_config
from fatgan.representations import COORDINATES, SCALINGS


def test_a_data_path_is_all_that_is_needed():
    config = parse_config(MINIMAL)
    assert config.data.path == Path("events.root")
    assert config.folder == Path("runs") / "run"
    assert config.representation.name in COORDINATES
    assert config.representation.scaling in SCALINGS


def test_without_data_there_is_no_run():
    with pytest.raises(ConfigError, match="'data' is missing"):
        parse_config({"name": "x"})
    with pytest.raises(ConfigError, match=r"'data\.path' is missing"):
        parse_config({"data": {}})


@pytest.mark.parametrize("item", [*OBJECTIVES, *PENALTIES], ids=lambda item: item().name)
def test_every_objective_and_penalty_can_be_chosen_by_name(item):
    key = "objective" if item in OBJECTIVES else "penalty"
    assert getattr(parse_config(nested(f"{key}.name", item().name)), key) == item()


@pytest.mark.parametrize(
    ("section", "entries"),
    [
        ("objective", {"name": "minimax", "saturating": True}),
        ("objective", {"name": "embedded_mmd", "outputs": 3, "widths": [0.5, 2.0]}),
        ("penalty", {"name": "weight_clipping", "limit": 0.05}),
        ("mmd", {"estimator": "linear"}),
        ("training", {"optimizer": "rmsprop", "beta_2": 0.9}),
    ],
    ids=str,
)
def test_choices_have_keys_of_their_own(section, entries):
    config = parse_config(MINIMAL | {section: entries})
    assert entries.items() <= config.to_dict()[section].items()
    assert parse_config(config.to_dict()) == config


@pytest.mark.parametrize("name", ["adam", "rmsprop"])
def test_both_players_get_the_optimizer(name):
    training = parse_config(
        nested("training", {"optimizer": name, "learning_rate": 5e-5, "beta_2": 0.9})
    ).training
    made = training.new_optimizer()
    assert type(made) is {"adam": keras.optimizers.Adam, "rmsprop": keras.optimizers.RMSprop}[name]
    assert float(made.learning_rate) == pytest.approx(5e-5)
    assert (made.rho if name == "rmsprop" else made.beta_2) == 0.9
    assert made is not training.new_optimizer()


def test_momentum_is_adams_alone():
    with pytest.raises(ConfigError, match=r"'training': beta_1 is Adam's.*rmsprop"):
        parse_config(nested("training", {"optimizer": "rmsprop", "beta_1": 0.5}))


def test_a_penalty_without_a_name_is_the_default_one():
    """Its other settings stay, which are not those of the penalty when it is named."""
    assert parse_config(MINIMAL).penalty == GradientPenalty(weight=0.1, target=0.0)
    changed = parse_config(nested("penalty.weight", 0.37)).penalty
    assert changed == GradientPenalty(weight=0.37, target=0.0)
    named = parse_config(nested("penalty", {"name": "gradient_penalty"})).penalty
    assert named == GradientPenalty(weight=10.0, target=1.0)
