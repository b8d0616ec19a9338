"""What a benchmark leaves: a table, the same as JSON, and the figure of convergence."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from analysis.figures.save import save
from analysis.figures.style import styled
from fatgan.atomic import write_text
from fatgan.benchmark.cell import Cell
from fatgan.benchmark.figure import draw_convergence
from fatgan.benchmark.study import NO_LIMIT, Study
from fatgan.benchmark.table import floor, markdown, rows
from fatgan.generator.data import Split

SCHEMA = 1
"""Version of ``benchmark.json``."""
FIGURE = "convergence"


def write_report(study: Study, cells: Sequence[Cell], data: Split, folder: Path) -> list[Path]:
    """Write ``benchmark.md``, ``benchmark.json`` and ``convergence.png`` and ``.pdf``.

    Returns
    -------
    list
        The files, in this order.

    Raises
    ------
    DataError
        The folder cannot be written.
    """
    page, table = folder / "benchmark.md", folder / "benchmark.json"
    write_text(page, markdown(cells, _about(study, cells, data)))
    chance = floor(cells)
    training = study.common.training
    content = {
        "schema": SCHEMA,
        "budget": {
            "max_steps": None if training.max_steps == NO_LIMIT else training.max_steps,
            "max_seconds": training.max_seconds,
        },
        "seeds": list(study.seeds),
        "events": study.events,
        "snapshot_events": study.snapshot_events,
        "data": {
            "provenance": dict(data.training.provenance),
            "rows": len(data.training) + len(data.selection),
            "held_out": len(data.held_out),
        },
        "floor": chance.to_dict() if chance else None,
        "models": [row.to_dict() for row in rows(cells)],
        "cells": list(cells),
    }
    write_text(table, json.dumps(content, indent=1, allow_nan=False) + "\n")
    with styled():
        figure = draw_convergence(cells)
        image = save(figure, folder, FIGURE, ("png", "pdf"))
    return [page, table, image, image.with_suffix(".pdf")]


def _about(study: Study, cells: Sequence[Cell], data: Split) -> list[str]:
    training = study.common.training
    limits = []
    if training.max_seconds is not None:
        limits.append(f"{training.max_seconds:g} s")
    if training.max_steps != NO_LIMIT:
        limits.append(f"{training.max_steps:,} steps")
    events = min(study.events, len(data.held_out))
    devices = sorted({cell["device"] for cell in cells if "device" in cell})
    source = data.training.provenance.get("source", study.common.data.path)
    return [
        f"Each model had {len(data.training) + len(data.selection):,} events of `{source}` to "
        "learn, and to choose its checkpoint by "
        f"({data.training.collision}) with a budget of {' or '.join(limits)} of training alone"
        f"{' on the ' + ' and '.join(devices) if devices else ''}, from {len(study.seeds)} "
        f"seed{'s' * (len(study.seeds) != 1)}. {events:,} generated events of each are compared "
        f"with {events:,} that no training saw.",
        "",
        "Mean over the seeds ± the standard deviation of a single seed; chi2/ndf is the mean of "
        "the observables, the phi harmonic the largest of six in sigmas, out of bounds a number "
        "of events, redrawn the share of unphysical events that were drawn again. The floor is "
        "what samples of one truth give, ± their spread.",
    ]
