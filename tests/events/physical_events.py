"""Events inside the physical region, for the tests of this folder."""

from __future__ import annotations

import numpy as np

from fatgan.events import Collision, EventTable
from fatgan.events.kinematics import from_light_cone, light_cone_from_Q2_y


def dis_events(collision: Collision, n: int, Q2_min: float = 1.0, seed: int = 0) -> EventTable:
    """Events with a density like 1/Q4 and flat in ln y, inside the physical region."""
    rng = np.random.default_rng(seed)
    largest = collision.beams.two_kP
    Q2 = Q2_min / (1 - rng.uniform(0, 1 - Q2_min / (0.5 * largest), n))
    lowest_y = Q2 / largest
    y = lowest_y ** rng.uniform(0.1, 0.9, n)
    pT, pz = from_light_cone(*light_cone_from_Q2_y(Q2, y, collision.beams))
    phi = rng.uniform(-np.pi, np.pi, n)
    table = EventTable(pT * np.cos(phi), pT * np.sin(phi), pz, collision.with_frame("electron"))
    return table.with_frame(collision.frame)
