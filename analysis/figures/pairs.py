"""Inter-correlations: pairs of observables, data and model side by side, ratio and pull."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

from analysis.comparison import Comparison
from analysis.figures.axes import log_ticks
from analysis.figures.histograms2d import RATIO_EVENTS, count_pair, draw_both, draw_pull, draw_ratio
from analysis.figures.style import ratio_label, sample_label

PAIRS = (("px", "py"), ("pz", "pT"), ("E", "theta"), ("x", "Q2"))
BINS, RATIO_BINS = 50, 30


def draw_pairs(comparison: Comparison) -> Figure:
    """Return one row per pair of observables: reference, sample, ratio and pull per cell.

    The pairs are those of the FAT-GAN papers: Y. Alanazi et al., arXiv:2001.11103.
    """
    figure = Figure(figsize=(16.5, 14.2))
    rows: dict[str, Any] = {"nrows": len(PAIRS), "top": 0.965, "bottom": 0.045, "hspace": 0.24}
    # left and right end of each panel or colour bar
    panels = [(0.045, 0.22), (0.235, 0.41), (0.51, 0.685), (0.78, 0.955)]
    bars = [(0.415, 0.424), (0.69, 0.699), (0.96, 0.969)]
    spans = [*panels[:2], bars[0], panels[2], bars[1], panels[3], bars[2]]
    columns = [figure.add_gridspec(**rows, ncols=1, left=a, right=b) for a, b in spans]
    label = f"ratio (cells with {RATIO_EVENTS} or more events)"
    for row, (x, y) in enumerate(PAIRS):
        places = (figure.add_subplot(column[row]) for column in columns)
        left, right, share_bar, ratio, ratio_bar, pull, pull_bar = places
        pair = count_pair(x, y, comparison, BINS)
        mesh = draw_both((left, right), pair)
        figure.colorbar(mesh, cax=share_bar, label="fraction per cell")
        log_ticks(share_bar, "y", small=True)
        right.set_ylabel("")
        right.tick_params(labelleft=False)
        mesh = draw_ratio(ratio, count_pair(x, y, comparison, RATIO_BINS))
        figure.colorbar(
            mesh,
            cax=ratio_bar,
            extend="both",
            label=label,
        )
        mesh = draw_pull(pull, pair)
        figure.colorbar(mesh, cax=pull_bar, extend="both", label="pull")
        if row == 0:
            left.set_title(sample_label(comparison.reference, 34))
            right.set_title(sample_label(comparison.sample, 34))
            ratio.set_title(ratio_label(comparison.labels))
            pull.set_title("difference of the shares / error")
    return figure
