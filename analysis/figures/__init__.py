"""The figures of a comparison. To add one, write a file here and put it into ``FIGURES``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from matplotlib.figure import Figure

from analysis.comparison import Comparison
from analysis.figures.captions import CAPTIONS
from analysis.figures.classifier_map import draw_classifier_map
from analysis.figures.classifier_weights import draw_classifier_weights
from analysis.figures.corner import draw_corner
from analysis.figures.matrices import draw_matrices
from analysis.figures.pairs import draw_pairs
from analysis.figures.plane import draw_x_Q2
from analysis.figures.save import check_formats, save
from analysis.figures.spectra import draw_overview, draw_spectrum
from analysis.figures.style import styled
from analysis.figures.training import History, check_history, draw_training
from analysis.summaries import SPECTRA

__all__ = ["CAPTIONS", "FIGURES", "draw_all", "draw_training"]

FIGURES: dict[str, Callable[[Comparison], Figure]] = {
    "overview": draw_overview,
    "x_Q2": draw_x_Q2,
    "correlations": draw_pairs,
    "correlation_matrices": draw_matrices,
    "corner": draw_corner,
    "classifier_map": draw_classifier_map,
    "classifier_weights": draw_classifier_weights,
    **{f"spectrum_{name}": partial(draw_spectrum, name) for name in SPECTRA},
}
"""Every figure of ``draw_all``, in the order of the report."""


def draw_all(
    comparison: Comparison,
    folder: str | Path,
    formats: Sequence[str] = ("png",),
    progress: Callable[[str], None] | None = None,
    history: History | None = None,
) -> dict[str, Path]:
    """Draw every figure of a comparison into a folder.

    Parameters
    ----------
    comparison
        Both samples; what scores have worked out of it, like classifiers, is not done again.
    folder
        Where ``overview.png``, ``spectrum_<name>.png`` and all others of ``FIGURES`` go; made if
        it is not there.
    formats
        Any of ``png`` and ``pdf``; the paths returned are of the first.
    progress
        Called with the name of each figure before it is drawn.
    history
        What a training recorded, the entries of its ``history.json``: adds the figure
        ``training``, the last one.

    Returns
    -------
    dict
        Name of the figure to its file, in the order of the report.

    Raises
    ------
    ConfigError
        For an unknown format.
    DataError
        If the folder cannot be written, or the history has no steps.
    """
    figures: dict[str, Callable[[], Figure]] = {
        name: partial(draw, comparison) for name, draw in FIGURES.items()
    }
    check_formats(formats)
    if history is not None:
        check_history(history)
        figures["training"] = partial(draw_training, history)
    paths = {}
    for name, draw in figures.items():
        if progress:
            progress(f"figure: {name}")
        with styled():
            paths[name] = save(draw(), Path(folder), name, formats)
    return paths
