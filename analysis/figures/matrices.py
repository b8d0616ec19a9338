"""Correlation matrices: data, model, and their difference."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.colors import Normalize
from matplotlib.figure import Figure
from numpy.typing import NDArray

from analysis.comparison import Comparison
from analysis.figures.style import DEVIATION, sample_label
from analysis.scores.correlations import correlation_matrix
from analysis.summaries import SPECTRA
from fatgan.events import OBSERVABLES

Array = NDArray[np.float64]

REACHES = (0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
"""Ends of the colour scale of the difference."""


def draw_matrices(comparison: Comparison) -> Figure:
    """Return Pearson's correlations of the observables: reference, sample and difference.

    Steep observables enter as their logarithms, weighted events with their weights; see
    :func:`~analysis.scores.correlations.correlation_matrix`.
    """
    figure = Figure(figsize=(17.6, 5.6))
    height, width = 0.88, 0.28
    panels = [figure.add_axes((left, 0.06, width, height)) for left in (0.035, 0.325, 0.682)]
    bars = [figure.add_axes((left, 0.06, 0.008, height)) for left in (0.61, 0.967)]
    tables = comparison.reference.rows, comparison.sample.rows
    reference, sample = (correlation_matrix(table, tables[0]) for table in tables)
    difference = sample - reference
    largest = float(np.abs(difference).max())
    reach = next((reach for reach in REACHES if largest <= reach), REACHES[-1])
    titles = [sample_label(s, 56) for s in (comparison.reference, comparison.sample)]
    for ax, values, title in zip(panels, (reference, sample), titles, strict=False):
        mesh = _draw_matrix(ax, values, 1.0, "{:.2f}")
        ax.set_title(title)
    figure.colorbar(mesh, cax=bars[0])
    panels[1].tick_params(labelleft=False)
    mesh = _draw_matrix(panels[2], 100 * difference, 100 * reach, "{:.1f}")
    panels[2].set_title("difference × 100")
    figure.colorbar(mesh, cax=bars[1])
    return figure


def _draw_matrix(ax: Any, values: Array, end: float, digits: str) -> Any:
    norm = Normalize(-end, end)
    mesh = ax.imshow(values, cmap=DEVIATION, norm=norm, aspect="auto")
    observables = [OBSERVABLES[name] for name in SPECTRA]
    labels = [rf"$\ln\,{o.label.strip('$')}$" if o.log else o.label for o in observables]
    for side in (ax.set_xticks, ax.set_yticks):
        side(range(len(labels)), labels)
    ax.tick_params(length=0, pad=4)
    for (row, across), value in np.ndenumerate(values):
        text = digits.format(value)
        text = text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")
        colour = "white" if abs(value) > 0.6 * end else "black"
        ax.text(across, row, text, ha="center", va="center", fontsize=8.5, color=colour)
    return mesh
