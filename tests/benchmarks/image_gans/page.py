"""The page of the study: table, bars, and each GAN's own evidence."""

from __future__ import annotations

import json
import platform
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from scipy.stats import spearmanr

from fatgan.benchmark.cell import Cell
from fatgan.benchmark.image_report import image_table
from fatgan.benchmark.table import line, over_seeds
from fatgan.images.judge import Judge

JUDGED = ("dcgan", "wgan_gp", "sngan", "lsgan")
PEERS = ("keras_dcgan", "keras_wgan_gp")
CONFIDENT, ENTROPY, CLASSES, TIMES = 0.7, 2.0, 10, 4.0
"""The bars: share of sure samples, nats, classes, and distances of the floor."""
ACCURACY = 0.98
"""The bar of the feature network: its accuracy on held-out images."""
FOLLOWED = "wgan"
"""The model whose critic's loss is held to follow the distance (arXiv:1701.07875, figure 3)."""
FEWEST_LOOKS = 3
"""Fewer looks at a training have no rank correlation to speak of."""


def page(cells: Sequence[Cell], judge: Judge, seconds: float, folder: Path) -> str:
    """Return the page, in Markdown; ``folder`` is the study's, with the trainings in ``runs/``."""
    training, held_out = judge.data
    failures = [
        f"- {cell['name']}, seed {cell['seed']}: {cell['failure']}"
        for cell in cells
        if cell["failure"] is not None
    ]
    lines = [
        "# The image GANs",
        "",
        f"Made by `make image-gans`: {len(training):,} images of {training.name} to learn, "
        f"{len(held_out):,} others to compare as many generated ones with, {seconds:g} s of "
        f"training each, scores and pictures not counted, on {_machine(cells)}. The seeds were",
        "trained side by side, with an even share of the cores each.",
        f"Features, classes and the classifier score come from a {judge.network.name}.",
        *_accuracy(judge),
        "Values are means over the seeds ± the standard deviation of one; *real images* are as "
        "many training images against the held-out ones. `keras_dcgan` and `keras_wgan_gp` are "
        "recipes of the Keras documentation, in the same loop and for the same time.",
        "",
        *image_table(cells),
        "",
        *failures,
        "",
        "![Convergence](image_gans_convergence.png)",
        "",
        "Samples of the first seed, none chosen:",
        "",
        "![Samples](image_gans.png)",
        "",
        "## Bars",
        "",
        *_bars(cells),
        "",
        "## Each idea's own evidence",
        "",
        *_evidence(cells, folder),
    ]
    return "\n".join(lines) + "\n"


def _machine(cells: Sequence[Cell]) -> str:
    devices = sorted({cell["device"] for cell in cells if "device" in cell})
    device = f" with TensorFlow on the {' and '.join(devices)}" if devices else ""
    return f"{platform.machine()}{device}, shared with other work at times"


def _accuracy(judge: Judge) -> list[str]:
    found = judge.network.accuracy
    if found is None:
        return []
    return [
        f"It tells {100 * found.value:.2f} ± {100 * found.error:.2f} % of the held-out images "
        f"right; at least {100 * ACCURACY:g} % are asked for: {_said(found.value >= ACCURACY)}."
    ]


def _bars(cells: Sequence[Cell]) -> list[str]:
    """Return the table of the bars for the four models that have any."""
    bars = (
        f"sure samples >= {CONFIDENT:g}",
        f"classes = {CLASSES}",
        f"entropy >= {ENTROPY:g}",
        f"distance / real images <= {TIMES:g}",
        "nearer than the best recipe of others",
    )
    lines = [line(["model", "seeds", *bars]), line(["---"] * (2 + len(bars)))]
    peers = [_mean(cells, peer, "Frechet distance") for peer in PEERS]
    best = min((value for value in peers if value is not None), default=None)
    for name in JUDGED:
        own = _scored(cells, name)
        if not own:
            continue
        distance = _mean(cells, name, "Frechet distance")
        floor = over_seeds([_entry(cell, "Frechet distance")["floor"] for cell in own]).mean
        found = (
            (_mean(cells, name, "confident share"), lambda x: x >= CONFIDENT),
            (_mean(cells, name, "classes present"), lambda x: x == CLASSES),
            (_mean(cells, name, "class entropy"), lambda x: x >= ENTROPY),
            (distance / floor, lambda x: x <= TIMES),
        )
        texts = [f"{value:.3g}: {_said(holds(value))}" for value, holds in found]
        texts.append(
            "–" if best is None else f"{distance:.3g} against {best:.3g}: {_said(distance < best)}"
        )
        lines.append(line([name, str(len(own)), *texts]))
    return lines


def _said(holds: bool) -> str:
    return "yes" if holds else "**no**"


def _evidence(cells: Sequence[Cell], folder: Path) -> list[str]:
    lines = [line(["model", "what", "value"]), line(["---"] * 3)]
    for name in dict.fromkeys(cell["name"] for cell in cells):
        own = _scored(cells, name)
        for what in dict.fromkeys(what for cell in own for what in cell["evidence"]):
            numbers = [cell["evidence"][what] for cell in own if what in cell["evidence"]]
            lines.append(line([name, what, str(over_seeds(numbers))]))
        found = [_following(cell, folder) for cell in own if name == FOLLOWED]
        ranks = [value for value in found if value is not None]
        if ranks:
            what = "rank correlation of minus critic loss and Frechet distance"
            lines.append(line([name, what, str(over_seeds(ranks))]))
    return lines


def _following(cell: Cell, folder: Path) -> float | None:
    """Return Spearman's rank correlation of minus the critic's loss and the Frechet distance.

    Over the looks at the training; ``None`` if its history is gone, or one of both never changes.
    """
    path = folder / "runs" / f"{cell['name']}-{cell['seed']}" / "history.json"
    looks = cell["snapshots"]
    if len(looks) < FEWEST_LOOKS or not path.exists():
        return None
    history = json.loads(path.read_text(encoding="utf-8"))
    steps = np.array([entry["step"] for entry in history])
    rows = [int(np.argmin(np.abs(steps - look["step"]))) for look in looks]
    estimates = [-history[row]["critic_loss"] for row in rows]
    distances = [look["frechet"] for look in looks]
    if min(len(set(estimates)), len(set(distances))) == 1:
        return None
    return float(spearmanr(estimates, distances).statistic)


def _scored(cells: Sequence[Cell], name: str) -> list[Cell]:
    return [cell for cell in cells if cell["name"] == name and cell["failure"] is None]


def _entry(cell: Cell, score: str) -> dict[str, float]:
    return next(entry for entry in cell["scores"] if entry["name"] == score)


def _mean(cells: Sequence[Cell], name: str, score: str) -> float | None:
    own = _scored(cells, name)
    return over_seeds([_entry(cell, score)["value"] for cell in own]).mean if own else None
