"""``fatgan benchmark CONFIG... -o DIR``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fatgan.cli import options
from fatgan.cli.quiet import load_tensorflow


def command(
    configs: Annotated[
        list[Path], typer.Argument(metavar="CONFIG...", help="Configurations (YAML) to compare.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder of the benchmark.")],
    max_seconds: Annotated[
        float | None,
        typer.Option(help="Seconds of each training, compilation included and scores not."),
    ] = None,
    max_steps: Annotated[
        int | None, typer.Option(min=1, help="Generator steps of each training.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="Trainings of each configuration.")] = 3,
    events: Annotated[
        int, typer.Option(min=20, help="Generated and held-out events of the final scores.")
    ] = 100_000,
    data: options.Data = None,
    beams: options.Beams = None,
    frame: options.FrameOption = None,
    lepton: options.Lepton = None,
    tree: options.Tree = None,
    columns: options.Columns = None,
    cut: options.Cut = None,
    limit: options.Limit = None,
    units: options.UnitsOption = None,
    format_: options.ReadFormat = None,
    set_: options.Set = None,
) -> None:
    """Train several configurations alike, with several seeds, and compare what they reach.

    All have the same rows to learn and the same budget, and are scored against the same held-out
    events, on the way and at the end. Called again, it goes on where it was stopped, and with
    more seeds or configurations does what is missing.
    """
    load_tensorflow()
    from fatgan.benchmark.report import write_report
    from fatgan.benchmark.study import load_study, run

    reading = options.given_reading(beams, frame, tree, columns, cut, limit, units, lepton, format_)
    study = load_study(
        configs,
        options.config_overrides(data, None, None, reading, set_),
        max_steps=max_steps,
        max_seconds=max_seconds,
        seeds=range(1, seeds + 1),
        events=events,
    )
    cells, rows = run(study, output)
    for path in write_report(study, cells, rows, output):
        typer.echo(f"wrote {path}")
