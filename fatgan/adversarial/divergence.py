"""How far generated rows are from rows that no training saw, with the error of that."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fatgan.adversarial.partition import Partition
from fatgan.adversarial.shares import Counts, Distance, WeightedShares
from fatgan.adversarial.weights import checked_weights
from fatgan.errors import DataError

__all__ = ["Distance", "Divergence"]

PER_CELL = 250
"""Rows of the smaller sample in a cell, where there are enough."""
LEAST_CELLS, MOST_CELLS = 16, 1024
FEWEST_PER_CELL = 20
"""Few rows are cut into the least number of cells, but never below these in each: from there on
chi2 would not follow its law."""
FOR_THE_CELLS = 1000
"""Training rows per cell that the cells are made from: their populations are even to 3 %."""


class Divergence:
    """The chi-square divergence of generated rows from ``selection`` rows, in cells.

    With shares p of n selection rows and q of m generated rows in the cells, the two-sample

        chi2 = n m sum (p - q)^2 / (n p + m q)

    of k filled cells is ndf (n + m)/(n + m - 1) on average if both have one truth, ndf = k - 1:
    exactly so for given sums of both counts. What is left over estimates, per event,

        D = sum (p - q)^2 / r,  r = (n p + m q) / (n + m),
        value = (chi2 - ndf (n + m)/(n + m - 1)) (n + m) / (n m),

    the divergence of both truths in these cells from their mixture: 0 if they agree there, and
    (n + m)^2 / (n m) if they never meet. The error is that of a noncentral chi2, whose variance is
    2 ndf + 4 excess, excess being what is left over where that is positive.

    Selection rows may have weights, of any sign: :class:`fatgan.adversarial.shares.WeightedShares`
    says what then takes the place of chi2.

    The cells are made from training rows: they know neither sample, so that both counts are fair.

    Source: N. Gagunashvili, arXiv:physics/0605123.

    Parameters
    ----------
    training, selection
        Rows of shape (n, features), in features of comparable spread. Training rows count alike:
        of weighted ones give some that were drawn by the weights' sizes.
    weights
        Of the selection rows, shape (n,).

    Raises
    ------
    DataError
        Fewer selection rows than two cells need, or weights that do not sum to more than 0.
    """

    def __init__(
        self,
        training: NDArray[Any],
        selection: NDArray[Any],
        weights: ArrayLike | None = None,
    ) -> None:
        self.rows = len(selection)
        values = checked_weights(weights, self.rows)
        worth = self.rows if values is None else int(values.sum() ** 2 / np.sum(values**2))
        most = min(MOST_CELLS, worth // FEWEST_PER_CELL, len(training))
        cells = min(max(LEAST_CELLS, worth // PER_CELL), most)
        if cells < 2:
            like = "" if worth == self.rows else f", which their weights make worth {worth:,},"
            raise DataError(f"{self.rows:,} rows{like} are too few to measure a distance with")
        depth = cells.bit_length() - 1
        step = max(1, len(training) // (FOR_THE_CELLS << depth))
        self.partition = Partition(training[::step], depth)
        self._shares = (
            Counts(self.partition.count(selection))
            if values is None
            else WeightedShares.of(self.partition.cells(selection), len(self.partition), values)
        )

    def measure(self, generated: Iterable[NDArray[Any]]) -> Distance | None:
        """Return the distance of generated rows, which come in pieces of shape (m, features).

        ``None`` if they are fewer than the selection rows: too few to tell.
        """
        counts = np.zeros(len(self.partition), dtype=np.int64)
        for piece in generated:
            counts += self.partition.count(piece)
        return None if counts.sum() < self.rows else self._shares.distance(counts)
