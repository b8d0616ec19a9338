"""``fatgan train CONFIG``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fatgan.cli import options
from fatgan.cli.quiet import load_tensorflow

if TYPE_CHECKING:
    from fatgan.generator.train import TrainedRun

Resume = Annotated[bool, typer.Option("--resume", help="Go on from the folder's checkpoint.")]


def command(
    config: options.Config,
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
    out: options.Out = None,
    seed: options.SeedOverride = None,
    set_: options.Set = None,
    resume: Resume = False,
) -> None:
    """Train a generator on a file of events; write the model bundle into the run's folder."""
    reading = options.given_reading(beams, frame, tree, columns, cut, limit, units, lepton, format_)
    trained = start(config, data, out, seed, reading, set_, resume)
    typer.echo(f"model: {trained.model}")


def start(
    config: Path,
    data: Path | None,
    out: Path | None,
    seed: int | None,
    reading: dict[str, Any],
    settings: list[str] | None,
    resume: bool,
) -> TrainedRun:
    """Load the configuration, train, and say in one line what came out."""
    load_tensorflow()
    from fatgan.generator.config import load_config
    from fatgan.generator.train import train

    overrides = options.config_overrides(data, out, seed, reading, settings)
    trained = train(load_config(config, overrides), resume=resume)
    course = trained.generator.manifest["training"]
    typer.echo(
        f"trained on {len(trained.data.training):,} events ({trained.generator.collision}): "
        f"{course['steps']:,} steps in {course['seconds']:.0f} s on the {course['device']}",
        err=True,
    )
    return trained
