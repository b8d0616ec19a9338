"""What a benchmark leaves: the table, the same in JSON, the figure; and the command."""

from __future__ import annotations

import json
import shutil
import sys

import numpy as np
import pytest
from made_up import record

from fatgan.benchmark.figure import curve, draw_convergence
from fatgan.benchmark.table import COLUMNS, COURSE, floor, markdown, rows
from fatgan.cli import main


def cell(name: str, seed: int, area: float, **changes: object) -> dict:
    records = [
        record("C2ST AUC", area),
        record("C2ST AUC (MLP)", area + 0.01),
        record("chi2/ndf", 2.0, observable="px"),
        record("chi2/ndf", 4.0, observable="py"),
        record("x-Q2 chi2/ndf", 5.0),
        record("phi harmonics", 0.03, "phi harmonic 1"),
        record("phi harmonics", 0.05, "phi harmonic 2"),
        record("bounds", 3, "outside x <= 1"),
        record("bounds", 4, "outside y < 1"),
    ]
    taken = [
        {"step": 10, "seconds": 1.0 * seed, "redrawn": 1.0},
        *(
            {
                "step": step,
                "seconds": seed * step / 10,
                "redrawn": 0.1,
                "area": area + 1 / step,
                "area_spread": 0.01,
                "chi2": 9.0,
                "chi2_floor": 1.0,
            }
            for step in (20, 40, 80)
        ),
    ]
    made = {"name": name, "seed": seed, "failure": None, "records": records, "snapshots": taken}
    return made | {"steps": 80, "seconds": 8.0, "redrawn": 0.25, "device": "CPU"} | changes


FAILED = {"failure": "training stopped", "records": []}
CELLS = [
    cell("worse", 1, 0.8),
    cell("better", 1, 0.6),
    cell("worse", 2, 0.9),
    cell("better", 2, 0.6),
    cell("hopeless", 1, 1.0, **FAILED),
]


def test_a_row_is_the_mean_over_the_seeds_and_the_best_comes_first():
    better, worse, hopeless = rows(CELLS)
    assert (better.name, worse.name, hopeless.name) == ("better", "worse", "hopeless")
    assert worse.values["C2ST AUC"].mean == pytest.approx(0.85)
    assert worse.values["C2ST AUC"].deviation == pytest.approx(np.std([0.8, 0.9], ddof=1))
    assert worse.values["chi2/ndf"].mean == 3  # of the observables
    assert worse.values["phi harmonic [sigma]"].mean == pytest.approx(5)
    assert worse.values["out of bounds"].mean == 7
    assert set(worse.values) == {*COLUMNS, *COURSE}
    assert (worse.seeds, hopeless.seeds, hopeless.failed, hopeless.values) == (2, 0, 1, {})
    assert rows(CELLS[:1])[0].values["C2ST AUC"].deviation is None


def test_the_page_has_a_line_per_model_and_the_floor():
    page = markdown(CELLS, ["about it"])
    lines = [line.split(" | ") for line in page.splitlines() if line.startswith("|")]
    assert [line[0].strip("| ") for line in lines] == [
        *("model", "---", "*floor*", "better", "worse", "hopeless")
    ]
    assert len({len(line) for line in lines}) == 1
    assert "0.850 ± 0.071" in page
    assert "0.500 ± 0.010" in page
    assert "0 of 1" in page
    assert "25.00 %" in page
    assert "- hopeless, seed 1: training stopped" in page
    assert "convergence.png" in page


def test_without_scores_there_is_no_floor():
    assert floor([cell("hopeless", 1, 1.0, **FAILED)]) is None


def test_a_curve_is_the_median_with_its_band_where_all_seeds_are():
    """Seed 1 goes from 2 to 8 seconds, seed 2 from 4 to 16; the first snapshots have no scores."""
    taken = [cell("a", seed, 0.6)["snapshots"] for seed in (1, 2)]
    found = curve(taken, "seconds", "area")
    assert found.places[[0, -1]] == pytest.approx([4, 8])
    assert found.low[[0, -1]] == pytest.approx([0.6 + 1 / 40, 0.6 + 1 / 80])
    assert found.high[[0, -1]] == pytest.approx([0.6 + 1 / 20, 0.6 + 1 / 40])
    assert found.median == pytest.approx((found.low + found.high) / 2)
    assert len(curve([taken[0][:1]], "seconds", "area").places) == 0
    (place,), (median,), (low,), (high,) = curve([taken[0][:2], taken[1][3:]], "seconds", "area")
    assert (place, low, high) == pytest.approx((9, 0.6 + 1 / 80, 0.6 + 1 / 20))  # 2 and 16 seconds
    assert median == pytest.approx((low + high) / 2)


def test_the_figure_has_a_line_and_a_band_for_each_model_on_logarithmic_axes():
    figure = draw_convergence(CELLS)
    panels = figure.axes
    assert len(panels) == 4
    for ax in panels:
        assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")
        assert len(ax.collections) == 3
        assert len(ax.lines) == 3 + 1  # and the floor
        assert all(len(line.get_xdata()) > 1 for line in ax.lines)
    assert [text.get_text() for text in figure.legends[0].texts] == ["worse", "better", "hopeless"]


def test_a_study_leaves_its_files(finished):
    names = ["benchmark.md", "benchmark.json", "convergence.png", "convergence.pdf"]
    assert [path.name for path in finished.files] == names
    assert all(path.stat().st_size > 500 for path in finished.files)
    content = json.loads(finished.files[1].read_text())
    assert content["cells"] == finished.cells
    assert content["budget"] == {"max_steps": 4, "max_seconds": None}
    assert content["data"]["held_out"] == 500
    assert {row["name"] for row in content["models"]} == {"pairs", "logs"}
    page = finished.files[0].read_text()
    assert "4 steps of training alone on the CPU, from 1 seed." in page
    assert "400 generated events" in page
    area = content["models"][0]["values"]["C2ST AUC"]["mean"]
    assert f"{area:.4g}" in page


@pytest.fixture
def command(monkeypatch, capfd):
    def call(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["fatgan", "benchmark", *map(str, words)])
        status = 0
        try:
            main()
        except SystemExit as stop:
            status = int(stop.code or 0)
        return status, *capfd.readouterr()

    return call


def test_the_command_goes_on_and_writes_the_report(command, finished, configs, tmp_path):
    out = tmp_path / "out"
    shutil.copytree(finished.folder, out)
    for name in ("benchmark.md", "convergence.png"):
        (out / name).unlink()
    words = (*configs, "-o", out, "--max-steps", 4, "--seeds", 1, "--beams", "27.5x920")
    status, said, error = command(*words, "--events", 400)
    assert status == 0, error
    assert said.splitlines() == [f"wrote {out / path.name}" for path in finished.files]
    for path in finished.files:
        if path.suffix in (".md", ".json"):
            assert (out / path.name).read_text() == path.read_text()
    assert "benchmark" in error  # the progress bar
    status, _, error = command(*words, "--events", 300)
    assert status == 1
    assert "was made with another" in error


def test_the_command_names_what_is_missing(command, configs, tmp_path):
    status, _, error = command(*configs, "-o", tmp_path / "out")
    assert status == 1
    assert "fatgan: error: a benchmark needs a budget" in error
    status, _, error = command(
        *configs, "-o", tmp_path / "out", "--max-steps", 5, "--set", "training.bach=3"
    )
    assert status == 1
    assert "did you mean 'batch'" in error
    assert not (tmp_path / "out").exists()
