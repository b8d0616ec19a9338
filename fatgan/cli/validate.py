"""``fatgan validate REFERENCE SAMPLE -o DIR``."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fatgan.cli import options

if TYPE_CHECKING:
    from fatgan.events import EventTable, Fiducial
    from fatgan.io import ReadOptions


def command(
    reference: Annotated[Path, typer.Argument(help="File of true events.")],
    sample: Annotated[Path, typer.Argument(help="File of events to judge.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder of the report.")],
    truth: Annotated[
        Path | None,
        typer.Option(help="Further true events, independent of REFERENCE, for the floors."),
    ] = None,
    beams: options.Beams = None,
    frame: options.FrameOption = None,
    lepton: options.Lepton = None,
    tree: options.Tree = None,
    columns: options.Columns = None,
    cut: options.Cut = None,
    limit: options.Limit = None,
    units: options.UnitsOption = None,
    seed: options.Seed = 0,
) -> None:
    """Say how far a sample is from the truth: scores with floors, figures, a report.

    --beams, --frame, --lepton, --tree, --columns and --units are for the files that fatgan did
    not write, and shared by them; --cut and --limit hold for every file.
    """
    from fatgan.io import read

    asked = options.read_options(beams, frame, tree, columns, cut, limit, units, lepton)
    readings = readings_of([reference, sample, *([] if truth is None else [truth])], asked)
    compare(
        read(reference, readings[reference]),
        read(sample, readings[sample]),
        output,
        truth=None if truth is None else read(truth, readings[truth]),
        labels=(reference.name, sample.name),
        seed=seed,
    )


def readings_of(paths: list[Path], asked: ReadOptions) -> dict[Path, ReadOptions]:
    """Return the options to read each file with.

    A file by fatgan tells its tree, columns, units and collision itself. Where no file is
    foreign all options reach all files, so that contradictions are refused, not ignored.
    """
    from fatgan.io import ReadOptions

    own = {path for path in paths if _written_here(path)}
    if own == set(paths):
        return dict.fromkeys(paths, asked)
    bare = ReadOptions(cut=asked.cut, limit=asked.limit)
    return {path: bare if path in own else asked for path in paths}


def compare(
    reference: EventTable,
    sample: EventTable,
    folder: Path,
    *,
    truth: EventTable | None = None,
    fiducial: Fiducial | None = None,
    labels: tuple[str, str],
    seed: int,
    context: dict[str, Any] | None = None,
) -> list[Any]:
    """Write the report under a progress bar and say its headline."""
    from analysis import validate
    from analysis.validation import steps
    from fatgan.progress import bar

    begun = itertools.count()  # a step is told when it begins: so many are done before it
    with bar("validating", steps()) as update:
        records = validate(
            reference,
            sample,
            folder,
            truth=truth,
            fiducial=fiducial,
            labels=labels,
            seed=seed,
            context=context or {},
            progress=lambda step: update(next(begun), step),
        )
    for record in records:
        if record.name.startswith("C2ST"):
            typer.echo(
                f"{record.name}: {record.value:.4f} +- {record.error:.4f} "
                f"(floor {record.floor:.4f} +- {record.floor_error:.4f})"
            )
    typer.echo(f"report: {folder / 'report.html'}")
    return records


def _written_here(path: Path) -> bool:
    from fatgan.errors import SchemaError
    from fatgan.io import describe

    try:
        return describe(path).collision is not None
    except SchemaError:  # no tree or several: fatgan writes one
        return False
