"""The list of demonstrations and ``fatgan demo``."""

from __future__ import annotations

import inspect
from importlib import import_module
from pathlib import Path

import pytest
from PIL import Image
from typer import Typer
from typer.testing import CliRunner

from fatgan.cli import demo
from fatgan.demos import DEMOS, demo_named
from fatgan.errors import ConfigError

NO_TRAINING = "earth_mover"


@pytest.fixture
def call(monkeypatch: pytest.MonkeyPatch):
    """Call ``fatgan demo WORDS``; an error comes out as it is."""
    monkeypatch.setattr(demo, "load_tensorflow", lambda: None)
    app = Typer()
    app.command()(demo.command)

    def run(*words: object) -> str:
        result = CliRunner().invoke(app, [str(word) for word in words], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    return run


@pytest.mark.parametrize("entry", DEMOS, ids=lambda entry: entry.name)
def test_every_demonstration_has_a_file_that_draws(entry):
    draw = import_module(f"fatgan.demos.{entry.name}").draw
    first = next(iter(inspect.signature(draw).parameters.values()))
    assert first.name.endswith("seed")
    assert draw.__doc__
    assert len(entry.shows) <= 80


@pytest.mark.parametrize("words", [(), ("--list",)])
def test_without_a_name_the_demonstrations_are_listed(call, words):
    lines = call(*words).splitlines()
    assert [line.split()[0] for line in lines] == [entry.name for entry in DEMOS]


@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_a_demonstration_leaves_its_figure_and_one_line_of_numbers(call, tmp_path, kind):
    path = tmp_path / "new" / f"figure.{kind}"
    output = call(NO_TRAINING, "-o", path).splitlines()
    assert output[0] == f"wrote {path}"
    assert output[1].startswith("earth_mover: work 5, work_cumulative 5, ")
    assert [item.name for item in path.parent.iterdir()] == [path.name]
    if kind == "png":
        with Image.open(path) as image:
            assert min(image.size) > 300


def test_figures_go_to_runs_without_a_name_for_them(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert call(NO_TRAINING).startswith(f"wrote {Path('runs/demos/earth_mover.png')}")
    assert Path("runs/demos/earth_mover.png").is_file()


def test_all_makes_every_demonstration_into_one_folder(call, tmp_path, monkeypatch):
    made = []
    monkeypatch.setattr(
        "fatgan.demos.make", lambda entry, path, seed: made.append((path, seed)) or {"one": 1.0}
    )
    call("all", "-o", tmp_path, "--seed", 5)
    assert made == [(tmp_path / f"{entry.name}.png", 5) for entry in DEMOS]


def test_an_unknown_name_is_refused_with_the_nearest():
    with pytest.raises(ConfigError, match="did you mean 'clipping'"):
        demo_named("cliping")


def test_another_kind_of_figure_is_refused_before_anything_is_drawn(call, tmp_path):
    with pytest.raises(ConfigError, match="figure format 'jpg' is unknown"):
        call("mode_collapse", "-o", tmp_path / "figure.jpg")


def test_a_file_without_a_demonstration_is_refused(call, tmp_path):
    with pytest.raises(ConfigError, match="name one, or all"):
        call("-o", tmp_path / "figure.png")
