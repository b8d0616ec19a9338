"""``fatgan image list``."""

from __future__ import annotations

import inspect

import typer

from fatgan.cli.quiet import load_tensorflow


def command() -> None:
    """List the GANs, and the data sets that they can learn."""
    load_tensorflow()
    from fatgan.images.datasets import DATASETS
    from fatgan.images.gans import names

    known = {name: inspect.getdoc(kind) or "" for name, kind in names().items()}
    sets = {name: entry.summary for name, entry in DATASETS.items()}
    width = max(map(len, [*known, *sets]))
    for title, entries in (("GANs:", known), ("data sets (or a path):", sets)):
        typer.echo(title)
        for name, text in entries.items():
            typer.echo(f"  {name:<{width}}  {text.splitlines()[0]}")
