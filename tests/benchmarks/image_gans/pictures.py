"""The gallery of the study: a few images of each model, none of them chosen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.figure import Figure

from analysis.figures.save import save
from analysis.figures.style import styled
from fatgan.benchmark.cell import Cell
from fatgan.images.gallery import grid
from fatgan.images.sample import load

SHOWN, COLUMNS = 36, 4


def draw_samples(cells: Sequence[Cell], folder: Path, path: Path) -> None:
    """Draw the first images of the first seed of each model that is still on disk."""
    firsts = {}
    for cell in cells:
        model = folder / "runs" / f"{cell['name']}-{cell['seed']}" / "model"
        if cell["failure"] is None and model.exists():
            firsts.setdefault(cell["name"], model)
    if not firsts:
        return
    rows = -(-len(firsts) // COLUMNS)
    with styled():
        figure = Figure(figsize=(2.4 * COLUMNS, 2.65 * rows), layout="constrained")
        axes = figure.subplots(rows, COLUMNS, squeeze=False)
        for ax in axes.flat:
            ax.axis("off")
        for ax, (name, model) in zip(axes.flat, firsts.items(), strict=False):
            picture = grid(load(model).generate(SHOWN, seed=1).images)
            ax.imshow(picture, cmap="gray", vmin=0, vmax=255)
            ax.set_title(name)
        save(figure, path.parent, path.stem)
