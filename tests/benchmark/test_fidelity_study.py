"""The fidelity study: what its page says of made-up cells, and how cells come to be."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from made_up import record

import fatgan
from fatgan.events import Fiducial

ROOT = Path(__file__).parents[2]
OBSERVABLES = ("px", "Q2")


@pytest.fixture(scope="module")
def fidelity() -> Iterator[SimpleNamespace]:
    """The modules of the study, which is no part of the package."""
    names = ("contestants", "headline", "measures", "page", "plan", "samples", "study", "tables")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "tests" / "benchmarks")
        yield SimpleNamespace(**{n: importlib.import_module(f"fidelity.{n}") for n in names})


def cell(name: str, budget: float, seed: int = 1, *, area: float = 0.5, **changes: Any) -> dict:
    records = [
        record("C2ST AUC", area),
        record("C2ST AUC (MLP)", area),
        *(record("chi2/ndf", 1 + place / 10, observable=o) for place, o in enumerate(OBSERVABLES)),
        record("x-Q2 chi2/ndf", 1.1),
        record("phi harmonics", 0.01, "phi harmonic 1", "phi"),
        record("phi harmonics", 0.02, "phi harmonic 2", "phi"),
    ]
    taken = [
        {"step": 1, "seconds": 1.0, "redrawn": 1.0},
        {"step": 2, "seconds": 10.0, "area": 0.7, "area_spread": 0.01, "chi2": 9, "chi2_floor": 1},
        {"step": 3, "seconds": budget, "area": area, "area_spread": 0.01, "chi2": 2}
        | {"chi2_floor": 1},
    ]
    made = {"setting": "27.5x920", "name": name, "budget": budget, "seed": seed, "cores": 2}
    made |= {"failure": None, "records": records, "snapshots": taken}
    made |= {"steps": 100, "seconds": budget, "redrawn": 0.25, "rate": 1234567.0}
    return made | {"streamed": 5000, "unphysical": 0, "outside": 0} | changes


FAILED = {"failure": "training stopped", "records": []}
CELLS = [
    cell("training sample", 0.0, snapshots=[]),
    cell("default", 120.0, 1, area=0.502),
    cell("default", 120.0, 2, area=0.510, unphysical=3),
    cell("fat_gan_cart", 120.0, area=0.9),
    cell("zuko, dis", 120.0, **FAILED, snapshots=[]),
]


def results(fidelity: SimpleNamespace, scale: Any) -> list[tuple[Any, dict | None]]:
    """Return what was asked for of one setting and two seeds, and the cells made for it."""
    made = []
    for job in fidelity.plan.plan((1, 2), scale, Path("none")):
        keys = ("setting", "name", "budget", "seed")
        found = [c for c in CELLS if all(c[key] == job.key[key] for key in keys)]
        made.append((job, found[0] if found else None))
    assert sum(cell is not None for _, cell in made) == len(CELLS)
    return made


def rows(page: str, start: str) -> list[list[str]]:
    lines = [line for line in page.splitlines() if line.startswith(f"| {start}")]
    return [[text.strip() for text in line.strip("|").split("|")] for line in lines]


def test_the_page_says_which_bars_hold_and_what_is_missing(fidelity):
    page = fidelity.page.page(results(fidelity, fidelity.samples.FULL), fidelity.samples.FULL)
    (trees, later) = rows(page, "AUC, boosted trees")
    assert trees[1:3] == ["120 s", "0.504"]
    assert trees[3] == "0.5060 ± 0.0057"  # mean and deviation of 0.502 and 0.510
    assert trees[5:] == ["0.5", "**no** (2 of 6 cells)"]
    assert later[-1] == "not measured"
    assert rows(page, "1-D chi2/ndf")[0][3:5] == ["1.1", "Q2 of 27.5x920"]
    assert rows(page, "1-D chi2/ndf")[0][-1] == "yes (2 of 6 cells)"
    assert rows(page, "phi harmonic")[0][3:5] == ["2", "2 of 27.5x920"]  # 0.02 x sqrt(10,000)
    assert rows(page, "unphysical events")[0][3:5] == ["3", "27.5x920"]
    assert "- zuko, dis, 120 s, seed 1: training stopped" in page
    assert "- `default-120`: 4 of 6 cells\n" in page
    assert "- `published-long`: 1 of 1 cells\n" in page
    assert [row[0] for row in rows(page, "Q2 ")] == ["Q2"]


def test_every_table_of_the_page_has_lines_of_one_length(fidelity):
    page = fidelity.page.page(results(fidelity, fidelity.samples.FULL), fidelity.samples.FULL)
    tables = [part for part in page.split("\n\n") if part.startswith("|")]
    assert len(tables) == 5
    for table in tables:
        assert len({line.count(" | ") for line in table.splitlines()}) == 1
    assert "{" not in page


def test_the_time_to_an_area_is_a_line_in_the_logarithm_of_the_time(fidelity):
    reached = fidelity.measures.reached
    item = cell("default", 1000.0, area=0.5)
    assert reached(item, 0.55).seconds == pytest.approx(10 * 100**0.75)
    assert not reached(item, 0.55).at_most
    assert reached(item, 0.8) == (10.0, True)
    assert reached(cell("default", 1000.0, area=0.6), 0.55) is None
    both = [item, cell("default", 1000.0, area=0.6)]
    assert fidelity.measures.time_to(both, 0.55) == "316.2 s (1 of 2 seeds)"
    assert fidelity.measures.time_to(both[1:], 0.55) == "not within 1,000 s"


def test_the_headline_takes_the_best_budget_and_the_longest_failure(fidelity):
    cells = [
        cell("default", 1000.0, area=0.5),
        cell("default", 100.0, area=0.5),
        cell("fat_gan_cart", 120.0, area=0.9),
        cell("fat_gan_cart", 1200.0, area=0.8),
    ]
    (row,) = rows(fidelity.headline.headline({"here": cells}), "here")
    ours = 10 * 10**0.75
    assert row == ["here", f"{ours:.1f} s", "> 1,200.0 s", f"> {1200 / ours:.1f}"]
    (row,) = rows(fidelity.headline.headline({"here": cells[2:]}), "here")
    assert row == ["here", "–", "> 1,200.0 s", "–"]
    quick = [cell("default", 9.0, snapshots=cells[0]["snapshots"][2:])]
    (row,) = rows(fidelity.headline.headline({"here": [*quick, *cells[2:]]}), "here")
    assert row == ["here", "≤ 1,000.0 s", "> 1,200.0 s", "> 1.2"]
    known = cell("fat_gan_cart", 2000.0, area=0.5)
    (row,) = rows(fidelity.headline.headline({"here": [*quick, known]}), "here")
    assert row[3].startswith("≥ ")


def test_the_study_goes_on_and_makes_again_what_was_made_otherwise(fidelity, monkeypatch, tmp_path):
    made = []

    @dataclass(frozen=True)
    class Invented(fidelity.contestants.Contestant):
        name: str = "default"
        budget: float = 120.0
        settings: int = 1

        def make(self, task: Any, told: Any) -> dict:
            told(0.5, "half")
            made.append((task.setting.beams, task.budget, task.seed))
            return cell("default", 120.0, task.seed)

    monkeypatch.setitem(fidelity.plan.WHAT, "default-120", (Invented(),))
    small = fidelity.samples.Scale(100, 10, 20, 10, 50)
    how = {"folder": tmp_path, "target": tmp_path / "page.md", "figures": tmp_path}
    how |= {"what": ["default-120"], "pace": 0.5}
    fidelity.study.study(**how, seeds=1, scale=small)
    fidelity.study.study(**how, seeds=2, scale=small)
    assert made == [("27.5x920", 60.0, 1), ("27.5x920", 60.0, 2)]
    assert (tmp_path / "convergence.png").stat().st_size > 5000
    page = (tmp_path / "page.md").read_text()
    assert "- `default-120`: 1 of 3 cells\n" in page
    fidelity.study.study(**how, seeds=1, scale=replace(small, held_out=21))
    assert made[2:] == [("27.5x920", 60.0, 1)]
    lines = (tmp_path / "cells.jsonl").read_text().splitlines()
    assert [json.loads(line)["seed"] for line in lines] == [1, 2, 1]


@pytest.fixture
def task(fidelity, monkeypatch) -> Any:
    """Two halves of 1,200 shipped events to learn and to compare with."""
    table = fatgan.read(ROOT / "data" / "ep_nc_dis_27.5x920.root", beams="27.5x920", limit=1200)
    both = fidelity.samples.Samples(table[:800], table[800:], Path("none"))
    monkeypatch.setattr(fidelity.contestants, "samples", lambda *_: both)
    scale = fidelity.samples.Scale(800, 100, 400, 200, 1000)
    return fidelity.contestants.Task(fidelity.samples.SETTINGS[0], 1.0, 1, scale, Path("none"))


def test_a_peer_is_scored_as_everyone_is(fidelity, task, monkeypatch):
    from peers import peers

    report = {"steps": 7, "seconds": 1.5, "sampling_seconds": 2.0, "not_finite": 0.5}
    report |= {"redrawn": 0.2, "failure": None}

    def generate(peer, features, table, seconds, seed, events, folder):
        assert (seconds, seed, events, len(table)) == (1.0, 1, 400, 800)
        px, py, pz = (column[:400].copy() for column in table.momenta)
        px[0], py[0], pz[0] = 0.0, 0.0, -1e4  # more energy than the beams have
        return fatgan.EventTable(px, py, pz, table.collision), report

    monkeypatch.setattr(peers, "generate", generate)
    made = fidelity.contestants.Peer("zuko", "dis").make(task, print)
    assert (made["streamed"], made["unphysical"], made["steps"]) == (400, 1, 7)
    assert made["rate"] == pytest.approx(peers.SPARE * 400 * 0.5 * 0.8 / 2)
    assert {"step": 7, "seconds": 1.5}.items() <= made["snapshots"][0].items()
    assert 0.3 < made["snapshots"][0]["area"] < 0.7
    assert {r["score"] for r in made["records"]} >= set(fidelity.tables.LAWS.values())

    monkeypatch.setattr(peers, "generate", lambda *_: (None, {"failure": "no wheel"}))
    made = fidelity.contestants.Peer("zuko", "dis").make(task, print)
    assert made == {"failure": "no wheel", "records": [], "snapshots": []}


def test_a_configuration_of_ours_is_that_of_its_file_with_the_budget(fidelity, task):
    job = fidelity.contestants.Ours
    mine = job("default", 120)._config(task)
    assert mine.training.max_seconds == 1.0
    assert mine.training.batch == type(mine.training)().batch
    assert (mine.seed, mine.data.beams) == (1, "27.5x920")
    cart = fidelity.plan.WHAT["published"][0]._config(task)
    assert (cart.training.batch, cart.training.max_seconds) == (16_000, 1.0)
    prints = {
        item.fingerprint(other)
        for item in (job("default", 120), fidelity.plan.WHAT["published"][0])
        for other in (task, replace(task, budget=2.0), replace(task, seed=2))
    }
    assert len(prints) == 6


def test_unphysical_events_are_counted_as_they_stream(fidelity):
    table = fatgan.read(ROOT / "data" / "ep_nc_dis_27.5x920.root", beams="27.5x920", limit=100)
    px, py, pz = (column.copy() for column in table.momenta)
    pz[:3] = np.nan
    broken = fatgan.EventTable(px, py, pz, table.collision)
    edges = Fiducial(Q2_min=float(np.sort(table["Q2"][3:])[5]))
    generator = SimpleNamespace(
        generate=lambda n, seed: None,
        stream=lambda n, seed: iter([broken, table]),
        transform=SimpleNamespace(fiducial=edges),
    )
    found = fidelity.contestants.streamed(generator, 200, seed=1)
    below = 5 + int(np.count_nonzero(table["Q2"] < edges.Q2_min))
    assert (found["streamed"], found["unphysical"], found["outside"]) == (200, 3, below)
    assert found["rate"] > 0
