"""``fatgan inspect FILE_OR_MODEL``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from fatgan.cli import options
from fatgan.errors import ModelError


def command(
    path: Annotated[Path, typer.Argument(help="File of events or model bundle.")],
    tree: options.Tree = None,
) -> None:
    """Say what a file of events or a model bundle holds."""
    try:
        lines = list(_model(path) if path.is_dir() else _file(path, tree))
    except ModelError as error:
        raise ModelError(str(error) if str(path) in str(error) else f"{path}: {error}") from None
    for name, value in lines:
        typer.echo(f"{name:>12}: {value}")


def _file(path: Path, tree: str | None) -> Iterable[tuple[str, Any]]:
    from fatgan.io import describe

    found = describe(path, options.read_options(tree=tree))
    yield "format", found.format
    if found.tree:
        yield "tree", found.tree
    yield "entries", f"{found.entries:,}"
    yield "columns", ", ".join(f"{name} ({kind})" for name, kind in found.columns.items())
    yield "collision", found.collision or "not stated in the file: give --beams and --frame"
    yield from (found.provenance or {}).items()


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
