"""``fatgan generate MODEL -n N -o FILE``."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fatgan.cli import options
from fatgan.cli.condition_table import asked_by_table
from fatgan.cli.quiet import load_tensorflow
from fatgan.errors import ConfigError

if TYPE_CHECKING:
    from fatgan.generator.sample import EventGenerator

CHUNK = 500_000
"""Events held in memory at a time."""

Derived = Annotated[
    bool, typer.Option("--derived", help="Add Q2, x, y, W2, nu, theta, phi, pT, eta.")
]
NoHadrons = Annotated[
    bool,
    typer.Option(
        "--no-hadrons",
        help="Leave the hadronic system, which Geant4 cannot track, out of the final state of "
        "HepMC3 and LUND files.",
    ),
]


def command(
    model: Annotated[Path, typer.Argument(help="Model bundle, like runs/quickstart/model.")],
    output: options.Output,
    number: options.NumberIfAny = None,
    beams: Annotated[
        str | None,
        typer.Option(help="For a model of several beams: energies like 14x166, or a preset."),
    ] = None,
    frame: options.FrameOption = None,
    lepton: Annotated[
        int | None,
        typer.Option(help="11 (electron) or -11 (positron); the training's, if it has only one."),
    ] = None,
    condition: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME=VALUE", help="The model's other conditions, one each."),
    ] = None,
    table: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="One event for each row, in their order: columns Ee, Ep, lepton, and the model's "
            "other conditions; any format.",
        ),
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse beams outside the range of the training.")
    ] = False,
    seed: options.Seed = 0,
    derived: Derived = False,
    no_hadrons: NoHadrons = False,
    format_: options.Format = None,
) -> None:
    """Generate events with a trained model, in the order of the rows of a table if there is one."""
    load_tensorflow()
    from fatgan.events import Collision
    from fatgan.generator.sample import load
    from fatgan.generator.target import usual_lepton

    if beams is None and table is None and (frame is not None or lepton is not None):
        raise ConfigError("--frame and --lepton belong to --beams: say these too")
    if (number is None) == (table is None):
        raise ConfigError("say how many events with -n, or for which with --table, and not both")
    conditions = options.numbers_by_name(condition, "--condition")
    generator = load(model)
    collision = None
    if beams is not None:
        own = usual_lepton(generator.transform) if lepton is None else lepton
        collision = Collision.parse(beams, frame, own)  # type: ignore[arg-type]
    asked: dict[str, Any] = {"collision": collision, "conditions": conditions}
    count = number or 0
    if table is not None:
        count, rows = asked_by_table(table, generator.transform, collision, frame, lepton)  # type: ignore[arg-type]
        twice = sorted(set(conditions) & set(rows["conditions"]))
        if twice:
            raise ConfigError(f"--condition {twice[0]} and the column of {table} both say it")
        asked = {**rows, "conditions": {**conditions, **rows["conditions"]}}
    asked["strict"] = strict
    write_events(
        generator,
        count,
        [output],
        seed=seed,
        derived=derived,
        hadrons=not no_hadrons,
        format_=format_,
        asked=asked,
    )
    typer.echo(f"{count:,} events: {output}")


def write_events(
    generator: EventGenerator,
    number: int,
    paths: Sequence[Path],
    *,
    seed: int,
    derived: bool = False,
    hadrons: bool = True,
    format_: str | None = None,
    asked: Mapping[str, Any] | None = None,
) -> None:
    """Stream one sample into one or more files; none appears unless all of it is written.

    ``asked`` says for which beams and conditions, as :meth:`EventGenerator.stream` takes them.
    """
    from fatgan.events import DERIVED, MOMENTUM
    from fatgan.io import open_writer
    from fatgan.io.formats import to_write
    from fatgan.progress import bar

    columns = (*MOMENTUM, *DERIVED) if derived else MOMENTUM
    with ExitStack() as stack:
        for path in paths:
            to_write(path, format_)  # refused before any event is made
        tables = generator.stream(number, chunk=CHUNK, seed=seed, **(asked or {}))
        first = next(tables)
        update = stack.enter_context(bar("generating", number))
        writers = [
            stack.enter_context(
                open_writer(
                    path,
                    first.collision,
                    columns=columns,
                    conditions=tuple(first.conditions),
                    format=format_,
                    provenance=first.provenance,
                    hadrons=hadrons,
                )
            )
            for path in paths
        ]
        done = 0
        for table in itertools.chain([first], tables):
            for writer in writers:
                writer.write(table)
            done += len(table)
            update(done)
