"""The amplification study: where generated events know the truth better than those learned.

``make amplification`` runs it, and goes on where it was stopped. Results go into
``docs/AMPLIFICATION.md`` and ``docs/amplification.png``. After A. Butter et al.,
arXiv:2008.06545.
"""

from __future__ import annotations

import argparse
from functools import cache, partial
from typing import Any

from amplification_figure import draw
from amplification_page import page
from journal import ROOT, Journal
from learner import learned, recipe
from quantile_cells import Measure
from simulated import HERA, simulated
from truth import truth

from analysis.figures.save import save
from analysis.figures.style import styled
from fatgan import EventTable
from fatgan.generator.data import split
from fatgan.generator.train import Moment

SIZES = (5_000, 20_000, 100_000)
SEEDS = (1, 2, 3)
GENERATED = 1_000_000
SELECTION = 100_000
"""As by default; a tenth of the events at most, which ``split`` sees to."""
SIMULATION = 2027
"""The seed of the events to learn: another one than truth's."""
MOMENTS = {"20 %": 0.2, "50 %": 0.5, "100 %": 1.0}
"""Shares of the budget at which the generator is measured on its way."""
PAGE = ROOT / "docs" / "AMPLIFICATION.md"


@cache
def measure() -> Measure:
    """Return the measure of the truth; it takes half a minute to make."""
    return Measure(truth())


def cell(rows: EventTable, seed: int, seconds: float) -> dict[str, Any]:
    """Return what is known of some events, and of the generator that learned them."""
    found = {"learned": measure()(rows)}
    due = dict(MOMENTS)

    def observe(moment: Moment) -> None:
        passed = [name for name, share in due.items() if share <= moment.share]
        if passed:
            made = measure()(moment.generator.generate(GENERATED, seed=seed))
            for name in passed:
                due.pop(name)
                found[name] = made

    data = split(rows, held_out=0, selection=SELECTION, seed=seed, source="simulated")
    generator = learned(data, seconds, seed, observe)
    found["result"] = measure()(generator.generate(GENERATED, seed=seed))
    return {stage: item._asdict() for stage, item in found.items()}


def main() -> None:
    """Run what is missing, then write the page and the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="of each training")
    seconds = parser.parse_args().seconds
    journal = Journal("amplification")
    path = ROOT / "runs" / "amplification" / "27.5x920.parquet"
    pool = simulated(HERA, len(SEEDS) * SIZES[-1], SIMULATION, path)
    key = {"seconds": seconds, "recipe": recipe()}
    for events in SIZES:
        for number, seed in enumerate(SEEDS):
            first = number * SIZES[-1]
            make = partial(cell, pool[first : first + events], seed, seconds)
            journal.ensure(make, events=events, seed=seed, **key)
    cells = [item for item in journal.cells if key.items() <= item.items()]
    PAGE.write_text(page(cells, seconds, GENERATED, tuple(MOMENTS)))
    with styled():
        save(draw(cells), PAGE.parent, "amplification")


if __name__ == "__main__":
    main()
