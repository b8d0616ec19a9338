"""Where events can lie: the beams and the lower edges that coordinates need to know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fatgan.errors import DataError
from fatgan.events import AnyCollision, Collision, Fiducial
from fatgan.events.kinematics import ELECTRON_MASS, PROTON_MASS, Beams, Q2_range, y_range
from fatgan.representations.hard_process import HardProcess

_CLOSED = 1 + 1e-6
"""Ratio of the ends of a range that is as good as closed."""


class Region(NamedTuple):
    """Beams and edges in Q2 and W2 (GeV^2): numbers, arrays of shape (n,), or tensors.

    ``Q2_low`` and ``Q2_high`` are the smallest and the largest Q2 that these beams can make with
    W2 >= W2_min; they are kept because generation asks for them with every block. Most events keep
    the cuts of ``hard_process`` too, where there are any.
    """

    beams: Beams
    Q2_min: Any
    W2_min: Any
    Q2_low: Any
    Q2_high: Any
    hard_process: HardProcess | None = None

    @classmethod
    def of(
        cls,
        collision: AnyCollision,
        fiducial: Fiducial,
        Q2_min: ArrayLike | None = None,
        hard_process: HardProcess | None = None,
    ) -> Region:
        """Return the region of a collision, or of the collisions of n events.

        Parameters
        ----------
        collision
            The beams of all events, or of each.
        fiducial
            The edges of the sample.
        Q2_min
            Each event's own lower edge in Q2 (GeV^2) in the place of the sample's, shape (n,).
        hard_process
            The cuts of the sample's generator.

        Raises
        ------
        DataError
            Beams that reach no event above the edges.
        """
        edge = fiducial.Q2_min if Q2_min is None else np.asarray(Q2_min, dtype=np.float64)
        region = cls.of_beams(collision.beams, edge, fiducial.W2_min, hard_process)
        # plain floats take the precision of whatever they meet in the graph
        region = region._numbers(lambda value: value if np.ndim(value) else float(value))
        # both ends meet where W2_min is out of reach, but for rounding
        lowest = np.maximum(region.Q2_min, _CLOSED * region.Q2_low)
        closed = np.atleast_1d(region.Q2_high <= lowest)
        if closed.any():
            count, row = np.count_nonzero(closed), int(np.argmax(closed))
            first = collision if isinstance(collision, Collision) else collision[row : row + 1]
            edge = float(np.broadcast_to(region.Q2_min, closed.shape)[row])
            events = "" if closed.size == 1 else f" (so of {count:,} of {closed.size:,} events)"
            raise DataError(
                f"{first}: these beams reach no event with Q2 >= {edge:.6g} and "
                f"W2 >= {region.W2_min:.6g} GeV^2, the edges of the training{events}"
            )
        return region

    @classmethod
    def of_beams(
        cls,
        beams: Beams,
        Q2_min: Any,
        W2_min: float,
        hard_process: HardProcess | None = None,
        xp: Any = np,
    ) -> Region:
        """Return the region of beams and edges, also in the graph."""
        W2_min = max(W2_min, PROTON_MASS**2)
        low, high = Q2_range(beams, W2_min, xp)
        # logarithms of Q2 over its edge are taken
        return cls(beams, xp.maximum(Q2_min, ELECTRON_MASS**2), W2_min, low, high, hard_process)

    def y_range(self, Q2: Any, xp: Any = np) -> tuple[Any, Any]:
        """Return the ends between which most events of this Q2 (GeV^2) have their y.

        None is below the lower end. Above the higher one are those that the cuts of the hard
        process spare; without such cuts none is.
        """
        low, high = y_range(Q2, self.beams, self.W2_min, xp)
        if self.hard_process is not None:
            # the cuts may leave nothing of the range, but not less
            cut = xp.maximum(self.hard_process.y_high(Q2, xp), _CLOSED * low)
            high = xp.minimum(high, cut)
        return low, high

    def drift(self, xp: Any = np) -> Any:
        """Return a number of the beams with which the distributions of ``dis`` features drift.

        It is the logarithm of the width of the range of ln y, at the lower edge in Q2: in these
        features the laws of events know the energies through s alone, and at large s through the
        decades of x that it opens.
        """
        Q2 = self.Q2_min
        if self.hard_process is not None:
            # where the cut on the momentum leaves room at any beams
            Q2 = xp.maximum(Q2, 2 * self.hard_process.pt_hat**2)
        low, high = self.y_range(Q2, xp)
        return xp.log(xp.maximum(xp.log(high / low), _CLOSED - 1))

    def rows(self, rows: NDArray[Any]) -> Region:
        """Return the region of these events."""
        beams = Beams(*(_rows(component, rows) for component in self.beams))
        return self._replace(beams=beams)._numbers(lambda value: _rows(value, rows))

    def _numbers(self, changed: Callable[[Any], Any]) -> Region:
        """Return this region with each of its numbers changed, those of the beams apart."""
        names = ("Q2_min", "W2_min", "Q2_low", "Q2_high")
        return self._replace(**{name: changed(getattr(self, name)) for name in names})


def _rows(value: Any, rows: NDArray[Any]) -> Any:
    return value[rows] if np.ndim(value) else value
