"""The notebooks of ``docs/``, cell by cell, with a small budget."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest

from fatgan.images import judge
from fatgan.images.scores import classifier

FOLDER = Path(__file__).parents[2] / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_its_first_cell_to_its_last(path, tmp_path, monkeypatch, capsys):
    budget = {"FATGAN_SECONDS": "2", "FATGAN_LIMIT": "300", "FATGAN_DATA": "digits8"}
    places = {"FATGAN_OUT": str(tmp_path / "run"), "XDG_CACHE_HOME": str(tmp_path / "cache")}
    for name, value in (budget | places).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    quick = partial(classifier.feature_network, steps=100)
    monkeypatch.setattr(judge, "feature_network", quick)
    cells = json.loads(path.read_text())["cells"]
    space: dict[str, object] = {}
    for number, cell in enumerate(cells):
        if cell["cell_type"] == "code":
            code = compile("".join(cell["source"]), f"{path.name}, cell {number}", "exec")
            exec(code, space)
    assert (tmp_path / "run" / "model" / "manifest.json").exists()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_as_it_was_run(path):
    cells = [c for c in json.loads(path.read_text())["cells"] if c["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in cells] == list(range(1, len(cells) + 1))
    outputs = [output for cell in cells for output in cell["outputs"]]
    assert not [output for output in outputs if output["output_type"] == "error"]
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert path.stat().st_size < 1_500_000


def test_there_are_the_two_notebooks():
    assert [path.stem for path in NOTEBOOKS] == ["digits_with_a_gan", "flamingos_with_dcgan"]
