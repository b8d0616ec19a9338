"""The page of the study: table, bars, and each GAN's own evidence."""

from __future__ import annotations

import platform
from collections.abc import Sequence

from fatgan.benchmark.cell import Cell
from fatgan.benchmark.image_report import image_table
from fatgan.benchmark.table import line, over_seeds
from fatgan.images.judge import Judge

JUDGED = ("dcgan", "wgan_gp", "sngan", "lsgan")
PEERS = ("keras_dcgan", "keras_wgan_gp")
CONFIDENT, ENTROPY, CLASSES, TIMES = 0.7, 2.0, 10, 4.0
"""The bars: share of sure samples, nats, classes, and distances of the floor."""


def page(cells: Sequence[Cell], judge: Judge, seconds: float) -> str:
    """Return the page, in Markdown."""
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
        f"training each, scores and pictures not counted, on {_machine()}.",
        f"Features, classes and the classifier score come from a {judge.network.name}.",
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
        *_evidence(cells),
    ]
    return "\n".join(lines) + "\n"


def _machine() -> str:
    return f"{platform.machine()} with TensorFlow on the CPU, shared with other work at times"


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


def _evidence(cells: Sequence[Cell]) -> list[str]:
    lines = [line(["model", "what", "value"]), line(["---"] * 3)]
    for name in dict.fromkeys(cell["name"] for cell in cells):
        own = _scored(cells, name)
        for what in own[0]["evidence"] if own else ():
            value = over_seeds([cell["evidence"][what] for cell in own])
            lines.append(line([name, what, str(value)]))
    return lines


def _scored(cells: Sequence[Cell], name: str) -> list[Cell]:
    return [cell for cell in cells if cell["name"] == name and cell["failure"] is None]


def _entry(cell: Cell, score: str) -> dict[str, float]:
    return next(entry for entry in cell["scores"] if entry["name"] == score)


def _mean(cells: Sequence[Cell], name: str, score: str) -> float | None:
    own = _scored(cells, name)
    return over_seeds([_entry(cell, score)["value"] for cell in own]).mean if own else None
