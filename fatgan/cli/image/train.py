"""``fatgan image train NAME``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fatgan.cli import options
from fatgan.cli.quiet import load_tensorflow
from fatgan.cli.train import Resume

if TYPE_CHECKING:
    from fatgan.images.train import TrainedGAN

Data = Annotated[
    str | None,
    typer.Option(help="Data set (see `fatgan image list`), or a file or folder of images."),
]
MaxSeconds = Annotated[float | None, typer.Option(min=0, help="Seconds of training.")]


def command(
    gan: Annotated[str, typer.Argument(metavar="NAME", help="GAN, or a configuration (YAML).")],
    data: Data = None,
    out: options.Out = None,
    max_seconds: MaxSeconds = None,
    seed: options.SeedOverride = None,
    set_: options.Set = None,
    resume: Resume = False,
) -> None:
    """Train an image GAN; write its model, sample grids, training curves and animation."""
    load_tensorflow()
    from fatgan.images.gans import load_gan
    from fatgan.images.train import train

    trained = train(load_gan(gan, overrides(data, out, max_seconds, seed, set_)), resume=resume)
    course = trained.generator.manifest["training"]
    said = f"{course['steps']:,} steps in {course['seconds']:.0f} s on the {course['device']}"
    typer.echo(said, err=True)
    for name, value in trained.evidence.items():
        typer.echo(f"{name}: {value:.4g}")
    typer.echo(f"wrote {_curves(trained)}")
    for name in ("training.gif", "interpolation.png", "samples", "model"):
        typer.echo(f"wrote {trained.folder / name}")


def overrides(
    data: str | None,
    out: Path | None,
    max_seconds: float | None,
    seed: int | None,
    settings: list[str] | None,
) -> dict[str, Any]:
    """Return what the command line changes in a configuration, ``--set`` last."""
    from fatgan.configuration.reading import parse_override

    given = {
        "data.source": data,
        "out": None if out is None else str(out),
        "training.max_seconds": max_seconds,
        "seed": seed,
    }
    changes = {key: value for key, value in given.items() if value is not None}
    return changes | dict(parse_override(text) for text in settings or [])


def _curves(trained: TrainedGAN) -> Path:
    """Draw the losses of a training into its folder."""
    from analysis.figures.save import save
    from analysis.figures.training import draw_training

    return save(draw_training(trained.history), trained.folder, "training")
