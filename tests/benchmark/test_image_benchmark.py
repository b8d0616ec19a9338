"""The benchmark of image GANs: what it refuses, and what its pages say of made-up cells."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from fatgan.benchmark import images
from fatgan.benchmark.image_report import image_table, write_image_report
from fatgan.benchmark.images import ImageStudy, load_image_study
from fatgan.errors import ConfigError
from fatgan.images import judge as judging
from fatgan.images.image_set import ImageSet
from fatgan.images.judge import Judge
from fatgan.images.scores.features import Accuracy, FeatureNetwork
from fatgan.images.scores.frechet import frechet
from fatgan.images.train import Split

ROOT = Path(__file__).parents[2]
SCORES = (
    *("Frechet distance", "confident share", "classes present", "class entropy"),
    "classifier score",
)


@pytest.fixture(scope="module")
def study_page() -> Iterator[Any]:
    """The module of the study's page, which is no part of the package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "tests" / "benchmarks")
        yield importlib.import_module("image_gans.page")


def cell(name: str, seed: int, value: float = 4.0, floor: float = 2.0, **changes: Any) -> dict:
    row = {"value": value, "error": 0.1, "floor": floor, "floor_error": 0.1}
    made = {
        "name": name,
        "seed": seed,
        "failure": None,
        "steps": 10,
        "seconds": 2.0,
        "device": "CPU",
        "evidence": {},
        "scores": [{"name": score, **row} for score in SCORES],
        "snapshots": [],
    }
    return made | changes


def digits(n: int, seed: int) -> ImageSet:
    values = np.random.default_rng(seed).integers(0, 256, (n, 8, 8, 1), dtype=np.uint8)
    return ImageSet("noise", values)


def judge(accuracy: float | None = 0.985, turn: int = 0) -> Judge:
    """A judge whose features are four pixels, ``turn`` of them moved to the end."""

    def forward(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        pixels = values.reshape(len(values), -1)[:, :4]
        return np.roll(pixels, -turn, axis=1), np.ones((len(values), 2)) / 2

    known = None if accuracy is None else Accuracy(accuracy, 1000)
    network = FeatureNetwork("network of pixels", 4, forward, accuracy=known)
    return Judge(Split(digits(300, 1), digits(120, 2)), network)


def study(**budget: Any) -> ImageStudy:
    changes = {f"training.{key}": value for key, value in budget.items()}
    return load_image_study(["gan"], changes, seeds=(1, 2))


def rows(text: str) -> dict[str, list[str]]:
    """Return the rows of all tables by their first two columns."""
    cells = [row.strip("| ").split(" | ") for row in text.splitlines() if row.startswith("| ")]
    return {" ".join(entries[:2]): entries for entries in cells}


def test_the_row_of_real_images_is_over_the_seeds():
    # both models of a seed meet the same real images: floors of 1 and 3 have mean 2, spread 1.41
    cells = [cell(name, seed, floor=2 * seed - 1) for seed in (1, 2) for name in ("a", "b")]
    real = next(row for row in image_table(cells) if "*real images*" in row)
    assert real.startswith("| *real images* | 2 | 2.0 ± 1.4 |")


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        ({"max_seconds": 20, "max_steps": 7}, "Budget: 20 s of training each, 2 seeds"),
        ({"max_seconds": None, "max_steps": 7000}, "Budget: 7,000 steps of training each, 2 seeds"),
    ],
)
def test_the_page_says_data_and_budget(tmp_path, budget, said):
    write_image_report(study(**budget), [cell("gan", 1)], judge(), tmp_path)
    page = (tmp_path / "benchmark.md").read_text()
    assert "noise: 300 images to learn, 120 others to compare" in page
    assert said in page
    assert json.loads((tmp_path / "benchmark.json").read_text())["budget"] == budget


def test_models_that_differ_are_told_by_their_keys(tmp_path):
    for name, limit, steps in (("one", 500, 10), ("two", 600, 20)):
        text = f"gan: gan\ndata: {{limit: {limit}}}\ntraining: {{max_steps: {steps}}}\n"
        (tmp_path / f"{name}.yaml").write_text(text)
    names = [str(tmp_path / f"{name}.yaml") for name in ("one", "two")]
    with pytest.raises(ConfigError) as refused:
        load_image_study(names, {}, seeds=(1,))
    assert str(refused.value) == (
        "'two' and 'one' differ in data.limit, training.max_steps; "
        "give --set data.limit=..., --set training.max_steps=..."
    )
    alike = {"data.limit": 500, "training.max_steps": 10}
    assert list(load_image_study(names, alike, seeds=(1,)).gans) == ["one", "two"]


def test_too_few_held_out_images_are_refused_before_a_network_is_trained(tmp_path, monkeypatch):
    def trained(*data: ImageSet) -> FeatureNetwork:
        raise RuntimeError("the feature network was asked for")

    monkeypatch.setattr(judging, "feature_network", trained)
    monkeypatch.setattr(images, "read_split", lambda config: Split(digits(400, 1), digits(99, 2)))
    with pytest.raises(ConfigError, match="99 images of 'noise' are held out, and 100 are needed"):
        images.run(study(), tmp_path)
    enough = Split(digits(400, 1), digits(100, 2))
    monkeypatch.setattr(images, "read_split", lambda config: enough)
    with pytest.raises(RuntimeError, match="asked for"):
        images.run(study(), tmp_path)


def test_looks_share_the_features_of_real_images():
    seen = []
    own = judge()
    forward = own.network.forward

    def counted(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        seen.append(len(values))
        return forward(values)

    counting = Judge(own.data, FeatureNetwork("counting", 4, counted))
    generator = SimpleNamespace(generate=lambda n, seed: digits(n, seed))
    for seed in (3, 4):
        moment = SimpleNamespace(step=1, seconds=1.0, share=1.0, generator=generator)
        entry = images.ImageLooks(counting, seed).entry(moment)
        parts = (digits(120, seed).images, *(part.images[:120] for part in own.data))
        fake, real, held_out = (np.asarray(forward(part)[0], dtype=float) for part in parts)
        assert entry["frechet"] == pytest.approx(frechet(fake, held_out)[0])
        assert entry["frechet_floor"] == pytest.approx(frechet(real, held_out)[0])
    # 120 images of each look, and held-out and training ones once
    assert seen == [120] * 4


def test_networks_of_one_name_have_their_own_checksum():
    assert judge().network.name == judge(turn=1).network.name
    assert judge().checksum == judge().checksum
    assert judge().checksum != judge(turn=1).checksum


def test_evidence_that_one_seed_lacks_is_that_of_the_others(study_page, tmp_path):
    cells = [
        cell("gan", 1, evidence={"kept": 1.0, "once": 5.0}),
        cell("gan", 2, evidence={"kept": 2.0, "late": 7.0}),
    ]
    found = rows(study_page.page(cells, judge(), 300, tmp_path))
    assert found["gan kept"][2] == "1.50 ± 0.71"
    assert found["gan once"][2] == "5"
    assert found["gan late"][2] == "7"


def test_the_rank_correlation_of_loss_and_distance_comes_from_the_history(study_page, tmp_path):
    looks = [{"step": step, "frechet": d} for step, d in ((10, 9.0), (21, 4.0), (30, 2.0))]
    cells = [cell("wgan", seed, snapshots=looks) for seed in (1, 2)]
    what = "wgan rank correlation of minus critic loss and Frechet distance"
    assert what not in rows(study_page.page(cells, judge(), 300, tmp_path))
    # the estimates 5, 1 and 3 at these steps have ranks 3, 1, 2 against 3, 2, 1: rho = 1 - 6*2/24
    losses = ((5, -0.5), (10, -5.0), (20, -1.0), (30, -3.0))
    history = [{"step": step, "critic_loss": loss} for step, loss in losses]
    run = tmp_path / "runs" / "wgan-1"
    run.mkdir(parents=True)
    (run / "history.json").write_text(json.dumps(history))
    assert rows(study_page.page(cells, judge(), 300, tmp_path))[what][2] == "0.5"


@pytest.mark.parametrize(
    ("accuracy", "said"),
    [(0.985, "It tells 98.50 ± "), (0.97, "asked for: **no**"), (0.98, "asked for: yes")],
)
def test_the_page_holds_the_network_against_its_bar(study_page, tmp_path, accuracy, said):
    assert said in study_page.page([cell("gan", 1)], judge(accuracy), 300, tmp_path)


def test_the_page_names_the_devices_of_the_cells(study_page, tmp_path):
    cells = [cell("gan", 1, device="GPU"), cell("gan", 2)]
    page = study_page.page(cells, judge(None), 300, tmp_path)
    assert "with TensorFlow on the CPU and GPU" in page
    assert "asked for" not in page
