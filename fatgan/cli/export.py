"""``fatgan export MODEL -o FILE``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from fatgan.cli.quiet import load_tensorflow

Output = Annotated[
    Path,
    typer.Option("-o", "--output", help="model.onnx, or a folder: TensorFlow's SavedModel."),
]


def command(
    model: Annotated[Path, typer.Argument(help="Model bundle, like runs/quickstart/model.")],
    output: Output,
) -> None:
    """Write a model for C++ and others: noise and conditions in, px, py, pz, E out."""
    load_tensorflow()
    from fatgan.generator.export.write import export

    agreement = export(model, output)
    typer.echo(f"{agreement}: {output}")
