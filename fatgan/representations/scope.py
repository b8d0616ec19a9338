"""For which beams a transform holds, and where the events lie that it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fatgan.errors import ConfigError
from fatgan.events import AnyCollision, Collision, Fiducial
from fatgan.representations.conditions import EDGE, Conditions
from fatgan.representations.hard_process import HardProcess
from fatgan.representations.region import Region

Given = Mapping[str, ArrayLike]
"""Conditions by name, in their own units: numbers, or arrays of shape (n,)."""


class Asked(NamedTuple):
    """What events are asked for: beams of all or of each, and where these can lie."""

    collision: AnyCollision
    region: Region

    def rows(self, rows: NDArray[Any]) -> Asked:
        """Return what is asked for these events."""
        beams = self.collision
        beams = beams if isinstance(beams, Collision) else beams[rows]
        return Asked(beams, self.region.rows(rows))


class Scope:
    """The beams, the region and the conditions of a training.

    Parameters
    ----------
    collision
        A single collision, or one row for each setting of the training.
    fiducial
        The edges of the training rows.
    conditions
        Their scaling, or ``None`` if there are none.
    hard_process
        The cuts of the generator that made the training rows, if they are known.
    """

    def __init__(
        self,
        collision: AnyCollision,
        fiducial: Fiducial,
        conditions: Conditions | None,
        hard_process: HardProcess | None = None,
    ) -> None:
        self.collision, self.fiducial, self.conditions = collision, fiducial, conditions
        self.hard_process = hard_process
        self.has_edges = conditions is not None and EDGE in conditions.names
        # found once: generation asks with every block
        self.own: Asked | None = None
        if isinstance(collision, Collision) and not self.has_edges:
            self.own = Asked(collision, Region.of(collision, fiducial, None, hard_process))

    def asked(
        self, collision: AnyCollision | None = None, conditions: Given | None = None
    ) -> Asked:
        """Return beams and region of events; without ``collision``, those of the training.

        Raises
        ------
        ConfigError
            The training is of several beams, or of several edges in Q2, and nothing says which.
        DataError
            Beams that reach no event.
        """
        if collision is None:
            collision = self.collision
            if not isinstance(collision, Collision):
                raise ConfigError(
                    f"the training is of {collision}: say for which beams, like collision="
                    f"Collision.parse('{collision.settings()[0].label}')"
                )
        if self.own and isinstance(collision, Collision) and collision == self.own.collision:
            return self.own
        edges = None
        if self.has_edges:
            if EDGE not in (conditions or {}):
                raise ConfigError(
                    f"the training is of several edges in Q2: say '{EDGE}' of the events in GeV^2"
                )
            edges = (conditions or {})[EDGE]
        region = Region.of(collision, self.fiducial, edges, self.hard_process)
        return Asked(collision, region)

    def region(self, scaled: Any = None, xp: Any = np) -> Region:
        """Return the region of events by their scaled conditions (n, c), also in the graph.

        Raises
        ------
        ConfigError
            The conditions do not say both beam energies.
        """
        if self.own:
            return self.own.region
        known = self.conditions
        if known is None or scaled is None:
            return self.asked().region
        single = isinstance(self.collision, Collision)
        beams = self.collision.beams if single else known.beams(scaled, xp)
        edge = known.value(EDGE, scaled, xp) if self.has_edges else self.fiducial.Q2_min
        return Region.of_beams(beams, edge, self.fiducial.W2_min, self.hard_process, xp)
