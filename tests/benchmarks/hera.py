"""Pythia 8 and FAT-GAN against HERA's combined cross-sections, and against each other.

Writes docs/HERA.md and docs/hera.png: one simulation to learn from, one to compare with, and a
training for each seed. It resumes.
"""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import Any

import hera_page
import numpy as np
from journal import ROOT, Journal
from learner import learned, recipe
from numpy.typing import NDArray

from analysis.figures.save import save
from analysis.figures.style import styled
from analysis.measurements.comparing import Against, Outcome, outcomes
from analysis.measurements.counting import Counts
from analysis.measurements.figure import draw
from analysis.measurements.hera import Measurement, find, load
from analysis.measurements.reduced import Coupling, Prediction, bin_cross_sections
from fatgan import Collision, EventTable, read, write
from fatgan.errors import DataError
from fatgan.generator.data import Split
from fatgan.simulation import simulate

COLLISION = Collision.parse("27.5x920", lepton_pdg=-11)
Q2_MIN = 3.0
"""Below the lower edge of the bins at 3.5 GeV^2."""
ROWS, CHOOSING = 500_000, 25_000
CHUNK = 500_000
LEARNED = ROOT / "runs" / "hera" / "learned.parquet"
PAGE = ROOT / "docs" / "HERA.md"


def to_learn_from(rows: int, path: Path) -> EventTable:
    """Return the simulated events that are learned, with those that choose, kept in a file."""
    n = rows + CHOOSING
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write(simulate(n, COLLISION, Q2_MIN, seed=1, workers=1), path)
    table = read(path)
    if len(table) != n:
        raise DataError(f"{path}: {len(table):,} events, and not {n:,}; remove it")
    return table


def simulated(against: Against, events: int) -> dict[str, Any]:
    """Return the counts of another simulation."""
    table = simulate(events, COLLISION, Q2_MIN, seed=2, workers=1)
    return _cell(against.count([table]), table.provenance)


def learned_from(against: Against, rows: int, path: Path) -> dict[str, Any]:
    """Return the counts of the simulated events that were learned."""
    table = to_learn_from(rows, path)
    return _cell(against.count([table]), table.provenance["origin"])


def generated(
    against: Against, rows: int, path: Path, seconds: float, events: int, seed: int
) -> dict[str, Any]:
    """Return the counts of a generator's events, whose cross-section is that of what it learned."""
    table = to_learn_from(rows, path)
    data = Split(training=table[CHOOSING:], held_out=table[:0], selection=table[:CHOOSING])
    generator = learned(data, seconds, seed)
    tables = generator.stream(events, chunk=CHUNK, seed=seed)
    return _cell(against.count(tables), table.provenance["origin"])


def _cell(counts: Counts, facts: Any) -> dict[str, Any]:
    sigma = [facts["cross_section_pb"], facts["cross_section_error_pb"]]
    return {"counts": counts.to_dict(), "sigma_pb": sigma}


def predictions(against: Against, cells: list[dict[str, Any]]) -> list[Prediction]:
    """Return what the cells say of the points, in their order."""
    return [
        against.predict(
            cell["label"], Counts.from_dict(against.bins, cell["counts"]), tuple(cell["sigma_pb"])
        )
        for cell in cells
    ]


def main() -> None:
    """Run what is missing, then write the page and the figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=180.0, help="of each training")
    parser.add_argument("--events", type=int, default=5_000_000, help="simulated, and generated")
    parser.add_argument("--rows", type=int, default=ROWS, help="learned")
    parser.add_argument("--seeds", type=int, default=1, help="trainings")
    parser.add_argument("--page", type=Path, default=PAGE)
    asked = parser.parse_args()
    journal, data = Journal("hera"), load(find(COLLISION))
    against = Against(data)
    path = LEARNED.with_stem(f"learned_{asked.rows}")
    keys: list[dict[str, Any]] = [{"label": "Pythia 8", "events": asked.events}]
    journal.ensure(partial(simulated, against, asked.events), **keys[0])
    for seed in range(1, asked.seeds + 1):
        key = {
            "label": "FAT-GAN" if asked.seeds == 1 else f"FAT-GAN, seed {seed}",
            "events": asked.events,
            "rows": asked.rows,
            "seconds": asked.seconds,
            "seed": seed,
            "recipe": recipe(),
        }
        make = partial(generated, against, asked.rows, path, asked.seconds, asked.events, seed)
        journal.ensure(make, **key)
        keys.append(key)
    keys.append({"label": "what it learned", "events": asked.rows + CHOOSING})
    journal.ensure(partial(learned_from, against, asked.rows, path), **keys[-1])
    cells = [cell for key in keys if (cell := journal.find(**key)) is not None]
    _write(data, cells, asked.page)


def _write(data: Measurement, cells: list[dict[str, Any]], path: Path) -> None:
    found: dict[Coupling, list[Outcome]] = {}
    made: dict[Coupling, list[Prediction]] = {}
    couplings: tuple[Coupling, ...] = ("fixed", "running")
    for coupling in couplings:
        made[coupling] = predictions(Against(data, coupling), cells)
        # what was learned has few events: it would take points away from the others
        found[coupling] = outcomes(data, made[coupling][:-1])
    pair = outcomes(data, made["fixed"])
    path.parent.mkdir(parents=True, exist_ok=True)
    moved = _moved(Against(data))[made["fixed"][0].usable]
    path.write_text(hera_page.page(data, cells, found, pair, made["fixed"], moved))
    with styled():
        save(draw(data, made["fixed"][:2]), path.parent, path.stem.lower())


def _moved(against: Against) -> NDArray[np.float64]:
    """Return by how much the shape of sigma_r within the bins moves the points."""
    place = against.bins, against.data.collision
    flat = bin_cross_sections(*place, lambda x, Q2: np.ones_like(x))
    return np.abs(bin_cross_sections(*place, against.reference) / flat - 1)


if __name__ == "__main__":
    main()
