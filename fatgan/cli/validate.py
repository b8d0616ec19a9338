"""``fatgan validate REFERENCE SAMPLE... -o DIR``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fatgan.cli import options
from fatgan.errors import ConfigError

if TYPE_CHECKING:
    from analysis import Record
    from analysis.comparison import Events
    from analysis.verdicts import Verdict
    from fatgan.io import ReadOptions

DISTINGUISHABLE = 2
"""Exit status of ``--check`` for a sample that can be told from the reference."""
OWN_FILES = ("report.html", "report.md", "ranking.json")
"""Written beside the folders of several samples."""


def command(
    reference: Annotated[Path, typer.Argument(help="File of true events.")],
    samples: Annotated[
        list[Path], typer.Argument(metavar="SAMPLE...", help="Files of events to judge.")
    ],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder of the report.")],
    truth: Annotated[
        Path | None,
        typer.Option(help="Further true events, independent of REFERENCE, for the floors."),
    ] = None,
    label: Annotated[
        list[str] | None,
        typer.Option(help="Name of a sample, once for each; the files' names otherwise."),
    ] = None,
    check: Annotated[
        bool,
        typer.Option("--check", help="Exit with status 2 if a sample is distinguishable."),
    ] = False,
    scores: Annotated[
        str, typer.Option(help="'default', 'all', or names, separated by commas.")
    ] = "default",
    pdf: Annotated[bool, typer.Option("--pdf", help="Write the figures as PDF, too.")] = False,
    beams: options.Beams = None,
    frame: options.FrameOption = None,
    lepton: options.Lepton = None,
    tree: options.Tree = None,
    columns: options.Columns = None,
    cut: options.Cut = None,
    limit: options.Limit = None,
    units: options.UnitsOption = None,
    format_: options.ReadFormat = None,
    seed: options.Seed = 0,
) -> None:
    """Say how far samples are from the truth: scores with floors, figures, a report.

    Of several samples each has its report in a folder of its own, DIR/LABEL, and DIR has their
    ranks. --beams, --frame, --lepton, --tree, --columns and --units are for the files that
    fatgan did not write, and shared by them; --cut and --limit hold for every file.
    """
    from analysis.samples import Sample

    labels = _labels(samples, label)
    folders = _folders(labels, output)
    chosen = _chosen(scores)
    asked = options.read_options(beams, frame, tree, columns, cut, limit, units, lepton, format_)
    readings = readings_of([reference, *samples, *([] if truth is None else [truth])], asked)
    true = Sample.from_file(reference, readings[reference], seed=seed)
    more = None if truth is None else Sample.from_file(truth, readings[truth], seed=seed)
    records = {}
    for path, name, folder in zip(samples, labels, folders, strict=True):
        # what is to be judged is judged as it is, with its unphysical events
        sample = Sample.from_file(path, readings[path], label=name, keep_unphysical=True, seed=seed)
        records[name] = compare(
            true,
            sample,
            folder,
            truth=more,
            seed=seed,
            scores=chosen,
            formats=("png", "pdf") if pdf else ("png",),
            context={"reference file": str(reference), "sample file": str(path)},
        )
    verdicts = _said(records, true.label, output)
    if check and any(verdict.distinguishable for verdict in verdicts):
        raise typer.Exit(DISTINGUISHABLE)


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
    reference: Events,
    sample: Events,
    folder: Path,
    *,
    scores: Sequence[str] | None = None,
    history: Any = None,
    **how: Any,
) -> list[Record]:
    """Write the report of one sample under a progress bar and say where it is.

    ``how`` goes to :func:`analysis.validate`.
    """
    from analysis import validate
    from analysis.validation import steps
    from fatgan.progress import stepped

    with stepped("validating", steps(scores, history)) as progress:
        records = validate(
            reference,
            sample,
            folder,
            scores=scores,
            history=history,
            progress=progress,
            **how,
        )
    typer.echo(f"report: {folder / 'report.html'}")
    return records


def _said(records: dict[str, list[Record]], reference: str, output: Path) -> list[Verdict]:
    """Say the verdicts, after the ranks of several samples are written."""
    from analysis import rank, verdict, write_ranking

    if len(records) == 1:
        verdicts = [verdict(own) for own in records.values()]
        typer.echo(str(verdicts[0]))
        return verdicts
    ranking = rank(records)
    pages = {name: f"{_folder_name(name)}/report.html" for name in records}
    page = write_ranking(ranking, output, pages, reference_label=reference)
    typer.echo(f"ranks: {page}")
    for name, outcome in zip(ranking.labels, ranking.verdicts, strict=True):
        typer.echo(f"{name}: {outcome}")
    return list(ranking.verdicts)


def _labels(samples: list[Path], given: list[str] | None) -> list[str]:
    if not given:
        return [path.name for path in samples]
    if len(given) != len(samples):
        count = len(samples)
        raise ConfigError(
            f"--label names {len(given)} of {count} sample{'s' * (count != 1)}; give one for each"
        )
    return given


def _folders(labels: list[str], output: Path) -> list[Path]:
    """Return a folder for each sample: the output itself for a single one."""
    if len(labels) == 1:
        return [output]
    names = [_folder_name(label) for label in labels]
    for label, name in zip(labels, names, strict=True):
        if sum(name.casefold() == other.casefold() for other in names) > 1:
            raise ConfigError(
                f"two samples share the label '{label}' (folder '{name}'); give others with --label"
            )
        if not name or name.casefold() in OWN_FILES:
            raise ConfigError(f"the label '{label}' gives no name of a folder; choose another")
    return [output / name for name in names]


def _folder_name(label: str) -> str:
    """Return a label as a name that is safe in every file system: no '/', no leading dot."""
    import re

    return re.sub(r"[^\w.+-]+", "_", label).strip("._")


def _chosen(scores: str) -> list[str] | None:
    """Return the names of ``--scores``, None for the default ones."""
    from analysis.scores import SCORES
    from analysis.scoring import chosen_scores

    if scores == "default":
        return None
    if scores == "all":
        return [score.name for score in SCORES]
    names = [name.strip() for name in scores.split(",") if name.strip()]
    if not names:
        raise ConfigError("--scores names no score; write 'default', 'all' or names")
    chosen_scores(names)
    return names


def _written_here(path: Path) -> bool:
    from fatgan.errors import SchemaError
    from fatgan.io import describe

    try:
        return describe(path).collision is not None
    except SchemaError:  # no tree or several: fatgan writes one
        return False
