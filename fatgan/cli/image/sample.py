"""``fatgan image sample MODEL -n N -o FILE``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fatgan.cli import options
from fatgan.cli.quiet import load_tensorflow

Model = Annotated[Path, typer.Argument(help="Model bundle, like runs/images/dcgan/model.")]


def command(
    model: Model,
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            help="grid.png: a picture; samples.npz: the array `images`, uint8, "
            "(n, height, width, channels).",
        ),
    ],
    number: Annotated[
        int, typer.Option("-n", "--number", min=1, metavar="N", help="Number of images.")
    ] = 64,
    seed: options.Seed = 0,
) -> None:
    """Generate images with a trained GAN."""
    load_tensorflow()
    from fatgan.images.export import check_place, write_images
    from fatgan.images.sample import load

    check_place(output, number)
    write_images(load(model).generate(number, seed=seed), output)
    typer.echo(f"{number:,} images: {output}")
