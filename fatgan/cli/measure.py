"""``fatgan measure hera SAMPLE_OR_MODEL... -o DIR``."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from fatgan.cli import options
from fatgan.cli.validate import readings_of
from fatgan.errors import ConfigError, DataError, did_you_mean

if TYPE_CHECKING:
    from analysis.measurements.hera import DataSet
    from fatgan.events import AnyCollision, Collision, EventTable
    from fatgan.io import ReadOptions

MEASUREMENTS = ("hera",)
GENERATED = 1_000_000
"""Events of a model when no number is given."""
CHUNK = 500_000
"""Generated events held in memory at a time."""
MOST = 5
"""Samples that one figure tells apart."""


class Source(NamedTuple):
    """The tables of a sample, its beams, and its cross-section with the error, in pb."""

    tables: Iterable[EventTable]
    collision: AnyCollision
    sigma: tuple[float, float]


def command(
    measurement: Annotated[str, typer.Argument(help="What was measured: hera.")],
    samples: Annotated[
        list[Path],
        typer.Argument(metavar="SAMPLE_OR_MODEL...", help="Files of events, or model bundles."),
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder for what is found.")],
    number: options.NumberIfAny = None,
    label: Annotated[
        list[str] | None,
        typer.Option(help="Name of a sample, once for each; the files' names otherwise."),
    ] = None,
    sigma: Annotated[
        list[float] | None,
        typer.Option(help="Cross-section of a sample in pb, once for each; else they tell it."),
    ] = None,
    alpha: Annotated[
        str,
        typer.Option(help="What is divided out: alpha at Q2 = 0 (fixed, as HERA), or running."),
    ] = "fixed",
    pdf: Annotated[bool, typer.Option("--pdf", help="Write the figure as PDF, too.")] = False,
    beams: options.Beams = None,
    frame: options.FrameOption = None,
    lepton: options.Lepton = None,
    tree: options.Tree = None,
    columns: options.Columns = None,
    limit: options.Limit = None,
    units: options.UnitsOption = None,
    seed: options.Seed = 0,
) -> None:
    """Compare cross-sections with measured ones: HERA's combined e-p data (extra 'measurements').

    Reduced neutral-current cross-sections in bins around the measured points, chi2 with all
    errors, and a figure. A sample must hold every event above an edge in Q2. -n is for models; the
    options of reading are for files that fatgan did not write, --beams for models of several
    beams, too.
    """
    if measurement not in MEASUREMENTS:
        known = did_you_mean(measurement, MEASUREMENTS)
        raise ConfigError(f"the measurement '{measurement}' is unknown; {known}")
    if alpha not in ("fixed", "running"):
        raise ConfigError(f"--alpha {alpha}: 'fixed' or 'running'")
    for value in sigma or ():
        if not 0 < value < math.inf:
            raise ConfigError(f"--sigma {value}: must be a number of pb above 0")
    for option, given in (("--label", label), ("--sigma", sigma)):
        _refuse_unless_one_each(option, given, samples)
    labels = label or [_name(path) for path in samples]
    if len(samples) > MOST:
        raise ConfigError(f"{len(samples)} samples: at most {MOST} fit into a figure")
    from analysis.measurements.comparing import Against
    from analysis.measurements.hera import load
    from analysis.measurements.writing import write

    reading = options.read_options(beams, frame, tree, columns, None, limit, units, lepton)
    readings = readings_of([path for path in samples if not _is_model(path)], reading)
    asked = GENERATED if number is None else number, seed, (beams, frame, lepton)
    sigmas: list[float | None] = [*sigma] if sigma else [None] * len(samples)
    sources = [
        _of_model(path, *asked, own) if _is_model(path) else _of_file(path, readings[path], own)
        for path, own in zip(samples, sigmas, strict=True)
    ]
    against = Against(load(_common_set(sources, samples)), alpha)  # type: ignore[arg-type]
    predictions = [
        against.predict(name, against.count(source.tables), source.sigma)
        for name, source in zip(labels, sources, strict=True)
    ]
    found = write(
        output, against.data, predictions, against.coupling, ("png", "pdf") if pdf else ("png",)
    )
    typer.echo(f"{against.data.title}: {found[0].points} of {len(against.data)} points")
    for outcome in found:
        typer.echo(
            f"{outcome.label}: chi2/ndf {outcome.to_data}; "
            f"times {outcome.shape.factor:.3f}: {outcome.shape}"
        )
        if outcome.to_first is not None:
            typer.echo(f"{outcome.label} against {found[0].label}: chi2/ndf {outcome.to_first}")
    typer.echo(f"figure: {output / 'hera.png'}")


def _of_file(path: Path, reading: ReadOptions, sigma: float | None) -> Source:
    from fatgan.io import read
    from fatgan.io.cross_section import cross_section_of

    table = read(path, reading)
    known = (
        (sigma, 0.0)
        if sigma is not None
        else cross_section_of(table.provenance, table.weights is not None)
    )
    if known is None or (sigma is None and _is_weighted_part(table)):
        raise DataError(
            f"{path}: the file does not tell the cross-section of its events, as those of fatgan "
            "simulate do; give it in pb with --sigma"
        )
    _refuse_cuts(path, _cuts(table.provenance))
    return Source([table], table.collision, known)


def _cuts(facts: Mapping[str, Any]) -> Iterator[str | None]:
    """Yield the cuts of the files that events come from, and of those that these were made of."""
    for source in facts.get("sources", [facts]):
        while source:
            yield source.get("cut")
            source = source.get("origin")


def _refuse_cuts(path: Path, cuts: Iterable[str | None]) -> None:
    from fatgan.events.cuts import Cut

    for cut in cuts:
        if cut is not None and not Cut.parse(cut).names <= {"Q2"}:
            raise ConfigError(
                f"{path}: its events keep the cut '{cut}', and measured bins need all events above "
                "an edge in Q2; use a sample without it"
            )


def _of_model(
    path: Path, number: int, seed: int, asked: tuple[Any, ...], sigma: float | None
) -> Source:
    from fatgan.cli.quiet import load_tensorflow

    load_tensorflow()
    from fatgan.events import Collision
    from fatgan.generator.sample import load
    from fatgan.generator.target import usual_lepton

    generator = load(path)
    _refuse_cuts(path, [generator.transform.fiducial.cut])
    beams, frame, lepton = asked
    collision = generator.collision
    if beams is not None:
        own = usual_lepton(generator.transform) if lepton is None else lepton
        collision = Collision.parse(beams, frame, own)
    chosen = None if beams is None else collision
    known = generator.cross_section(chosen) if sigma is None else (sigma, 0.0)
    if not math.isfinite(known[1]):
        raise DataError(
            f"{path}: the cross-section at {collision} is not known: the training's files say "
            "nothing of the like; give it in pb with --sigma"
        )
    tables = generator.stream(number, chunk=CHUNK, seed=seed, collision=chosen)
    return Source(tables, collision, known)


def _common_set(sources: Sequence[Source], paths: Sequence[Path]) -> DataSet:
    """Return the set of measured points of the samples' beams."""
    from analysis.measurements.hera import find

    sets = [find(_one(s.collision, path)) for s, path in zip(sources, paths, strict=True)]
    for known, path in zip(sets, paths, strict=True):
        if known != sets[0]:
            raise ConfigError(
                f"{path}: beams of '{known.title}' beside those of '{sets[0].title}'; compare "
                "samples of one setting"
            )
    return sets[0]


def _one(collision: AnyCollision, path: Path) -> Collision:
    settings = collision.settings()
    if len(settings) > 1:
        raise ConfigError(
            f"{path}: {len(settings)} settings of the beams; measurements are of one: give --beams "
            "for a model, or a file of one setting"
        )
    return settings[0]


def _is_model(path: Path) -> bool:
    return (path / "manifest.json").is_file()


def _name(path: Path) -> str:
    """Return ``quickstart`` for ``runs/quickstart/model``, and a file's name."""
    return path.resolve().parent.name if _is_model(path) else path.name


def _is_weighted_part(table: EventTable) -> bool:
    """Return whether events of a weighted file were cut away, with weights that nobody knows."""
    facts = table.provenance
    return table.weights is not None and facts["events"] != facts["entries"]


def _refuse_unless_one_each(
    option: str, given: Sequence[object] | None, samples: Sequence[Path]
) -> None:
    if given and len(given) != len(samples):
        count = len(samples)
        raise ConfigError(
            f"{option} is given {len(given)} times for {count} samples; once for each"
        )
