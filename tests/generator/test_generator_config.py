"""Configurations: defaults, files, overrides, and what is refused."""

from __future__ import annotations

from pathlib import Path

import keras
import pytest
import yaml

from fatgan.adversarial.objectives import OBJECTIVES
from fatgan.adversarial.penalties import PENALTIES, GradientPenalty
from fatgan.errors import ConfigError
from fatgan.generator.config import RunConfig, load_config, parse_config, parse_override
from fatgan.generator.event_gan import _optimizer
from fatgan.representations import COORDINATES, SCALINGS

CONFIGS = sorted((Path(__file__).parents[2] / "configs").glob("*.yaml"))
MINIMAL = {"data": {"path": "events.root"}}


def nested(key: str, value: object) -> dict:
    """Return the minimal configuration with one dotted key set."""
    entries: dict = {"data": dict(MINIMAL["data"])}
    *sections, last = key.split(".")
    inner = entries
    for section in sections:
        inner = inner.setdefault(section, {})
    inner[last] = value
    return entries


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


@pytest.mark.parametrize("path", CONFIGS, ids=lambda path: path.stem)
def test_shipped_configurations_load_and_find_their_data(path, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    config = load_config(path)
    assert config.data.path.exists()
    assert config.name == path.stem


def test_there_are_shipped_configurations():
    assert "quickstart" in [path.stem for path in CONFIGS]


def test_a_file_holds_what_differs_and_overrides_win(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text("seed: 4\ndata: {path: x.root}\ntraining: {batch: 64, max_steps: 10}\n")
    changes = {"training.batch": 32, "mmd.widths": [0.5], "data.path": "y.root", "out": "there"}
    config = load_config(path, changes)
    assert config.seed == 4
    assert (config.training.batch, config.training.max_steps) == (32, 10)
    assert config.mmd.widths == (0.5,)
    assert config.mmd.rows == RunConfig.model_validate(MINIMAL).mmd.rows
    assert config.data.path == Path("y.root")
    assert config.folder == Path("there")


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
    made = _optimizer(training)
    assert type(made) is {"adam": keras.optimizers.Adam, "rmsprop": keras.optimizers.RMSprop}[name]
    assert float(made.learning_rate) == pytest.approx(5e-5)
    assert (made.rho if name == "rmsprop" else made.beta_2) == 0.9
    assert made is not _optimizer(training)


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


def test_the_resolved_configuration_can_be_run_again(tmp_path):
    entries = nested("penalty.name", "gradient_penalty")
    entries |= {"networks": {"critic": [8, 4]}, "representation": {"augment": ["ln Q2"]}}
    config = parse_config(entries)
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump(config.to_dict()))
    assert load_config(path) == config


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
        ("objective.name", "hinge"),
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


@pytest.mark.parametrize("here", [True, False], ids=["in the working folder", "beside the file"])
def test_a_data_path_is_found(tmp_path, monkeypatch, here):
    """From the working folder, or else from the file's own folder and those above it."""
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    for folder in (project / "configs", project / "data", elsewhere / "data"):
        folder.mkdir(parents=True)
    (project / "data" / "a.root").touch()
    config = project / "configs" / "a.yaml"
    config.write_text("data: {path: data/a.root}")
    monkeypatch.chdir(elsewhere)
    if here:
        (elsewhere / "data" / "a.root").touch()
    expected = (elsewhere if here else project) / "data" / "a.root"
    assert load_config(config).data.path.resolve() == expected.resolve()


def test_a_data_path_that_is_nowhere_stays_as_written(tmp_path):
    config = tmp_path / "a.yaml"
    config.write_text("data: {path: nowhere/a.root}")
    assert load_config(config).data.path == Path("nowhere/a.root")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot read the configuration: No such file"),
        (b"\xff\xfe\x00", "cannot read the configuration: it is not text"),
        (b"a: [1,\nb: 2", "not valid YAML at line 2"),
        (b"- 1\n- 2", "a mapping of keys to values"),
        (b"", "'data' is missing"),
        (b"data: 3", "'data'"),
    ],
)
def test_files_that_are_no_configuration(tmp_path, content, message):
    path = tmp_path / "config.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=message):
        load_config(path)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("training.max_steps=1000", ("training.max_steps", 1000)),
        ("networks.critic=[8, 8]", ("networks.critic", [8, 8])),
        ("data.cut=Q2 > 4 and y == 1", ("data.cut", "Q2 > 4 and y == 1")),
        ("training.max_seconds=null", ("training.max_seconds", None)),
        (" seed = 3", ("seed", 3)),
    ],
)
def test_overrides_are_yaml(text, expected):
    assert parse_override(text) == expected


@pytest.mark.parametrize("text", ["seed", "=3", "seed=[1", ""])
def test_overrides_that_are_none(text):
    with pytest.raises(ConfigError, match="--set"):
        parse_override(text)


def test_an_override_into_a_value_is_an_error(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text("data: {path: x.root}")
    with pytest.raises(ConfigError, match="'path' is a value, not a section"):
        load_config(path, {"data.path.name": 3})
