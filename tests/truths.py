"""Synthetic truths: samples whose distribution is known, for tests of all that learns."""

from __future__ import annotations

import numpy as np

from fatgan.events import Collision, EventTable
from fatgan.events.kinematics import from_light_cone, light_cone_from_Q2_y

FRAMES = {
    "proton": Collision.parse("27.5x920"),
    "electron": Collision.parse("27.5x920", frame="electron"),
    "fixed-target": Collision.parse("11x0"),
}
"""A collider in both conventions, and a proton at rest."""


def dis_truth(
    collision: Collision,
    n: int,
    seed: int = 0,
    *,
    Q2_min: float = 2.0,
    ripple: float = 0.0,
    harmonic: int = 3,
) -> EventTable:
    """Events with 1/Q4 above an edge, flat in ln y, and a density 1 + ripple cos(harmonic phi)."""
    rng = np.random.default_rng(seed)
    largest = collision.beams.two_kP
    Q2 = Q2_min / (1 - rng.uniform(0, 1 - Q2_min / (0.5 * largest), n))
    y = (Q2 / largest) ** rng.uniform(0.1, 0.9, n)
    pT, pz = from_light_cone(*light_cone_from_Q2_y(Q2, y, collision.beams))
    phi = rng.uniform(-np.pi, np.pi, 2 * n + 100)
    height = rng.uniform(0, 1 + ripple, len(phi))
    phi = phi[height < 1 + ripple * np.cos(harmonic * phi)][:n]
    table = EventTable(pT * np.cos(phi), pT * np.sin(phi), pz, collision.with_frame("electron"))
    return table.with_frame(collision.frame)
