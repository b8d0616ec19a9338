"""The scores: one file each, in the order of the report.

To add a score, write one file with a subclass of :class:`~analysis.scores.score.Score` (or of
``ColumnScore``, for what looks at one column at a time) and put it on the list.
"""

from analysis.scores.bounds import Bounds
from analysis.scores.chi2 import Chi2
from analysis.scores.classifier import ClassifierTwoSample
from analysis.scores.harmonics import PhiHarmonics
from analysis.scores.kolmogorov import KolmogorovSmirnov
from analysis.scores.plane import PlaneChi2
from analysis.scores.score import ColumnScore, Context, Measurement, Score
from analysis.scores.wasserstein import Wasserstein

SCORES: tuple[Score, ...] = (
    ClassifierTwoSample(),
    Chi2(),
    Wasserstein(),
    KolmogorovSmirnov(),
    PlaneChi2(),
    PhiHarmonics(),
    Bounds(),
)
"""Every score that :func:`analysis.compare` knows."""

__all__ = ["SCORES", "ColumnScore", "Context", "Measurement", "Score"]
