"""Bins in the plane of x and Q2 around measured points."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

WIDEST = 1.3
"""Largest factor from a point to an edge of its bin: HERA's grid is about as dense."""

NODES, WEIGHTS = np.polynomial.legendre.leggauss(16)


class Nodes(NamedTuple):
    """Points of a quadrature in each bin, shape (n, 256), and their weights in dx dQ2."""

    x: Array
    Q2: Array
    weight: Array


class Bins:
    """One bin for each point, disjoint; edges are geometric means of neighbouring points.

    Points of the same Q2 are a row. A row ends half-way to the next Q2, a bin half-way to the next
    x of its row, in the logarithm; an outermost bin reaches as far outwards as inwards, and no
    bin further than a factor :data:`WIDEST`.

    Parameters
    ----------
    x, Q2
        The points, shape (n,) each, all different; Q2 in GeV^2.
    """

    def __init__(self, x: ArrayLike, Q2: ArrayLike) -> None:
        self.x, self.Q2 = np.array(x, np.float64), np.array(Q2, np.float64)
        rows, self._row = np.unique(self.Q2, return_inverse=True)
        self._row_edges = _edges(rows)
        self.Q2_low, self.Q2_high = (edge[self._row] for edge in self._row_edges)
        self.x_low, self.x_high = np.empty_like(self.x), np.empty_like(self.x)
        self._members: list[NDArray[np.intp]] = []
        for number in range(len(rows)):
            members = np.flatnonzero(self._row == number)
            members = members[np.argsort(self.x[members])]
            self.x_low[members], self.x_high[members] = _edges(self.x[members])
            self._members.append(members)

    def __len__(self) -> int:
        return len(self.x)

    def index(self, x: Array, Q2: Array) -> NDArray[np.intp]:
        """Return the bin of each event, shape (m,), and -1 outside of all bins."""
        found = np.full(len(x), -1, dtype=np.intp)
        row = _place(*self._row_edges, Q2)
        order = np.argsort(row, kind="stable")
        starts = np.searchsorted(row[order], np.arange(len(self._members) + 1))
        for number, members in enumerate(self._members):
            events = order[starts[number] : starts[number + 1]]
            place = _place(self.x_low[members], self.x_high[members], x[events])
            found[events] = np.where(place < 0, -1, members[place])
        return found

    def nodes(self, largest: float) -> Nodes:
        """Return where to evaluate a function for its integrals over the bins.

        Gauss-Legendre in ln x and ln Q2, within x <= 1 and y <= 1.

        Parameters
        ----------
        largest
            Q2 / (x y) of the beams, GeV^2: :attr:`fatgan.events.kinematics.Beams.two_kP`.
        """
        ln_Q2, weight_Q2 = _stretched(np.log(self.Q2_low), np.log(self.Q2_high))
        Q2 = np.exp(ln_Q2)
        low = np.log(np.maximum(self.x_low[:, None], Q2 / largest))
        high = np.log(np.minimum(self.x_high, 1.0))[:, None]
        ln_x, weight_x = _stretched(low, np.maximum(low, high))
        x, Q2 = np.exp(ln_x), np.broadcast_to(Q2[..., None], ln_x.shape)
        weight = weight_x * weight_Q2[..., None] * x * Q2
        return Nodes(*(array.reshape(len(self), -1) for array in (x, Q2, weight)))


def _edges(values: Array) -> tuple[Array, Array]:
    """Return the lower and upper edges around rising values."""
    logs = np.log(values)
    gaps = np.diff(logs) / 2
    most = np.log(WIDEST)
    below = np.concatenate([gaps[:1] if len(gaps) else [most], gaps])
    above = np.concatenate([gaps, gaps[-1:] if len(gaps) else [most]])
    return np.exp(logs - np.minimum(below, most)), np.exp(logs + np.minimum(above, most))


def _place(low: Array, high: Array, values: Array) -> NDArray[np.intp]:
    """Return in which of the rising intervals [low, high) values lie, -1 in none."""
    place = np.searchsorted(low, values, "right") - 1
    return np.where((place >= 0) & (values < high[place]), place, -1)


def _stretched(low: Array, high: Array) -> tuple[Array, Array]:
    """Return nodes and weights between bounds, with one axis more."""
    half = (high - low)[..., None] / 2
    return low[..., None] + half * (1 + NODES), half * WEIGHTS
