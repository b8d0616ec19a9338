"""The figures of a comparison. To add one, write a file here and put it into ``FIGURES``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from matplotlib.figure import Figure

from analysis.figures.pairs import draw_pairs
from analysis.figures.plane import draw_x_Q2
from analysis.figures.save import save
from analysis.figures.spectra import draw_overview, draw_spectrum
from analysis.figures.style import styled
from analysis.scores.score import SPECTRA
from fatgan.errors import DataError
from fatgan.events import EventTable

__all__ = ["FIGURES", "draw_all", "draw_overview", "draw_pairs", "draw_spectrum", "draw_x_Q2"]

FIGURES: dict[str, Callable[[EventTable, EventTable, tuple[str, str]], Figure]] = {
    "overview": draw_overview,
    "x_Q2": draw_x_Q2,
    "correlations": draw_pairs,
    **{f"spectrum_{name}": partial(draw_spectrum, name) for name in SPECTRA},
}
"""Every figure of ``draw_all``, in the order of the report."""


def draw_all(
    reference: EventTable,
    sample: EventTable,
    folder: str | Path,
    labels: tuple[str, str] = ("data", "FAT-GAN"),
    formats: Sequence[str] = ("png",),
    progress: Callable[[str], None] | None = None,
) -> dict[str, Path]:
    """Draw every figure of a comparison into a folder.

    Parameters
    ----------
    reference, sample
        Events of the same beams; the sample is rotated into the reference's frame.
    folder
        Where ``overview.png``, ``x_Q2.png``, ``correlations.png`` and ``spectrum_<name>.png``
        go; made if it is not there.
    labels
        Names of reference and sample in the legends.
    formats
        Any of ``png`` and ``pdf``; the paths returned are of the first.
    progress
        Called with the name of each figure before it is drawn.

    Returns
    -------
    dict
        Name of the figure to its file, in the order of the report.

    Raises
    ------
    DataError
        If a table is empty.
    """
    for table, role in ((reference, "reference"), (sample, "sample")):
        if len(table) == 0:
            raise DataError(f"the {role} has no events to draw")
    sample = sample.with_frame(reference.collision.frame)
    paths = {}
    for name, draw in FIGURES.items():
        if progress:
            progress(f"figure: {name}")
        with styled():
            paths[name] = save(draw(reference, sample, labels), Path(folder), name, formats)
    return paths
