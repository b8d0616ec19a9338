"""``fatgan generate MODEL -n N -o FILE``."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from fatgan.cli import options
from fatgan.cli.quiet import load_tensorflow

if TYPE_CHECKING:
    from fatgan.generator.sample import EventGenerator

CHUNK = 500_000
"""Events held in memory at a time."""

Derived = Annotated[
    bool, typer.Option("--derived", help="Add Q2, x, y, W2, nu, theta, phi, pT, eta.")
]


def command(
    model: Annotated[Path, typer.Argument(help="Model bundle, like runs/quickstart/model.")],
    output: options.Output,
    number: options.Number,
    seed: options.Seed = 0,
    derived: Derived = False,
    format_: options.Format = None,
) -> None:
    """Generate events with a trained model."""
    load_tensorflow()
    from fatgan.generator.sample import load

    write_events(load(model), number, [output], seed=seed, derived=derived, format_=format_)
    typer.echo(f"{number:,} events: {output}")


def write_events(
    generator: EventGenerator,
    number: int,
    paths: Sequence[Path],
    *,
    seed: int,
    derived: bool = False,
    format_: str | None = None,
) -> None:
    """Stream one sample into one or more files; none appears unless all of it is written."""
    from fatgan.events import DERIVED, MOMENTUM
    from fatgan.io import open_writer
    from fatgan.progress import bar

    columns = (*MOMENTUM, *DERIVED) if derived else MOMENTUM
    with ExitStack() as stack:
        update = stack.enter_context(bar("generating", number))
        writers = [
            stack.enter_context(
                open_writer(
                    path,
                    generator.collision,
                    columns=columns,
                    format=format_,
                    provenance=generator.provenance(seed),
                )
            )
            for path in paths
        ]
        done = 0
        for table in generator.stream(number, chunk=CHUNK, seed=seed):
            for writer in writers:
                writer.write(table)
            done += len(table)
            update(done)
