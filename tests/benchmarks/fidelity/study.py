"""The study: make what is not done yet, and write the page of all that is."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Sequence
from pathlib import Path

from journal import ROOT
from peers.environment import PeerError

from analysis.figures.save import save
from analysis.figures.style import styled
from fatgan.atomic import write_text
from fatgan.benchmark.cell import Cell
from fatgan.benchmark.figure import draw_convergence
from fatgan.benchmark.journal import Journal
from fatgan.progress import bar
from fidelity.page import curves, page
from fidelity.plan import WHAT, Job, plan
from fidelity.samples import FULL, SETTINGS, Scale

SEEDS = 3


def study(
    *,
    what: Collection[str] = tuple(WHAT),
    seeds: int = SEEDS,
    settings: Collection[str] = tuple(setting.beams for setting in SETTINGS),
    folder: Path = ROOT / "runs" / "fidelity",
    target: Path = ROOT / "configs" / "FIDELITY.md",
    figures: Path = ROOT / "docs",
    scale: Scale = FULL,
    pace: float = 1.0,
) -> None:
    """Make the cells that are asked for and not done, then write page and figure of all cells.

    A cell of a peer whose environment cannot be made is skipped with a line on standard error: it
    stays to be done.

    Parameters
    ----------
    what, seeds, settings
        Which cells: keys of :data:`fidelity.plan.WHAT`, seeds 1 to this, and beams.
    folder
        Samples, trainings and the journal.
    target, figures
        The page, and the folder of ``convergence.png``.
    scale, pace
        Numbers of events, and a factor to all budgets: smaller ones for a trial.
    """
    jobs = plan(range(1, max(seeds, SEEDS) + 1), scale, folder, pace)
    journal = Journal(folder / "cells.jsonl")
    wanted = [
        job
        for job in jobs
        if job.what in what
        and job.key["seed"] <= seeds
        and job.key["setting"] in settings
        and journal.find(**job.key) is None
    ]
    if not wanted:
        _report(jobs, journal, scale, target, figures)
    with bar("fidelity", len(wanted)) as update:
        for number, job in enumerate(wanted):

            def told(share: float, note: str, job: Job = job, number: int = number) -> None:
                update(number + share, f"{job.key['setting']}, {note}")

            try:
                cell = job.make(told)
            except PeerError as error:
                where = f"{job.key['setting']}, {job.key['name']}, seed {job.key['seed']}"
                print(f"skipped: {where}: {error}", file=sys.stderr, flush=True)
            else:
                journal.add({**cell, **job.key, "cores": os.cpu_count()})
            _report(jobs, journal, scale, target, figures)


def _report(
    jobs: Sequence[Job], journal: Journal, scale: Scale, target: Path, figures: Path
) -> None:
    results: list[tuple[Job, Cell | None]] = [(job, journal.find(**job.key)) for job in jobs]
    write_text(target, page(results, scale))
    drawn = curves([cell for _, cell in results if cell is not None])
    if drawn:
        with styled():
            save(draw_convergence(drawn), figures, "convergence")
