"""``fatgan image benchmark NAME... -o DIR``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fatgan.cli import options
from fatgan.cli.image.train import Data, MaxSeconds, overrides
from fatgan.cli.quiet import load_tensorflow


def command(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME...", help="GANs, or configurations (YAML).")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder of the benchmark.")],
    data: Data = None,
    max_seconds: MaxSeconds = None,
    seeds: Annotated[int, typer.Option(min=1, help="Trainings of each.")] = 2,
    set_: options.Set = None,
) -> None:
    """Train several image GANs alike, with several seeds, and compare what they reach.

    Called again, it goes on where it was stopped, and with more seeds or GANs does what is
    missing.
    """
    load_tensorflow()
    from fatgan.benchmark.image_report import write_image_report
    from fatgan.benchmark.images import load_image_study, run

    changes = overrides(data, None, max_seconds, None, set_)
    study = load_image_study(names, changes, seeds=range(1, seeds + 1))
    cells, judge = run(study, output)
    for path in write_image_report(study, cells, judge, output):
        typer.echo(f"wrote {path}")
