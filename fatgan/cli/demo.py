"""``fatgan demo [NAME]``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fatgan.cli.quiet import load_tensorflow
from fatgan.errors import ConfigError

FOLDER = Path("runs/demos")
ALL = "all"


def command(
    name: Annotated[
        str | None,
        typer.Argument(help="Demonstration to make, or all; without one they are listed."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            help="PNG or PDF to write, runs/demos/NAME.png by default; of all, their folder.",
        ),
    ] = None,
    seed: Annotated[int, typer.Option("-s", "--seed", help="Equal seeds, equal numbers.")] = 1,
    list_: Annotated[bool, typer.Option("--list", help="List the demonstrations only.")] = False,
) -> None:
    """Draw what courses on GANs show, computed anew: a figure and its numbers, in seconds each."""
    from fatgan.demos import DEMOS, demo_named, make

    if name is None or list_:
        if output is not None:
            raise ConfigError("-o is given and no demonstration: name one, or all")
        width = max(len(demo.name) for demo in DEMOS)
        for demo in DEMOS:
            typer.echo(f"{demo.name:{width}}  {demo.shows}")
        return
    chosen = DEMOS if name == ALL else (demo_named(name),)
    load_tensorflow()
    for demo in chosen:
        path = FOLDER / f"{demo.name}.png" if output is None else output
        if name == ALL and output is not None:
            path = output / f"{demo.name}.png"
        facts = make(demo, path, seed)
        typer.echo(f"wrote {path}")
        typer.echo(f"{demo.name}: " + ", ".join(f"{fact} {facts[fact]:.4g}" for fact in facts))
