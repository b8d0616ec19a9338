"""``fatgan run CONFIG``: train, generate, validate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from fatgan.cli import options
from fatgan.cli.generate import write_events
from fatgan.cli.inspect import checkpoint, rows
from fatgan.cli.scan import report
from fatgan.cli.train import Resume, start
from fatgan.cli.validate import compare

if TYPE_CHECKING:
    from fatgan.events import EventTable
    from fatgan.generator.config import RunConfig
    from fatgan.generator.train import TrainedRun


def command(
    config: options.Config,
    data: options.Data = None,
    beams: options.Beams = None,
    frame: options.FrameOption = None,
    lepton: options.Lepton = None,
    tree: options.Tree = None,
    columns: options.Columns = None,
    cut: options.Cut = None,
    limit: options.Limit = None,
    units: options.UnitsOption = None,
    format_: options.ReadFormat = None,
    out: options.Out = None,
    seed: options.SeedOverride = None,
    set_: options.Set = None,
    resume: Resume = False,
) -> None:
    """Train on a file, generate a sample, and compare it with events held out from training."""
    reading = options.given_reading(beams, frame, tree, columns, cut, limit, units, lepton, format_)
    trained = start(config, data, out, seed, reading, set_, resume)
    files = _generate(trained)
    _validate(trained)
    for path in (trained.model, *files):
        typer.echo(f"wrote {path}")


def _generate(trained: TrainedRun) -> list[Path]:
    wanted = trained.config.generation
    files = [trained.folder / f"events.{suffix}" for suffix in wanted.formats]
    write_events(
        trained.generator,
        wanted.events,
        files,
        seed=trained.config.seed,
        derived=wanted.derived,
        asked=_like(trained, trained.data.training, wanted.events),
    )
    return files


def _like(trained: TrainedRun, table: EventTable, events: int) -> dict[str, Any]:
    """Return beams and conditions for so many events, as a table has them."""
    from fatgan.generator.likeness import target_like

    seed, transform = trained.config.seed, trained.generator.transform
    target = target_like(transform, table, events, seed=seed, purpose="run")
    return {"collision": target.collision, "conditions": target.conditions}


def _validate(trained: TrainedRun) -> None:
    from analysis import verdict

    held_out = trained.data.held_out
    count = min(trained.config.validation.events, len(held_out))
    if count < 2:
        typer.echo("no rows were held out (data.held_out): no validation", err=True)
        return
    if len(held_out.by_setting()) > 1:
        report(
            trained.generator,
            held_out[:count],
            trained.folder,
            seed=trained.config.seed,
            context=_context(trained),
        )
        return
    # The events of the files' own seed: what is judged is what was written, but for conditions,
    # which are those of the held-out events.
    asked = _like(trained, held_out[:count], count)
    sample = trained.generator.generate(count, seed=trained.config.seed, **asked)
    records = compare(
        held_out[:count],
        sample,
        trained.folder,
        truth=trained.data.training,
        fiducial=trained.generator.transform.fiducial,
        labels=("held-out data", "FAT-GAN"),
        seed=trained.config.seed,
        context=_context(trained),
        history=trained.history or None,
    )
    typer.echo(str(verdict(records)))


def _context(trained: TrainedRun) -> dict[str, Any]:
    manifest = trained.generator.manifest
    source = manifest["data"]["provenance"]
    training = manifest["training"]
    name = source.get("source") or f"{len(source['sources'])} files"
    return {
        "data": f"{name} (sha256 {str(source.get('sha256'))[:16]}...)",
        "collision": str(trained.generator.collision),
        "rows": rows(manifest["data"]),
        "training": f"{training['steps']:,} steps, {training['seconds']} s, {training['device']}",
        "checkpoint": checkpoint(training),
        "objective": _objective(trained.config),
        "redrawn as unphysical": f"{100 * trained.rejected_share():.3f} %",
        "seed": trained.config.seed,
        "versions": ", ".join(f"{k} {v}" for k, v in manifest["versions"].items()),
    }


def _objective(config: RunConfig) -> str:
    parts: list[str] = [config.objective.name]
    if config.penalty.name != "none":
        parts.append(config.penalty.name)
    if config.mmd.weight:
        parts.append("MMD")
    return " + ".join(parts)
