"""Divergences of binned data: Jensen-Shannon, Kullback-Leibler, total variation."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from numpy.typing import NDArray

from analysis.laws import Drawn, Law
from analysis.scores.score import Column, ColumnScore
from analysis.summaries import permuted_shares

if TYPE_CHECKING:
    from analysis.comparison import Comparison

Array = NDArray[np.float64]

DRAWS = 200


class BinnedDivergence(ColumnScore):
    """A divergence between the shares of events in bins, in nats.

    The law is that of 200 permutations of all events between the samples, the error that of the
    same fluctuations about the shares that were found. Bins that weights make negative count as
    empty.
    """

    @abstractmethod
    def of_shares(self, p: Array, q: Array, half: float) -> Array:
        """Return the divergence of reference shares p from sample shares q, shape (..., bins).

        ``half`` is the share of half an event of the smaller side.
        """

    def of_column(self, comparison: Comparison, name: str) -> tuple[float, float, Law]:
        """Return the divergence, its error and its law."""
        rng = comparison.rng(f"{self.name} of {name}")
        return self.of_bins(Column.binned(comparison, name), rng)

    def of_bins(self, cells: Column, rng: np.random.Generator) -> tuple[float, float, Law]:
        """Return the divergence, its error and its law."""
        p, q = cells.reference.shares, cells.sample.shares
        chance_p, chance_q = permuted_shares(cells.reference, cells.sample, DRAWS, rng)
        half = 0.5 / min(cells.reference.count.sum(), cells.sample.count.sum())
        value = float(self.of_shares(_positive(p), _positive(q), half))
        near_p, near_q = p + chance_p - chance_p.mean(axis=0), q + chance_q - chance_q.mean(axis=0)
        around = self.of_shares(_positive(near_p), _positive(near_q), half)
        law = Drawn(self.of_shares(_positive(chance_p), _positive(chance_q), half))
        return value, float(around.std(ddof=1)), law


def _positive(shares: Array) -> Array:
    shares = np.maximum(shares, 0)
    return shares / shares.sum(axis=-1, keepdims=True)


class JensenShannon(BinnedDivergence):
    """The Jensen-Shannon divergence, 0 to ln 2: the mean of both KL to the mixture of the two."""

    name: ClassVar[str] = "Jensen-Shannon"

    def of_shares(self, p: Array, q: Array, half: float) -> Array:
        """Return it."""
        from scipy.special import rel_entr

        mean = (p + q) / 2
        return (rel_entr(p, mean) + rel_entr(q, mean)).sum(axis=-1) / 2


class KullbackLeibler(BinnedDivergence):
    """KL(reference || sample), with half an event more in every bin of both (Jeffreys' prior).

    Without it an empty bin of the sample makes it infinite.
    """

    name: ClassVar[str] = "Kullback-Leibler"

    def of_shares(self, p: Array, q: Array, half: float) -> Array:
        """Return it."""
        from scipy.special import rel_entr

        p, q = _positive(p + half), _positive(q + half)
        return rel_entr(p, q).sum(axis=-1)


class TotalVariation(BinnedDivergence):
    """The total variation: half the sum of the differences of all shares, 0 to 1."""

    name: ClassVar[str] = "total variation"

    def of_shares(self, p: Array, q: Array, half: float) -> Array:
        """Return it."""
        return np.abs(p - q).sum(axis=-1) / 2
