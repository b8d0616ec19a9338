"""``fatgan image``: the image GANs, one file per command."""

from __future__ import annotations

import typer

from fatgan.cli.image import benchmark, listing, sample, score, train

app = typer.Typer(
    name="image",
    help="The generic image GANs beside FAT-GAN: train, sample, score, compare.",
    no_args_is_help=True,
)

for name, module in (
    ("list", listing),
    ("train", train),
    ("sample", sample),
    ("score", score),
    ("benchmark", benchmark),
):
    app.command(name=name)(module.command)
