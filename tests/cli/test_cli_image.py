"""The image GANs from the command line: train, look, sample, score, compare; and mistakes."""

from __future__ import annotations

import json
from functools import partial

import numpy as np
import pytest

from fatgan.images import judge
from fatgan.images.scores import classifier

SMALL = (
    *("--set", "data.limit=600", "--set", "data.held_out=120"),
    *("--set", "networks.generator_layers=[16]", "--set", "networks.critic_layers=[16,16]"),
    *("--set", "training.max_steps=30", "--set", "training.jit=false", "--data", "digits8"),
)


@pytest.fixture(autouse=True)
def quick_judge(tmp_path_factory, monkeypatch):
    """A feature network of few steps, trained once for all of these tests."""
    cache = tmp_path_factory.getbasetemp() / "image_cache"
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    quick = partial(classifier.feature_network, steps=200)
    monkeypatch.setattr(judge, "feature_network", quick)


def test_from_training_to_scores(fatgan, tmp_path):
    run = tmp_path / "run"
    trained = fatgan("image", "train", "gan", *SMALL, "--out", run, "-s", 2)
    assert trained.status == 0, trained
    assert "generator's gradient, minimax" in trained.out
    assert f"wrote {run / 'model'}" in trained.out
    for name in ("training.png", "training.gif", "interpolation.png", "history.json"):
        assert (run / name).stat().st_size > 0
    seen = fatgan("inspect", run / "model")
    assert "digits8: 480 learned, 120 held out" in seen.out
    sampled = fatgan("image", "sample", run / "model", "-n", 12, "-o", tmp_path / "few.npz")
    assert sampled.out.strip() == f"12 images: {tmp_path / 'few.npz'}"
    with np.load(tmp_path / "few.npz") as file:
        assert file["images"].shape == (12, 8, 8, 1)
    scored = fatgan("image", "score", run / "model")
    assert scored.status == 0, scored
    assert "Frechet distance" in scored.out
    assert "FID" not in scored.out
    scores = {s["name"]: s for s in json.loads((run / "scores.json").read_text())["scores"]}
    # 30 steps make noise of it: real images are far nearer to real ones
    assert scores["Frechet distance"]["value"] > 3 * scores["Frechet distance"]["floor"]
    assert scores["copies of training"]["value"] == 0
    assert (run / "nearest.png").exists()
    resumed = fatgan("image", "train", "gan", *SMALL, "--out", run, "-s", 2, "--resume")
    assert resumed.status == 0, resumed
    other = fatgan("image", "score", run / "model", "--data", "flamingos")
    assert "not those that the model learned" in other.complaint


def test_a_benchmark_goes_on_where_it_was_stopped(fatgan, tmp_path):
    words = ("image", "benchmark", "gan", *SMALL, "-o", tmp_path, "--seeds")
    assert fatgan(*words, 1).status == 0
    kept = (tmp_path / "cells.jsonl").read_text()
    done = fatgan(*words, 2)
    assert done.status == 0, done
    assert (tmp_path / "cells.jsonl").read_text().startswith(kept)
    page = (tmp_path / "benchmark.md").read_text()
    assert "| gan | 2 |" in page
    assert "*real images*" in page
    assert (tmp_path / "convergence.png").exists()
    content = json.loads((tmp_path / "benchmark.json").read_text())
    looks = content["cells"][0]["snapshots"]
    assert looks[-1]["step"] == 30
    assert all(look["frechet"] > 0 for look in looks)
    refused = fatgan(*words, 2, "--set", "training.batch=32")
    assert "was made with another configuration" in refused.complaint


def test_the_list_names_gans_and_data_sets(fatgan):
    out = fatgan("image", "list").out
    for name in ("dcgan", "wgan_gp", "fisher_gan", "mnist5k", "digits8", "flamingos"):
        assert f"  {name} " in out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("train", "dcgann"), "did you mean 'dcgan'"),
        (("train", "gan", "--data", "mnist5"), "mnist5k"),
        (("train", "gan", "--data", "nowhere/images.npz"), "nowhere/images.npz"),
        (("train", "gan", "--max-seconds", "0"), "'training.max_seconds'"),
        (("train", "missing.yaml"), "missing.yaml: cannot read the configuration"),
        (("sample", "nowhere", "-o", "a.png"), "nowhere: not a model bundle"),
        (("benchmark", "gan", "gan", "-o", "x"), "two models are called 'gan'"),
    ],
)
def test_a_mistake_is_one_line(fatgan, words, said):
    assert said in fatgan("image", *words).complaint
