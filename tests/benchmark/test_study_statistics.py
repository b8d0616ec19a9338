"""The statistics that the studies of tests/benchmarks rest on, without a training.

Asserts of five standard deviations fail by chance about once in 10^6 runs; seeds are fixed.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"
MODULES = ("amplification_page", "expected", "learner", "quantile_cells", "tails_page", "trials")


@pytest.fixture(scope="module")
def studies() -> Iterator[SimpleNamespace]:
    """The modules, which are no part of the package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(BENCHMARKS)
        found = {name: importlib.import_module(name) for name in MODULES}
        names = ("bars", "contestants")
        found |= {name: importlib.import_module(f"fidelity.{name}") for name in names}
        yield SimpleNamespace(**found)


@pytest.mark.parametrize(("names", "along"), [(("Q2",), 50), (("x", "Q2"), 14)])
def test_the_deviation_of_quantile_cells_has_the_mean_of_its_law(names, along, studies, sample):
    rng = np.random.default_rng(1)
    truth = sample[: 100 * 14**2]
    cells = studies.quantile_cells.Cells(truth, names, along)
    n, times = 500, 200
    drawn = [cells.deviation(truth[rng.integers(len(truth), size=n)]) for _ in range(times)]
    # n d is Pearson's chi2 of so many degrees of freedom
    free = cells.size - 1
    assert abs(n * np.mean(drawn) - free) < 5 * np.sqrt(2 * free / times)


def amplified(page: Any, shares: dict[str, list[float]], events: int = 5000) -> list[dict]:
    """Return cells of three seeds whose deviations are shares of those of the learned events."""
    names = [*(page.plane(along) for along in page.PLANE), *page.OBSERVABLES]
    made = []
    for seed in range(3):
        stages = {}
        for stage in ("learned", "20 %", "100 %", "result"):
            known = {
                name: (shares.get(name, [0.5, 1.0, 1.5])[seed] if stage != "learned" else 1.0)
                * (0.1 if stage == "20 %" else 1.0)
                * (page.size(name) - 1)
                / events
                for name in names
            }
            stages[stage] = {"cells": known, "tails": dict.fromkeys(page.TAILS, 1.0)}
        made.append({"events": events, "seed": seed, **stages})
    return made


def test_an_amplification_is_that_of_the_mean_deviation(studies):
    page = studies.amplification_page
    cells = amplified(page, {"Q2": [0.2, 0.3, 0.4]})
    found = page.factor(cells, "Q2")
    assert found.value == pytest.approx(1 / 0.3)
    assert found.error == pytest.approx(0.1 / np.sqrt(3) / 0.3**2)  # that of 1 / mean
    assert page.factor(cells, "Q2", "learned") == pytest.approx((1.0, 0.0))


def test_the_page_says_better_and_worse_beyond_the_limit_of_student_s_t(studies):
    page = studies.amplification_page
    shares = {"Q2": [0.49, 0.5, 0.51], "pT": [1.9, 2.0, 2.1], "y": [0.6, 0.75, 0.9]}
    text = page.page(amplified(page, shares), 60, 10**6, ("20 %", "100 %"))
    assert "more than the 4.3 errors that chance exceeds in\n5 % with 3 samples" in text
    assert "better than the learned ones in Q2 (2); worse in pT (0.5); neither can be" in text
    assert "y (1.3)" in text.split("neither can be said of ")[1]
    # 10 ± 2.9 at 20 % of the budget against 1 ± 0.3 at its end, then 10 ± 0.6
    assert "Of no earlier moment can it be said" in text
    shares[page.MIDDLE] = [0.9, 1.0, 1.1]
    text = page.page(amplified(page, shares), 60, 10**6, ("20 %", "100 %"))
    assert "beyond the same limit: 20 % at N = 5,000." in text


def test_chance_makes_better_or_worse_in_five_percent(studies):
    page = studies.amplification_page
    rng = np.random.default_rng(2)
    free, times = page.size("Q2") - 1, 1000
    told = 0
    for shares in rng.chisquare(free, (times, 3)) / free:
        cells = [
            {"events": 1000, "result": {"cells": {"Q2": share * free / 1000}}} for share in shares
        ]
        told += page.verdict(page.factor(cells, "Q2"), 3) != "neither"
    assert abs(told / times - 0.05) < 5 * np.sqrt(0.05 * 0.95 / times)


def test_the_pull_of_a_tail_s_ratio_is_standard_for_a_generator_like_truth(studies):
    rows, n_truth, n_made, times = 200_000, 3_000_000, 2_000_000, 400
    rng = np.random.default_rng(3)
    pulls = []
    for _ in range(times):
        # the chance beyond the 201st largest of the rows, and one truth for all eight samples
        beyond = rng.gamma(201, size=8) / rows
        places = rng.uniform(0, beyond.max(), rng.poisson(n_truth * beyond.max()))
        known = np.count_nonzero(places < beyond[:, None], axis=1)
        counts = np.stack([known, rng.poisson(n_made * beyond)], axis=1).astype(float)
        pulls.append(studies.tails_page.ratio(counts, n_truth, n_made, poisson=True).pull)
    # both allow for 0.04 of bias: the ratio's skewness, and few samples' Poisson errors at least
    assert abs(np.mean(pulls)) < 0.04 + 5 / np.sqrt(times)
    assert abs(np.std(pulls) - 1) < 0.04 + 5 / np.sqrt(2 * times)
    most = studies.tails_page.limit(8)
    assert most == pytest.approx(4.53, abs=0.005)  # tables of Student's t, 7 degrees
    assert np.mean(np.abs(pulls) > most) < 0.01


def test_expected_chi2_is_one_of_one_truth_and_grows_for_a_copy_of_few_rows(studies, sample):
    rng = np.random.default_rng(4)
    learned, drawn, known, times = 4000, 20_000, 40_000, 3
    same, copied = [], []
    for part in range(times):
        rest = sample[part * 64_000 : (part + 1) * 64_000]
        few, own, truth = rest[:learned], rest[learned : learned + drawn], rest[-known:]
        same.append(studies.expected.expected_chi2(own, truth, learned))
        copy = few[rng.integers(learned, size=drawn)]
        copied.append(studies.expected.expected_chi2(copy, truth, learned))
    scale = learned / 2 * (1 / drawn + 1 / known)
    # observables are dependent: their mean has at most the spread of one of them
    for score, free in (("chi2/ndf", 49), ("x-Q2 chi2/ndf", 224)):
        for cells, excess in ((same, 0.0), (copied, learned / (2 * learned))):
            found = np.mean([np.mean(list(cell[score].values())) for cell in cells])
            spread = (scale + excess) * np.sqrt(2 / free / times)
            assert abs(found - 1 - excess) < 5 * spread


def test_the_table_of_trials_prints_what_cells_hold(studies):
    cell = {"name": "one", "setting": "50x50", "steps": 5000, "divergence": 4e-4, "error": 2e-5}
    cells = [cell | {"chi2": {"Q2": 1.5, "y": 1.1}}, cell | {"divergence": -1e-6, "chi2": {"E": 1}}]
    lines = studies.trials.table(cells).splitlines()
    rows = [[text.strip() for text in line.strip("|").split("|")] for line in lines]
    assert len({len(row) for row in rows}) == 1
    assert rows[2] == ["one", "50x50", "5,000", "4.00 ± 0.20", "2.0 %", "1.300", "1.50 (Q2)"]
    assert rows[3][3:] == ["-0.01 ± 0.20", "0.0 %", "1.000", "1.00 (E)"]


@pytest.mark.parametrize(
    ("other", "holds"),
    [
        ({}, "yes (1 of 2 cells)"),
        ({"hopeless": True}, "**no** (1 of 2 cells)"),
        ({"failure": "training stopped"}, "**no** (1 of 2 cells)"),
        ({"expected": {"chi2/ndf": {"Q2": 1.2}}}, "yes"),
        ({"expected": {"chi2/ndf": {"Q2": 1.7}}}, "**no**"),
    ],
    ids=["not measured", "hopeless", "failed", "below", "above"],
)
def test_a_bar_holds_where_no_cell_failed_and_says_how_many_were_measured(other, holds, studies):
    cell = {"setting": "50x50", "budget": 120, "failure": None, "records": []}
    cells = [cell | {"expected": {"chi2/ndf": {"Q2": 1.1}}}, cell | other]
    lines = studies.bars.bar_table(cells, [], {120: 2, 300: 2}).splitlines()
    found = [line for line in lines if line.startswith("| ... in the mean over held-out samples")]
    assert len(found) == 4  # of observables and of the plane, for both budgets
    assert found[0].endswith(f"| {holds} |")


def test_cells_of_another_default_recipe_are_others(studies, monkeypatch):
    real, mine = studies.learner.parse_config, studies.learner.recipe()
    assert studies.learner.recipe() == mine
    task = SimpleNamespace(scale="small", budget=0.0)
    untrained = studies.contestants.Untrained().fingerprint(task)
    assert untrained.endswith(mine)
    monkeypatch.setattr(
        studies.learner, "parse_config", lambda entries: real({**entries, "mmd": {"weight": 7.0}})
    )
    assert studies.learner.recipe() != mine
    assert studies.contestants.Untrained().fingerprint(task) != untrained
