"""Simulated truth for the studies, and deformations of it that a score must see."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from journal import ROOT
from simulated import HERA, simulated

from fatgan import EventTable

EVENTS = 5_000_000
Q2_MIN = HERA.Q2_min
SPARE = 1.1
"""A deformation that drops events is made from so many times the events it must give."""


def truth() -> EventTable:
    """Return 5,000,000 simulated events at HERA's energies, made when first asked for."""
    return simulated(HERA, EVENTS, 2026, ROOT / "runs" / "truth" / "27.5x920.parquet")


def _scaled_pT(factor: float) -> Callable[[EventTable], EventTable]:
    def deform(table: EventTable) -> EventTable:
        px, py, pz = table.momenta
        return EventTable(px * factor, py * factor, pz, table.collision)

    return deform


def _rippled(table: EventTable) -> EventTable:
    """A density times 1 + 0.03 cos 3 phi."""
    chance = (1 + 0.03 * np.cos(3 * table["phi"])) / 1.03
    return table[np.random.default_rng(1).random(len(table)) < chance]


def _smeared(table: EventTable) -> EventTable:
    """ln(Eb - pz) with normal noise of 0.1, pT kept."""
    turned = table.with_frame("electron")
    px, py, pz = turned.momenta
    Eb = turned.collision.electron_energy
    noise = np.random.default_rng(2).normal(0, 0.1, len(table))
    moved = EventTable(px, py, Eb - (Eb - pz) * np.exp(noise), turned.collision)
    return moved.with_frame(table.collision.frame)


def _with_hole(table: EventTable) -> EventTable:
    """No events in a box of ln Q2 and ln x in the midst of the plane that holds 1 % of them."""
    inside = _middle(table["Q2"], 0.1)
    inside[inside] = _middle(table["x"][inside], 0.1)
    return table[~inside]


def _middle(values: np.ndarray, share: float) -> np.ndarray:
    low, high = np.quantile(values, [0.5 - share / 2, 0.5 + share / 2])
    return (values >= low) & (values < high)


def _without_tail(table: EventTable) -> EventTable:
    """No events beyond the 99.9 % quantile of Q2."""
    return table[table["Q2"] < np.quantile(table["Q2"], 0.999)]


def _with_edge(table: EventTable) -> EventTable:
    """A Q2 edge 1 % too high."""
    return table[table["Q2"] > 1.01 * Q2_MIN]


DEFORMATIONS: dict[str, Callable[[EventTable], EventTable]] = {
    "none": lambda table: table,
    "pT + 1 %": _scaled_pT(1.01),
    "pT + 2 %": _scaled_pT(1.02),
    "pT + 5 %": _scaled_pT(1.05),
    "3 % cos 3 phi": _rippled,
    "ln(Eb - pz) smeared by 0.1": _smeared,
    "1 % hole in x, Q2": _with_hole,
    "no 0.1 % tail in Q2": _without_tail,
    "Q2 edge + 1 %": _with_edge,
}


def deformed(name: str, table: EventTable, n: int) -> EventTable:
    """Return n deformed events, made from a little more."""
    return DEFORMATIONS[name](table[: int(SPARE * n)])[:n]
