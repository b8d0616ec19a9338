"""``fatgan validate REFERENCE SAMPLE -o DIR``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fatgan.cli import options

if TYPE_CHECKING:
    from fatgan.events import EventTable, Fiducial

STEPS = "scores and figures"


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
    tree: options.Tree = None,
    columns: options.Columns = None,
    cut: options.Cut = None,
    limit: options.Limit = None,
    units: options.UnitsOption = None,
    seed: options.Seed = 0,
) -> None:
    """Say how far a sample is from the truth: scores with floors, figures, a report."""
    from fatgan.io import read

    reading = options.read_options(beams, frame, tree, columns, cut, limit, units)
    compare(
        read(reference, reading),
        read(sample, reading),
        output,
        truth=None if truth is None else read(truth, reading),
        labels=(reference.name, sample.name),
        seed=seed,
    )


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
    from fatgan.progress import bar

    with bar("validating", 1) as update:
        records = validate(
            reference,
            sample,
            folder,
            truth=truth,
            fiducial=fiducial,
            labels=labels,
            seed=seed,
            context=context or {},
            progress=lambda step: update(0, step),
        )
    for record in records:
        if record.name.startswith("C2ST"):
            typer.echo(
                f"{record.name}: {record.value:.4f} +- {record.error:.4f} "
                f"(floor {record.floor:.4f} +- {record.floor_error:.4f})"
            )
    typer.echo(f"report: {folder / 'report.html'}")
    return records
