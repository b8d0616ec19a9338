"""How observables go together: correlations and mutual information of all pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from analysis.scores.permutation import Blocks
from analysis.scores.physics_distances import covariances, with_constant
from analysis.scores.score import Measurement, Score
from analysis.summaries import SPECTRA
from analysis.summaries.columns import column
from analysis.summaries.grid import equal_population_edges
from fatgan.events import EventTable

if TYPE_CHECKING:
    from analysis.comparison import Comparison

Array = NDArray[np.float64]

PAIRED = ("E", "pT", "theta", "phi", "x", "Q2", "y")
"""Observables of the mutual information: of those that nearly agree (W and y, pz and E) one."""
CELLS = 10
"""Cells of equal population per observable."""


class Correlations(Score):
    """Differences between the correlations of both samples: root mean square over 55 pairs.

    Of the 11 spectra, steep ones in ln: linear correlations, and those of ranks, which a few
    events far out in a tail do not rule. Ranks are those among both samples together. A constant
    column is correlated with nothing: 0. Law and error:
    :class:`~analysis.scores.permutation.Blocks`.
    """

    name: ClassVar[str] = "correlations"

    def measure(self, comparison: Comparison) -> Iterator[Measurement]:
        """Yield ``linear correlations`` and ``rank correlations``."""
        blocks = Blocks(comparison)
        columns = _pooled(comparison, blocks, SPECTRA)
        for kind, ranked in (("linear", False), ("rank", True)):
            used = [_ranks(values) for values in columns] if ranked else columns
            rows = np.stack([_in_sigmas(values) for values in used])
            a, b = blocks.means(blocks.products(rows, with_constant))
            gap = (_correlations(b) - _correlations(a))[:, *np.triu_indices(len(rows), 1)]
            values = np.sqrt(np.mean(gap**2, axis=1))
            yield Measurement(f"{kind} {self.name}", None, *blocks.outcome(values), *blocks.sizes)


class MutualInformation(Score):
    """Root mean square difference of the mutual information (nats) of all pairs of 7 observables.

    In 10 x 10 cells of equal population of both samples together, per observable. It sees what
    is not linear: where an observable is 0 on average at any value of the other, and yet not
    independent of it. Cells with a negative sum of weights count as empty. Law and error:
    :class:`~analysis.scores.permutation.Blocks`.

    Source: T. Cover and J. Thomas, Elements of Information Theory (2006), chapter 2.
    """

    name: ClassVar[str] = "mutual information"

    def measure(self, comparison: Comparison) -> Iterator[Measurement]:
        """Yield one measurement."""
        blocks = Blocks(comparison)
        columns = _pooled(comparison, blocks, PAIRED)
        placed = [_places(c, equal_population_edges(c, CELLS)) for c in columns]
        total = np.zeros(1)
        pairs = list(combinations(placed, 2))
        for (first, rows), (second, cols) in pairs:
            sums = blocks.counts(first * cols + second, rows * cols)
            a, b = (_information(m) for m in blocks.means(sums.reshape(-1, rows, cols)))
            total = total + (b - a) ** 2
        values = np.sqrt(total / len(pairs))
        yield Measurement(self.name, None, *blocks.outcome(values), *blocks.sizes)


def correlation_matrix(
    table: EventTable,
    reference: EventTable | None = None,
    names: Sequence[str] = SPECTRA,
    *,
    ranked: bool = False,
) -> Array:
    """Return the correlations of observables, weighted, shape (k, k).

    Parameters
    ----------
    table
        The events.
    reference
        Its lowest values stand in for those that an unphysical event does not have; those of
        the table itself when None.
    names
        Observables, in the order of the matrix; steep ones enter with their ln. One that is
        constant is correlated with nothing, and 1 with itself.
    ranked
        Correlations of ranks (Spearman) instead of values (Pearson).
    """
    columns = [_values(name, table, reference) for name in names]
    if ranked:
        columns = [_ranks(values, table.weights) for values in columns]
    rows = with_constant(np.stack([_in_sigmas(values) for values in columns]))
    w = _weights(table)
    return _correlations((rows * w) @ rows.T)


def mutual_information_matrix(
    table: EventTable, reference: EventTable | None = None, names: Sequence[str] = PAIRED
) -> Array:
    """Return the mutual information of observables in nats, weighted, shape (k, k).

    The cells are 10 per observable, of equal population of the reference (the table itself when
    None). The diagonal is the entropy of an observable in its cells, ln 10 for the reference.
    Other parameters as for :func:`correlation_matrix`.
    """
    others = table if reference is None else reference
    placed = []
    for name in names:
        edges = equal_population_edges(_values(name, others, others), CELLS, others.weights)
        placed.append(_places(_values(name, table, others), edges))
    w = _weights(table)
    matrix = np.empty((len(names), len(names)))
    for i, (first, rows) in enumerate(placed):
        for j, (second, cols) in enumerate(placed):
            sums = np.bincount(first * cols + second, w, rows * cols).astype(float)
            matrix[i, j] = _information(sums.reshape(rows, cols))
    return matrix


def _pooled(comparison: Comparison, blocks: Blocks, names: Sequence[str]) -> list[Array]:
    """Return observables of the events in blocks, each of shape (events,)."""
    tables = comparison.reference.rows, comparison.sample.rows
    spectra = (comparison.grid.spectra[name] for name in names)
    return [blocks.pooled(*(spectrum.values(t) for t in tables)) for spectrum in spectra]


def _values(name: str, table: EventTable, reference: EventTable | None) -> Array:
    values = column(name, table)
    finite = np.isfinite(values)
    if finite.all():
        return values
    others = column(name, table if reference is None else reference)
    return np.where(finite, values, others[np.isfinite(others)].min(initial=np.inf))


def _weights(table: EventTable) -> Array:
    w = np.ones(len(table)) if table.weights is None else table.weights
    return w / w.sum()


def _ranks(values: Array, weights: Array | None = None) -> Array:
    """Return the weight below each value, and half of that at it, shape (n,)."""
    _, places = np.unique(values, return_inverse=True)
    at = np.bincount(places, weights)
    return (np.cumsum(at) - at / 2)[places]


def _in_sigmas(values: Array) -> Array:
    """Return values of mean 0 and spread 1, or all 0: their products lose no digits."""
    centred = values - values.mean()
    spread = float(centred.std())
    return centred / spread if spread > 1e-12 * np.abs(values).max() else np.zeros(len(values))


def _correlations(products: Array) -> Array:
    """Return correlations from means of products of (1, x), (..., 1 + k, 1 + k) to (..., k, k)."""
    _, covariance = covariances(products)
    variance = np.diagonal(covariance, axis1=-2, axis2=-1)
    varies = variance > 1e-12
    unit = np.sqrt(np.where(varies, variance, np.inf))
    found = np.clip(covariance / (unit[..., :, None] * unit[..., None, :]), -1, 1)
    places = np.arange(found.shape[-1])
    found[..., places, places] = 1.0
    return found


def _places(values: Array, edges: Array) -> tuple[NDArray[np.intp], int]:
    return np.searchsorted(edges, values, side="right"), len(edges) + 1


def _information(shares: Array) -> Array:
    """Return the mutual information of shares in cells, shape (..., rows, cols) to (...)."""
    from scipy.special import entr

    both = np.maximum(shares, 0)
    rows, cols = (entr(both.sum(axis=axis)).sum(axis=-1) for axis in (-1, -2))
    return rows + cols - entr(both).sum(axis=(-2, -1))
