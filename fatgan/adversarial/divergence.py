"""How far generated rows are from rows that no training saw, with the error of that."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fatgan.adversarial.partition import Partition
from fatgan.errors import DataError

PER_CELL = 250
"""Rows of the smaller sample in a cell, where there are enough."""
LEAST_CELLS, MOST_CELLS = 16, 1024
FEWEST_PER_CELL = 20
"""Few rows are cut into the least number of cells, but never below these in each: from there on
chi2 would not follow its law."""
FOR_THE_CELLS = 1000
"""Training rows per cell that the cells are made from: their populations are even to 3 %."""


class Distance(NamedTuple):
    """A divergence and its standard error; 0 on average between samples of one truth."""

    value: float
    error: float


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

    The cells are made from training rows: they know neither sample, so that both counts are fair.

    Source: N. Gagunashvili, arXiv:physics/0605123.

    Parameters
    ----------
    training, selection
        Rows of shape (n, features), in features of comparable spread.

    Raises
    ------
    DataError
        Fewer selection rows than two cells need.
    """

    def __init__(self, training: NDArray[Any], selection: NDArray[Any]) -> None:
        self.rows = len(selection)
        most = min(MOST_CELLS, self.rows // FEWEST_PER_CELL, len(training))
        cells = min(max(LEAST_CELLS, self.rows // PER_CELL), most)
        if cells < 2:
            raise DataError(f"{self.rows:,} rows are too few to measure a distance with")
        depth = cells.bit_length() - 1
        step = max(1, len(training) // (FOR_THE_CELLS << depth))
        self.partition = Partition(training[::step], depth)
        self._counts = self.partition.count(selection)

    def measure(self, generated: Iterable[NDArray[Any]]) -> Distance | None:
        """Return the distance of generated rows, which come in pieces of shape (m, features).

        ``None`` if they are fewer than the selection rows: too few to tell.
        """
        b = np.zeros_like(self._counts)
        for piece in generated:
            b += self.partition.count(piece)
        a, n, m = self._counts, self.rows, int(b.sum())
        if m < n:
            return None
        filled = (a + b) > 0
        ndf = int(np.count_nonzero(filled)) - 1
        p, q = a[filled] / n, b[filled] / m
        chi2 = n * m * float(np.sum((p - q) ** 2 / (n * p + m * q)))
        excess = chi2 - ndf * (n + m) / (n + m - 1)
        scale = (n + m) / (n * m)
        return Distance(scale * excess, scale * math.sqrt(2 * ndf + 4 * max(excess, 0.0)))
