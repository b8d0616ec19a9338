"""Simulated samples of the studies' beam settings, made when first asked for."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from fatgan import Collision, EventTable, read, write
from fatgan.errors import DataError
from fatgan.simulation import simulate


class Setting(NamedTuple):
    """Beams, and the lower edge in Q2, GeV^2."""

    beams: str
    Q2_min: float

    def __str__(self) -> str:
        return f"{self.beams}, Q2 > {self.Q2_min:g}"


HERA, EIC, SYMMETRIC = Setting("27.5x920", 4.0), Setting("18x275", 1.0), Setting("50x50", 2.0)


def simulated(setting: Setting, n: int, seed: int, path: Path) -> EventTable:
    """Return n simulated events, kept in a file.

    Raises
    ------
    DataError
        The file has another number of events than asked for.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write(simulate(n, Collision.parse(setting.beams), setting.Q2_min, seed), path)
    table = read(path)
    if len(table) != n:
        raise DataError(f"{path}: {len(table):,} events, and not {n:,}; remove it")
    return table
