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
from learner import learned
from numpy.typing import NDArray
from scipy.special import ndtr
from tails_figure import draw
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
TEXT = """# Tails and edges

Made by `make tails` (`tests/benchmarks/tails.py`): simulated e-p events (27.5x920 GeV, Q2 > 4
GeV2). Each training sample ends somewhere; how many events are there beyond its end, and how many
are generated there? Thresholds are order statistics of each training sample itself. Expected are
the counts of {truth:,} other simulated events, scaled to {generated:,}, summed over the training
samples, as are the generated ones. Errors hold the spread between training samples and the Poisson
errors of both counts; the same truth is counted at all thresholds, which the errors allow for.
"""
HEAD = "| events | expected | generated | generated / expected | pull |"
TITLES = {
    "generator": "The whole generator: {samples} trainings of {seconds:g} s on {rows:,} events, "
    "{generated:,} generated each",
    "transform": "The transform alone: {samples} samples of {rows:,} events, ln Q2 exactly normal "
    "in z",
}


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


class Ratio(NamedTuple):
    """Generated over expected counts, summed over training samples."""

    expected: float
    generated: float
    ratio: float
    error: float

    @property
    def pull(self) -> float:
        return (self.ratio - 1) / self.error


def ratio(counts: Array, n_truth: int, *, poisson: bool) -> Ratio:
    """Summarise counts of truth and generator, shape (samples, 2).

    ``poisson``: the generated ones are counts, and no expectations.
    """
    known, made = counts[:, 0], counts[:, 1]
    scale = GENERATED / n_truth
    expected, generated = scale * known.sum(), made.sum()
    value = generated / expected
    rest = made - value * scale * known
    variance = len(rest) * rest.var(ddof=1) if len(rest) > 1 else 0.0
    if poisson:  # few samples may agree by chance
        variance = max(variance, generated)
    # one truth is counted beyond nested thresholds: covariance of two counts is the smaller one
    shared = np.minimum.outer(known, known).sum() / known.sum() ** 2
    error = np.sqrt(variance / expected**2 + value**2 * shared)
    return Ratio(float(expected), float(generated), float(value), float(error))


def table(cells: list[dict[str, Any]], n_truth: int) -> list[str]:
    """Return the table of one kind of cells, and a sentence on what it says."""
    lines = [HEAD, "|---" * 5 + "|"]
    found = {}
    for name in cells[0]["counts"]:
        counts = np.array([cell["counts"][name] for cell in cells], dtype=np.float64)
        found[name] = ratio(counts, n_truth, poisson="curves" in cells[0])
        got = found[name]
        lines.append(
            f"| {name} | {got.expected:,.0f} | {got.generated:,.0f} "
            f"| {got.ratio:.3f} ± {got.error:.3f} | {got.pull:+.1f} |"
        )
    wrong = [f"{name} ({got.pull:+.1f})" for name, got in found.items() if abs(got.pull) > 3]
    said = (
        f"Off by more than 3 errors: {'; '.join(wrong)}."
        if wrong
        else (f"All {len(found)} ratios are within 3 errors of 1.")
    )
    return [*lines, "", said]


def page(journal: Journal, seconds: float) -> str:
    """Return the page."""
    lines = [TEXT.format(truth=TRUTH, generated=GENERATED)]
    for key in _kinds(seconds):
        cells = [cell for cell in journal.cells if key.items() <= cell.items()]
        title = TITLES[key["kind"]].format(**key, samples=len(cells), generated=GENERATED)
        lines += [f"## {title}", "", *table(cells, TRUTH), ""]
    lines.append("![Tails and the edge in Q2: truth and generators](tails.png)")
    return "\n".join(lines) + "\n"


def _kinds(seconds: float) -> list[dict[str, Any]]:
    return [
        {"kind": "generator", "rows": ROWS, "seconds": seconds},
        {"kind": "transform", "rows": ROWS, "seconds": 0},
        {"kind": "transform", "rows": FEW_ROWS, "seconds": 0},
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
    PAGE.write_text(page(journal, seconds))
    cells = [cell for cell in journal.cells if generator.items() <= cell.items()]
    with styled():
        figure = draw(expected.curves(expected.grids()), expected.grids(), cells, TRUTH, GENERATED)
        save(figure, PAGE.parent, "tails")


if __name__ == "__main__":
    main()
