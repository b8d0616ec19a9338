"""chi2/ndf of one column in bins of equal population."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from analysis.laws import Closed, Given, Law
from analysis.scores.score import Column, ColumnScore
from analysis.summaries import Content

if TYPE_CHECKING:
    from analysis.comparison import Comparison

Array = NDArray[np.float64]


class Chi2(ColumnScore):
    """Two-sample chi2 per degree of freedom in 50 bins of equal reference population.

    Its law does not depend on the sizes: 1 +- sqrt(2/ndf). Observables with steep spectra are
    binned in ln, which for such bins changes nothing.
    """

    name: ClassVar[str] = "chi2/ndf"

    def of_column(self, comparison: Comparison, name: str) -> tuple[float, float, Law]:
        """Return chi2/ndf, its error and the chi2 law."""
        return chi2_per_ndf(*Column.binned(comparison, name))


def chi2_per_ndf(a: Content, b: Content) -> tuple[float, float, Law]:
    """Return the two-sample chi2 per degree of freedom of two histograms, its error, its law.

    chi2 = sum (p - q)^2/variance over the bins that hold events, with p and q the shares of weight,
    and ndf is one less than their number. The variance is that of two Poisson counts of one truth,
    (p N_a + q N_b)/(N_a N_b), for events that count once, and the sum of both histograms' own
    variances for weighted ones, which is right as far as a bin's own events tell their variance:
    few events of large weight make p-values too small. A single bin tells nothing: 0 +- 0. The
    error is that of a noncentral chi2, sqrt(2 (ndf + 2 lambda))/ndf, lambda = chi2 - ndf where that
    is positive.

    Source: N. Gagunashvili, arXiv:physics/0605123.
    """
    if a.weighted or b.weighted:
        variance = a.variances + b.variances
    else:
        variance = (a.count + b.count) / (a.count.sum() * b.count.sum())
    filled = variance > 0
    ndf = int(np.count_nonzero(filled)) - 1
    if ndf < 1:
        return 0.0, 0.0, Given(0.0, 0.0, 1.0)
    from scipy import stats

    chi2 = float(np.sum((a.shares - b.shares)[filled] ** 2 / variance[filled]))
    error = math.sqrt(2 * (ndf + 2 * max(chi2 - ndf, 0.0)))
    return chi2 / ndf, error / ndf, Closed(stats.chi2(ndf, scale=1 / ndf))
