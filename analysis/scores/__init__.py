"""The scores: one file each, in the order of the report.

To add a score, write one file with a subclass of :class:`~analysis.scores.score.Score` (or of
``ColumnScore``, for what looks at one column at a time) and put it on the list.
"""

from analysis.scores.bounds import Bounds
from analysis.scores.chi2 import Chi2
from analysis.scores.classifier import ClassifierTails, ClassifierTwoSample
from analysis.scores.correlations import Correlations, MutualInformation
from analysis.scores.coverage import Coverage
from analysis.scores.divergences import JensenShannon, KullbackLeibler, TotalVariation
from analysis.scores.duplicates import Duplicates
from analysis.scores.edges import Edges
from analysis.scores.harmonics import PhiHarmonics
from analysis.scores.kolmogorov import KolmogorovSmirnov
from analysis.scores.memorisation import Memorisation
from analysis.scores.mmd import GaussianMMD
from analysis.scores.physics_distances import FrechetDistance, KernelDistance
from analysis.scores.plane import PlaneChi2
from analysis.scores.score import ColumnScore, Measurement, Score
from analysis.scores.sliced import SlicedDistances
from analysis.scores.tails import Tails
from analysis.scores.wasserstein import Wasserstein

SCORES: tuple[Score, ...] = (
    ClassifierTwoSample("trees", "C2ST AUC"),
    ClassifierTwoSample("MLP", "C2ST AUC (MLP)"),
    ClassifierTails("trees", "C2ST weights"),
    Chi2(),
    Wasserstein(),
    KolmogorovSmirnov(),
    Tails(),
    PlaneChi2(),
    SlicedDistances(),
    FrechetDistance(),
    Correlations(),
    MutualInformation(),
    PhiHarmonics(),
    Edges(),
    Bounds(),
    Coverage(),
    Duplicates(),
    Memorisation(),
    JensenShannon(),
    KullbackLeibler(),
    TotalVariation(),
    GaussianMMD(),
    KernelDistance(),
)
"""Every score that :func:`analysis.compare` knows."""

_ON_REQUEST = (
    "Jensen-Shannon",
    "Kullback-Leibler",
    "total variation",
    "MMD",
    "kernel distance",
)
DEFAULT: tuple[str, ...] = tuple(s.name for s in SCORES if s.name not in _ON_REQUEST)
"""The scores that are computed when none are named."""

__all__ = ["DEFAULT", "SCORES", "ColumnScore", "Measurement", "Score"]
