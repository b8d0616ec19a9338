"""Every score with a permutation law, and how these tests read and change what it measures."""

from analysis.scores.correlations import Correlations, MutualInformation
from analysis.scores.mmd import GaussianMMD
from analysis.scores.physics_distances import FrechetDistance, KernelDistance
from analysis.scores.sliced import SlicedDistances
from fatgan.events import EventTable

ALL = (
    SlicedDistances(),
    FrechetDistance(),
    KernelDistance(),
    GaussianMMD(),
    Correlations(),
    MutualInformation(),
)


def weighted(table, weights):
    return EventTable(*table.momenta, table.collision, weights=weights)


def measured(score, comparison):
    return {m.name: m for m in score.measure(comparison)}


def records(comparison):
    return [m.record(s.name, comparison.seed) for s in ALL for m in s.measure(comparison)]
