"""What a benchmark of image GANs leaves: a table, the same as JSON, and the figure."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from analysis.figures.save import save
from analysis.figures.style import styled
from fatgan.atomic import write_text
from fatgan.benchmark.cell import Cell
from fatgan.benchmark.figure import Panel, draw_convergence
from fatgan.benchmark.images import ImageStudy
from fatgan.benchmark.table import line, over_seeds
from fatgan.images.judge import Judge

PANEL = Panel(
    "frechet", 0.0, "frechet_floor", "Frechet distance", "training against held-out images"
)
SCHEMA = 1
"""Version of ``benchmark.json``."""


def write_image_report(
    study: ImageStudy, cells: Sequence[Cell], judge: Judge, folder: Path
) -> list[Path]:
    """Write ``benchmark.md``, ``benchmark.json`` and ``convergence.png``; return their paths.

    Raises
    ------
    DataError
        The folder cannot be written.
    """
    page, content = folder / "benchmark.md", folder / "benchmark.json"
    write_text(page, _page(study, cells, judge))
    training = study.common.training
    entries = {
        "schema": SCHEMA,
        "budget": {"max_steps": training.max_steps, "max_seconds": training.max_seconds},
        "seeds": list(study.seeds),
        "data": {"name": judge.data.training.name, "sha256": judge.data.training.sha256},
        "network": judge.network.name,
        "cells": list(cells),
    }
    write_text(content, json.dumps(entries, indent=1, allow_nan=False) + "\n")
    written = [page, content]
    if any(cell["snapshots"] for cell in cells):
        with styled():
            written.append(save(draw_convergence(cells, [PANEL]), folder, "convergence"))
    return written


def _page(study: ImageStudy, cells: Sequence[Cell], judge: Judge) -> str:
    training, held_out = judge.data
    lines = [
        "# Image GANs",
        "",
        f"{training.name}: {len(training):,} images to learn, {len(held_out):,} others to compare "
        f"as many generated ones with. Budget: {_budget(study)} of training each, "
        f"{len(study.seeds)} seeds: mean ± standard deviation of one. Features: "
        f"{judge.network.name}.",
        "",
        *image_table(cells),
        "",
        *(
            f"- {cell['name']}, seed {cell['seed']}: {cell['failure']}"
            for cell in cells
            if cell["failure"] is not None
        ),
        "",
        "![Convergence](convergence.png)",
    ]
    return "\n".join(lines) + "\n"


def _budget(study: ImageStudy) -> str:
    training = study.common.training
    if training.max_seconds is not None:
        return f"{training.max_seconds:g} s"
    return f"{training.max_steps:,} steps"


def image_table(cells: Sequence[Cell]) -> list[str]:
    """Return the table's lines: real images first, then the models, the least distance first.

    Each value is the mean over the seeds ± the standard deviation of one.
    """
    done = [cell for cell in cells if cell["failure"] is None]
    if not done:
        return ["No training ended with scores."]
    names = [score["name"] for score in done[0]["scores"]]
    columns = ["steps", "seconds"]
    lines = [line(["model", "seeds", *names, *columns])]
    lines.append(line(["---"] * (2 + len(names) + len(columns))))
    # one cell of each seed: the real images that are drawn are the same for all models
    drawn = {cell["seed"]: cell for cell in done}.values()
    floors = [over_seeds([_number(cell, score, "floor") for cell in drawn]) for score in names]
    lines.append(line(["*real images*", str(len(drawn)), *map(str, floors), "", ""]))
    rows = {}
    for name in dict.fromkeys(cell["name"] for cell in done):
        own = [cell for cell in done if cell["name"] == name]
        values = [over_seeds([_number(cell, score, "value") for cell in own]) for score in names]
        course = [over_seeds([float(cell[column]) for cell in own]) for column in columns]
        texts = [*map(str, values), *(f"{number.mean:,.0f}" for number in course)]
        rows[name] = (values[0].mean, line([name, str(len(own)), *texts]))
    return [*lines, *(text for _, text in sorted(rows.values()))]


def _number(cell: Cell, score: str, key: str) -> float:
    return next(float(entry[key]) for entry in cell["scores"] if entry["name"] == score)
