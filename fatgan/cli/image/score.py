"""``fatgan image score MODEL``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fatgan.cli import options
from fatgan.cli.image.sample import Model
from fatgan.cli.image.train import Data
from fatgan.cli.quiet import load_tensorflow


def command(
    model: Model,
    data: Data = None,
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="Folder; beside the model by default.")
    ] = None,
    seed: options.Seed = 0,
) -> None:
    """Score a trained GAN against images that it never saw, each score beside that of real ones."""
    load_tensorflow()
    from fatgan.images.judge import check_data, config_of, judge_of, write_scores
    from fatgan.images.sample import load
    from fatgan.images.scores.score import table

    generator = load(model)
    judge = judge_of(config_of(generator, data))
    check_data(generator, judge)
    scores = judge.scores(generator, seed=seed)
    typer.echo(table(scores))
    for path in write_scores(scores, generator, judge, output or model.parent, seed):
        typer.echo(f"wrote {path}")
