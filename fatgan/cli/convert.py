"""``fatgan convert IN OUT``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fatgan.cli import options
from fatgan.cli.generate import Derived, NoHadrons


def command(
    source: Annotated[Path, typer.Argument(help=options.EVENTS)],
    target: Annotated[Path, typer.Argument(help="File to write; its suffix picks the format.")],
    beams: options.Beams = None,
    frame: options.FrameOption = None,
    lepton: options.Lepton = None,
    tree: options.Tree = None,
    columns: options.Columns = None,
    cut: options.Cut = None,
    limit: options.Limit = None,
    units: options.UnitsOption = None,
    input_format: options.InputFormat = None,
    derived: Derived = False,
    no_hadrons: NoHadrons = False,
    format_: options.Format = None,
) -> None:
    """Convert a file of events, or several alike, to another format."""
    from fatgan.io import read, write

    table = read(
        source,
        options.read_options(beams, frame, tree, columns, cut, limit, units, lepton, input_format),
    )
    write(table, target, derived=derived, format=format_, hadrons=not no_hadrons)
    typer.echo(f"{len(table):,} events: {target}")
