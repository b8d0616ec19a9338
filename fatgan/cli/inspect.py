"""``fatgan inspect FILE_OR_MODEL``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from fatgan.cli import options
from fatgan.errors import DataError, ModelError

if TYPE_CHECKING:
    from fatgan.io import ReadOptions, Survey
    from fatgan.io.surveying import Range


def command(
    path: Annotated[Path, typer.Argument(help=f"{options.EVENTS} Or a model bundle.")],
    beams: options.Beams = None,
    frame: options.FrameOption = None,
    lepton: options.Lepton = None,
    tree: options.Tree = None,
    columns: options.Columns = None,
    limit: options.Limit = None,
    units: options.UnitsOption = None,
    format_: options.ReadFormat = None,
) -> None:
    """Say what a file of events or a model bundle holds.

    Ranges are those of the first million entries, of event records of the first hundred thousand.
    """
    from fatgan.adversarial.manifest import MANIFEST
    from fatgan.io import survey

    if (path / MANIFEST).is_file():
        try:
            _say(_model(path))
        except ModelError as error:
            named = str(error) if str(path) in str(error) else f"{path}: {error}"
            raise ModelError(named) from None
        return
    reading = options.read_options(beams, frame, tree, columns, None, limit, units, lepton, format_)
    try:
        seen = survey(path, reading)
    except DataError as error:
        if not path.is_dir():
            raise
        raise DataError(f"{error}; nor is it a model bundle, without {MANIFEST}") from None
    _say(_of_file(seen, reading))
    typer.echo()
    for line in _ranges(seen):
        typer.echo(line)
    if seen.description.provenance:
        typer.echo("\n  provenance")
        _say(_flat(seen.description.provenance))


def _say(lines: Iterable[tuple[str, Any]]) -> None:
    found = list(lines)
    width = max(12, *(len(name) for name, _ in found))
    for name, value in found:
        typer.echo(f"{name:>{width}}: {value}")


def _of_file(seen: Survey, reading: ReadOptions) -> Iterable[tuple[str, Any]]:
    found = seen.description
    yield "format", found.format
    if found.tree:
        yield "tree", found.tree
    files = f" in {len(found.files):,} files" if len(found.files) > 1 else ""
    yield "events", f"{found.entries:,}{files}"
    yield "beams", found.collision or "not stated in the file: give --beams and --frame"
    electron = found.electron or seen.electron
    if electron:
        yield "electron", electron
    if not found.units:
        yield "units", f"not stated in the file, momenta are read in {reading.units}"
    if seen.weights is not None and seen.weights.events:
        weights = seen.weights
        share = f"{100 * weights.negative / weights.events:.3g} % negative"
        yield "weights", f"column {weights.column}: sum {weights.total:.6g}, {share}"
    elif found.collision is not None:
        yield "weights", "none, every event counts once"
    if seen.unphysical:
        yield "unphysical", f"of {seen.entries:,} events {seen.unphysical}"
    if seen.problem:
        yield "problem", seen.problem


def _ranges(seen: Survey) -> Iterable[str]:
    """Return a table: each column, what it holds and from where to where."""
    from fatgan.events.observables import OBSERVABLES

    found = seen.description
    rows = [("column", "type", "unit", "min", "max", "")]
    for name, kind in found.columns.items():
        unit = found.units.get(name, "?")
        rows.append((name, kind, unit, *_limits(seen.columns.get(name))))
    for name, limits in seen.kinematics.items():
        if name in found.units:  # a column that is known to be the same
            continue
        unit = OBSERVABLES[name].unit.replace("$", "")
        rows.append((name, "computed", unit, *_limits(limits)))
    widths = [max(len(row[i]) for row in rows) for i in range(6)]
    for row in rows:
        words = [f"{word:<{width}}" for word, width in zip(row, widths, strict=True)]
        words[3:5] = [f"{row[i]:>{widths[i]}}" for i in (3, 4)]
        yield f"  {'  '.join(words)}".rstrip()
    if 0 < seen.entries < found.entries:
        yield f"  (min and max of the first {seen.entries:,} of {found.entries:,} events)"


def _limits(found: Range | None) -> tuple[str, str, str]:
    if found is None or found.low > found.high:
        return "", "", "" if found is None else _not_finite(found)
    return f"{found.low:.6g}", f"{found.high:.6g}", _not_finite(found)


def _not_finite(found: Range) -> str:
    return f"{found.not_finite:,} NaN or infinite" if found.not_finite else ""


def _flat(entries: Mapping[str, Any], prefix: str = "") -> Iterable[tuple[str, Any]]:
    """Return the entries of nested provenance one a line, lists by their length."""
    for name, value in entries.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
            yield f"{prefix}{name}", f"{len(value):,} entries"
        else:
            yield f"{prefix}{name}", value


def _model(path: Path) -> Iterable[tuple[str, Any]]:
    from fatgan.adversarial.manifest import read_manifest

    manifest = read_manifest(path)
    training = manifest["training"]
    yield "model", manifest["name"]
    yield "created", manifest["created"]
    yield from _of_images(manifest) if manifest.get("kind") == "images" else _of_events(manifest)
    yield "training", f"{training['steps']:,} steps in {training['seconds']} s"
    yield "seed", manifest["seed"]
    yield "checksum", manifest["checksum"]
    yield "versions", ", ".join(f"{k} {v}" for k, v in manifest["versions"].items())


def _of_images(manifest: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    config, data = manifest["config"], manifest["data"]
    yield "GAN", config["gan"]
    yield "images", " x ".join(map(str, manifest["shape"])) + " (height, width, channels)"
    yield "networks", config["networks"]["name"]
    yield "objective", f"{config['objective']['name']}, {config['penalty']['name']}"
    yield "data", f"{data['name']}: {data['images']:,} learned, {data['held_out']:,} held out"
    for name, value in manifest["training"]["evidence"].items():
        yield "evidence", f"{name}: {value:.4g}"


def _of_events(manifest: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    from fatgan.representations import FeatureTransform

    config, transform = manifest["config"], FeatureTransform.from_dict(manifest["transform"])
    yield "collision", transform.collision
    if transform.conditions:
        for name, (low, high) in transform.conditions.ranges.items():
            yield "condition", f"{name} from {low:g} to {high:g}"
        beams = dict.fromkeys(setting["beams"] for setting in manifest["data"]["settings"])
        yield "trained at", ", ".join(beams)
    fiducial = transform.fiducial
    yield "fiducial", f"Q2 >= {fiducial.Q2_min:.6g} GeV^2, W2 >= {fiducial.W2_min:.6g} GeV^2"
    if fiducial.cut:
        yield "cut", fiducial.cut
    yield "features", ", ".join(f"{k} {v}" for k, v in transform.settings.to_dict().items())
    yield "objective", f"{config['objective']['name']}, {config['penalty']['name']}, MMD"
    provenance = manifest["data"]["provenance"]
    sources = [each["source"] for each in provenance.get("sources", [provenance])]
    yield "data", ", ".join(sources)
    yield "rows", rows(manifest["data"])
    yield "checkpoint", checkpoint(manifest["training"])


def rows(data: Mapping[str, Any]) -> str:
    """Say what became of the rows of a model's data."""
    kinds = {"rows": "learned", "selection": "to choose the checkpoint", "held_out": "held out"}
    return ", ".join(f"{data[key]:,} {kind}" for key, kind in kinds.items() if key in data)


def checkpoint(training: Mapping[str, Any]) -> str:
    """Say which generator of a training was chosen, and how far it is from the selection rows."""
    chosen = training.get("selection")
    if not chosen:
        return "the last step"
    return f"step {chosen['step']:,}, distance {chosen['distance']:.4f} ± {chosen['error']:.4f}"
