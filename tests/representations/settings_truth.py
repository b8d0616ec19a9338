"""Events of several beams for the tests of this folder."""

from __future__ import annotations

import functools

import numpy as np
from truths import dis_truth

from fatgan.events import Collision, Collisions, EventTable

SETTINGS = tuple(
    Collision.parse(beams, "proton", lepton)
    for beams, lepton in (("11x0", 11), ("10x100", 11), ("18x275", -11), ("27.5x920", 11))
)
"""Fixed target, colliders, both leptons."""


def each(settings: tuple[Collision, ...], n: int) -> Collisions:
    """Return ``n`` rows of each setting."""
    repeated = [setting for setting in settings for _ in range(n)]
    return Collisions(
        [setting.electron_energy for setting in repeated],
        [setting.proton_energy for setting in repeated],
        settings[0].frame,
        [setting.lepton_pdg for setting in repeated],
    )


@functools.cache
def several(n: int = 800, edges: tuple[float, ...] = (2.0, 2.0, 2.0, 2.0)) -> EventTable:
    """Return events of every setting, mixed, with conditions Q2min and polarisation."""
    parts = [
        dis_truth(setting, n, seed=i, Q2_min=edge)
        for i, (setting, edge) in enumerate(zip(SETTINGS, edges, strict=True))
    ]
    px, py, pz = (
        np.concatenate(column) for column in zip(*(p.momenta for p in parts), strict=True)
    )
    table = EventTable(
        px,
        py,
        pz,
        each(SETTINGS, n),
        conditions={
            "Q2min": np.repeat(edges, n),
            "polarisation": np.random.default_rng(5).choice([-0.6, 0.7], len(px)),
        },
    )
    return table[np.random.default_rng(6).permutation(len(table))]
