"""The study of tails and edges: rates where a training sample has few events, or ends.

``make tails`` runs it, and goes on where it was stopped. Results go into ``docs/TAILS.md`` and
``docs/tails.png``.
"""

from __future__ import annotations

import argparse
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from journal import ROOT, Journal
from learner import learned, recipe
from numpy.typing import NDArray
from scipy.special import ndtr
from tails_figure import draw
from tails_page import page
from truth import Q2_MIN, truth

from analysis.figures.save import save
from analysis.figures.style import styled
from fatgan import EventTable
from fatgan.generator.data import Split
from fatgan.representations import FeatureTransform, Settings

Array = NDArray[np.float64]

TRUTH = 3_000_000
ROWS, SAMPLES = 200_000, 8
CHOOSING = 25_000
"""Further rows for each training, which choose its checkpoint."""
FEW_ROWS, FEW_SAMPLES = 20_000, 80
GENERATED = 2_000_000
QUANTITIES = ("Q2", "pT", "1 - y")
BEYOND = {"the largest": 0.0, "the 99.99 % quantile": 1e-4, "the 99.9 % quantile": 1e-3}
EDGE = "Q2 within 1 % of its edge"
NEAR = 0.05
"""How far above the edge the figure looks."""
PAGE = ROOT / "docs" / "TAILS.md"


def values(table: EventTable, quantity: str) -> Array:
    """Return a quantity whose tail is at large values, shape (n,)."""
    return 1 - table["y"] if quantity == "1 - y" else table[quantity]


class Thresholds(NamedTuple):
    """Rows of a training sample at the ends of its quantities."""

    quantity: str
    share: float
    row: int
    value: float


def thresholds(rows: EventTable) -> dict[str, Thresholds]:
    """Return a threshold for each line of the table."""
    found = {}
    for quantity in QUANTITIES:
        column = values(rows, quantity)
        falling = np.argsort(column)[::-1]
        for name, share in BEYOND.items():
            row = int(falling[round(share * len(rows))])
            found[f"{quantity} beyond {name}"] = Thresholds(quantity, share, row, column[row])
    Q2 = rows["Q2"]
    row = int(np.argmax(np.where(Q2 < 1.01 * Q2_MIN, Q2, 0.0)))
    found[EDGE] = Thresholds("Q2", -1.0, row, float(Q2[row]))
    return found


class Ends:
    """A sample's counts at its ends: beyond thresholds, and on the grids of the figure."""

    def __init__(self, table: EventTable) -> None:
        self.n = len(table)
        self._sorted = {quantity: np.sort(values(table, quantity)) for quantity in QUANTITIES}

    def count(self, at: Thresholds) -> int:
        """Count the events beyond a threshold, or below one at the edge."""
        below = int(np.searchsorted(self._sorted[at.quantity], at.value, "right"))
        return below if at.share < 0 else self.n - below

    def curves(self, grids: dict[str, Array]) -> dict[str, list[int]]:
        """Return the numbers beyond each value of the grids, and the histogram at the edge."""
        found = {
            name: (self.n - np.searchsorted(self._sorted[name], grids[name], "right")).tolist()
            for name in QUANTITIES
        }
        histogram = np.diff(np.searchsorted(self._sorted["Q2"], grids["edge"]))
        return {**found, "edge": histogram.tolist()}

    def grids(self) -> dict[str, Array]:
        """Return where the figure looks, for a truth."""
        found = {"edge": np.linspace(Q2_MIN, (1 + NEAR) * Q2_MIN, 11)}
        for name in QUANTITIES:
            low, high = np.quantile(self._sorted[name], 0.99), self._sorted[name][-1]
            if name == "1 - y":
                found[name] = 1 - np.geomspace(1 - low, 1 - high, 60)
            else:
                found[name] = np.geomspace(low, high, 60)
        return found


def of_generator(rows: EventTable, expected: Ends, seconds: float, sample: int) -> dict[str, Any]:
    """Return the counts of a generator that learned a training sample."""
    data = Split(training=rows[CHOOSING:], held_out=rows[:0], selection=rows[:CHOOSING])
    generator = learned(data, seconds, seed=sample)
    made = Ends(generator.generate(GENERATED, seed=sample))
    at = thresholds(data.training)
    counts = {name: [expected.count(item), made.count(item)] for name, item in at.items()}
    maxima = {item.quantity: item.value for item in at.values() if item.share == 0}
    return {"counts": counts, "maxima": maxima, "curves": made.curves(expected.grids())}


def of_transform(rows: EventTable, expected: Ends) -> dict[str, Any]:
    """Return the counts of events of which a feature is exactly normal: no network, no draws."""
    transform = FeatureTransform.fit(rows, Settings())
    counts = {}
    for name, item in thresholds(rows).items():
        if item.quantity == "Q2":
            z = float(transform.forward(rows[item.row : item.row + 1])[0, 0])
            share = float(ndtr(z if item.share < 0 else -z))
            counts[name] = [expected.count(item), GENERATED * share]
    return {"counts": counts}


def _kinds(seconds: float) -> list[dict[str, Any]]:
    kinds = (("generator", ROWS, seconds), ("transform", ROWS, 0), ("transform", FEW_ROWS, 0))
    return [
        {"kind": kind, "rows": rows, "seconds": spent, "recipe": recipe()}
        for kind, rows, spent in kinds
    ]


def main() -> None:
    """Run what is missing, then write the page and the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="of each training")
    seconds = parser.parse_args().seconds
    journal = Journal("tails")
    pool = truth()
    expected, rest = Ends(pool[:TRUTH]), pool[TRUTH:]
    generator, transform, few = _kinds(seconds)
    for sample in range(SAMPLES):
        step = CHOOSING + ROWS
        rows = rest[sample * step : (sample + 1) * step]
        make = partial(of_generator, rows, expected, seconds, sample)
        journal.ensure(make, **generator, sample=sample)
        journal.ensure(partial(of_transform, rows[CHOOSING:], expected), **transform, sample=sample)
    for sample in range(FEW_SAMPLES):
        rows = rest[sample * FEW_ROWS : (sample + 1) * FEW_ROWS]
        journal.ensure(partial(of_transform, rows, expected), **few, sample=sample)
    groups = [
        (key, [cell for cell in journal.cells if key.items() <= cell.items()])
        for key in (generator, transform, few)
    ]
    PAGE.write_text(page(groups, TRUTH, GENERATED))
    grids, (_, cells) = expected.grids(), groups[0]
    with styled():
        figure = draw(expected.curves(grids), grids, cells, TRUTH, GENERATED)
        save(figure, PAGE.parent, "tails")


if __name__ == "__main__":
    main()
