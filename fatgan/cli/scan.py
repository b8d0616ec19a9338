"""``fatgan scan MODEL TRUTH... -o DIR``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fatgan.cli import options
from fatgan.cli.quiet import load_tensorflow

if TYPE_CHECKING:
    from analysis.settings import SettingPair
    from fatgan.events import EventTable
    from fatgan.generator.sample import EventGenerator


def command(
    model: Annotated[Path, typer.Argument(help="Model bundle that knows several beams.")],
    truths: Annotated[
        list[Path],
        typer.Argument(metavar="TRUTH...", help="Files of true events, which it did not learn."),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder of the report.")],
    cut: options.Cut = None,
    limit: options.Limit = None,
    pdf: Annotated[bool, typer.Option("--pdf", help="Write the figures as PDF, too.")] = False,
    seed: options.Seed = 0,
) -> None:
    """Say how far a model is from the truth at each beam setting: a table and a figure.

    As many events are generated for each setting as its file has. The files are those of fatgan,
    which state their beams.
    """
    load_tensorflow()
    from fatgan.generator.sample import load
    from fatgan.io import ReadOptions, read_many

    generator = load(model)
    truth = read_many([(path, ReadOptions(cut=cut, limit=limit)) for path in truths])
    report(generator, truth, output, seed=seed, formats=("png", "pdf") if pdf else ("png",))


def report(
    generator: EventGenerator,
    truth: EventTable,
    folder: Path,
    *,
    seed: int,
    formats: Sequence[str] = ("png",),
    context: dict[str, Any] | None = None,
) -> None:
    """Write the report of a model over the settings of true events, under a progress bar."""
    from analysis.settings import steps, validate_settings
    from fatgan.progress import stepped

    pairs = list(pairs_of(generator, truth, seed))
    with stepped("validating", steps(len(pairs))) as progress:
        records = validate_settings(
            pairs,
            folder,
            seed=seed,
            context=context,
            formats=formats,
            progress=progress,
        )
    worst = max(records, key=lambda record: record.trees.value)
    typer.echo(f"report: {folder / 'report.html'}")
    settings = f"{len(records)} setting{'s' * (len(records) > 1)}"
    area = f"{worst.trees.value:.4f} ± {worst.trees.error:.4f}"
    typer.echo(f"{settings}, AUC at most {area} ({worst.label})")


def pairs_of(generator: EventGenerator, truth: EventTable, seed: int) -> Iterator[SettingPair]:
    """Yield the true events of each setting beside as many generated ones."""
    from analysis.settings import SettingPair
    from fatgan.generator.likeness import target_like

    for _, table in truth.by_setting():
        n = len(table)
        target = target_like(generator.transform, table, n, seed=seed, purpose="scan")
        sample = generator.generate(
            n, seed=seed, collision=target.collision, conditions=target.conditions
        )
        yield SettingPair.of(generator.place_of(target), table, sample)
