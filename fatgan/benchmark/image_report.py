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
    entries = {
        "schema": SCHEMA,
        "budget": {"max_seconds": study.common.training.max_seconds},
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
    budget = study.common.training.max_seconds
    lines = [
        "# Image GANs",
        "",
        f"{training.name}: {len(training):,} images to learn, {len(held_out):,} others to compare "
        f"as many generated ones with. Budget: {budget:g} s of training each, "
        if budget
        else "",
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


def image_table(cells: Sequence[Cell]) -> list[str]:
    """Return the table's lines: real images first, then the models, the least distance first."""
    done = [cell for cell in cells if cell["failure"] is None]
    if not done:
        return ["No training ended with scores."]
    names = [score["name"] for score in done[0]["scores"]]
    columns = ["steps", "seconds"]
    lines = [line(["model", "seeds", *names, *columns])]
    lines.append(line(["---"] * (2 + len(names) + len(columns))))
    floors = [f"{score['floor']:.4g} ± {score['floor_error']:.2g}" for score in done[0]["scores"]]
    lines.append(line(["*real images*", "", *floors, "", ""]))
    rows = {}
    for name in dict.fromkeys(cell["name"] for cell in done):
        own = [cell for cell in done if cell["name"] == name]
        values = [over_seeds([_value(cell, score) for cell in own]) for score in names]
        course = [over_seeds([float(cell[column]) for cell in own]) for column in columns]
        texts = [*map(str, values), *(f"{number.mean:,.0f}" for number in course)]
        rows[name] = (values[0].mean, line([name, str(len(own)), *texts]))
    return [*lines, *(text for _, text in sorted(rows.values()))]


def _value(cell: Cell, score: str) -> float:
    return next(float(entry["value"]) for entry in cell["scores"] if entry["name"] == score)
