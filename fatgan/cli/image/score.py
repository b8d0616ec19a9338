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
    from fatgan.images.judge import check_data, check_enough, config_of, judge_of, write_scores
    from fatgan.images.sample import load
    from fatgan.images.scores.score import table
    from fatgan.images.scores.scoring import FEWEST
    from fatgan.images.train import read_split

    generator = load(model)
    config = config_of(generator, data)
    images = read_split(config)
    # before the feature network, which may train for minutes
    check_data(generator, images)
    check_enough(images, FEWEST)
    judge = judge_of(config, images)
    sample = judge.sample(generator, seed=seed)
    scores = judge.scores(sample, seed=seed)
    typer.echo(table(scores))
    for path in write_scores(scores, sample, images.training, output or model.parent):
        typer.echo(f"wrote {path}")
