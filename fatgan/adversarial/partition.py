"""Cells of equal population in any number of dimensions: a k-d partition."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

CENTRAL = (0.1, 0.9)
"""A cell is as wide as these quantiles are apart: a few rows far out do not draw all cuts."""


class Partition:
    """Space in ``2**depth`` cells, each of which held as many of the rows that it was made from.

    Every cell is cut at its median along the feature in which its rows are spread most, and its
    halves again. Where many rows agree in all features, cells hold unequal numbers or none.

    Source: J. H. Friedman, J. L. Bentley and R. A. Finkel, ACM Trans. Math. Softw. 3 (1977) 209.

    Parameters
    ----------
    rows
        Shape (n, features), in units that can be compared with each other.
    depth
        Cuts between the whole and a cell.
    """

    def __init__(self, rows: NDArray[Any], depth: int) -> None:
        self.depth = depth
        # As in a heap: the halves of node i are the nodes 2 i + 1 and 2 i + 2.
        self._axes = np.zeros(2**depth - 1, dtype=np.intp)
        self._cuts = np.full(2**depth - 1, np.inf)
        parts = [np.asarray(rows, dtype=np.float64)]
        for node in range(2**depth - 1):
            part = parts[node]
            above = np.zeros(len(part), dtype=bool)
            if len(part):
                low, high = np.quantile(part, CENTRAL, axis=0)
                axis = int(np.argmax(high - low))
                cut = float(np.median(part[:, axis]))
                self._axes[node], self._cuts[node] = axis, cut
                above = part[:, axis] > cut
            parts += [part[~above], part[above]]

    def __len__(self) -> int:
        return 1 << self.depth

    def cells(self, rows: NDArray[Any]) -> NDArray[np.intp]:
        """Return the number of each row's cell: (n, features) -> (n,)."""
        node = np.zeros(len(rows), dtype=np.intp)
        each = np.arange(len(rows))
        for _ in range(self.depth):
            node = 2 * node + 1 + (rows[each, self._axes[node]] > self._cuts[node])
        return node - (len(self) - 1)

    def count(self, rows: NDArray[Any]) -> NDArray[np.int64]:
        """Return how many rows each cell holds, shape (cells,)."""
        return np.bincount(self.cells(rows), minlength=len(self)).astype(np.int64)
