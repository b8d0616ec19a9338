"""Configurations as files: what they may leave out, what overrides them, where data are found."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from minimal import MINIMAL, nested

from fatgan.configuration.reading import parse_override
from fatgan.errors import ConfigError
from fatgan.generator.config import RunConfig, load_config, parse_config


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


def test_the_resolved_configuration_can_be_run_again(tmp_path):
    entries = nested("penalty.name", "gradient_penalty")
    entries |= {"networks": {"critic": [8, 4]}, "representation": {"augment": ["ln Q2"]}}
    config = parse_config(entries)
    path = tmp_path / "config.yaml"
    path.write_text(yaml.safe_dump(config.to_dict()))
    assert load_config(path) == config


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
