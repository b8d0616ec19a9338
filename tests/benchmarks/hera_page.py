"""The page of the study of HERA's cross-sections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analysis.measurements.comparing import Outcome
from analysis.measurements.hera import Measurement
from analysis.measurements.reduced import Coupling, Prediction
from analysis.measurements.writing import agreement_table

TEXT = """# HERA's cross-sections

Made by `make hera` (`tests/benchmarks/hera.py`): reduced neutral-current cross-sections of
generated events against the combined measurement of H1 and ZEUS ({title}; arXiv:1506.06042, from
the package `nnpdf-data`), for Pythia 8 ({simulated:,} events) and FAT-GAN ({generated:,} events of
a generator that learned {rows:,} events of Pythia's in {seconds:g} s). Both hold e+p events of
27.5x920 GeV with Q2 > 3 GeV2, and FAT-GAN has the cross-section of what it learned:
{sigma:.1f} ± {error:.1f} nb.

* **Pythia 8** is at leading order: q e -> q e by exchange of photon and Z with their interference
  (`WeakBosonExchange:ff2ff(t:gmZ)`), at the level of the hard process, with its default proton PDF;
  no longitudinal structure function, no QED radiation (the data are corrected for it).
* **Bins** reach half-way to the neighbouring points in the logarithm, and at most a factor 1.3 from
  the point. A point counts where each sample covers all of its bin and 25 events are expected.
* **Bin centres**: counts are divided by the integral over the bin of 2 pi alpha^2 Y+ / (x Q^4)
  times the shape of sigma_r there, a polynomial in ln x and ln Q2 through the data. Without the
  shape the usable points move by at most {most:.1f} % (the median by {median:.1f} %); ratios of
  two samples do not depend on it.
* **chi2** holds the statistical errors of both, the uncorrelated ones of the data, their 169
  correlated ones (taken of the prediction, as HERA's own chi2 does), and the samples' errors of
  normalisation. The factor is the one that fits best.

Pythia's physics is not tuned to these data here: what FAT-GAN has to meet is Pythia.

"""
ALPHA: dict[Coupling, str] = {
    "fixed": "## alpha = 1/137.036, as the data are defined",
    "running": "## Pythia's running alpha divided out",
}
AMONG = """## FAT-GAN against Pythia 8

At the points where what was learned has enough events, too: its chi2 is what so many
events of Pythia's own are worth.

"""


def page(
    data: Measurement,
    cells: Sequence[Mapping[str, Any]],
    found: Mapping[Coupling, Sequence[Outcome]],
    pair: Sequence[Outcome],
    predictions: Sequence[Prediction],
    moved: NDArray[np.float64],
) -> str:
    """Return the page.

    Parameters
    ----------
    data
        The measurement.
    cells
        Of the study: Pythia, the trainings, what was learned.
    found
        Pythia and the generators against the data, for each alpha.
    pair
        All samples at the points that all of them cover.
    predictions
        All samples.
    moved
        By how much the shape within the bins moves the usable points, relative.
    """
    sigma, error = (value / 1e3 for value in cells[1]["sigma_pb"])
    head = TEXT.format(
        title=data.title,
        simulated=cells[0]["events"],
        generated=cells[1]["events"],
        rows=cells[1]["rows"],
        seconds=cells[1]["seconds"],
        sigma=sigma,
        error=error,
        most=100 * moved.max(),
        median=100 * np.median(moved),
    )
    tables = [f"{ALPHA[name]}\n\n{agreement_table(rows)}\n" for name, rows in found.items()]
    ratios = [_ratio(predictions[0], one) for one in predictions[1:-1]]
    among = AMONG + agreement_table(pair) + "\n\n" + "\n".join(ratios) + "\n"
    figure = "![Reduced cross-sections: data, Pythia 8 and FAT-GAN](hera.png)\n"
    return head + "\n".join([*tables, among, figure])


def _ratio(first: Prediction, other: Prediction) -> str:
    """Return a sentence on the ratios at all points that both cover."""
    some = first.usable & other.usable
    ratio = other.sigma_r[some] / first.sigma_r[some]
    error = ratio * np.hypot(
        other.error[some] / other.sigma_r[some], first.error[some] / first.sigma_r[some]
    )
    weights = error**-2
    mean, spread = np.average(ratio, weights=weights), weights.sum() ** -0.5
    pulls = (ratio - 1) / error
    excess = np.sqrt(max(np.average((ratio - mean) ** 2 - error**2, weights=weights), 0.0))
    return (
        f"{other.label} / {first.label} at {len(ratio)} points: mean {mean:.4f} ± {spread:.4f}, "
        f"{100 * excess:.1f} % scatter beyond the statistical errors (their median: "
        f"{100 * np.median(error):.1f} %), largest pull {pulls[np.argmax(np.abs(pulls))]:+.1f}."
    )
