"""``make conditional``: train the shipped conditional configurations, judge them beam by beam.

It goes on where it was stopped; ``WHAT``, ``SEEDS`` and ``CONDITIONAL_SECONDS`` choose. Results go
into ``docs/CONDITIONAL.md`` and the figures beside it.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
from journal import ROOT, Journal

from analysis.figures.save import save
from analysis.figures.style import styled
from analysis.settings import SettingPair, SettingRecord, validate_settings
from analysis.settings.energies import draw_energies
from conditional.page import page
from conditional.plan import CASES, FOLDER, Case
from fatgan.atomic import write_text
from fatgan.cli.scan import pairs_of
from fatgan.events import EventTable
from fatgan.events.bounds import is_physical, table_invariants
from fatgan.generator.sample import EventGenerator, load
from fatgan.generator.train import train
from fatgan.simulation import simulate_design

MANY = 1_000_000
"""Events of each setting in which unphysical ones are looked for."""
PAGE = ROOT / "docs" / "CONDITIONAL.md"


def main() -> None:
    """Make what is missing of what was asked for, then write the page from all that is there."""
    parser = argparse.ArgumentParser(prog="conditional", description=__doc__)
    parser.add_argument("--what", nargs="+", choices=list(CASES), default=list(CASES))
    parser.add_argument("--seeds", type=int, default=3, help="seeds 1 to this")
    asked = parser.parse_args()
    journal = Journal("conditional")
    for seed in range(1, asked.seeds + 1):
        for name in asked.what:
            journal.ensure(
                lambda case=CASES[name], seed=seed: cell(case, seed), name=name, seed=seed
            )
    write_text(PAGE, page(journal.cells))
    for name in CASES:
        first = journal.find(name=name, seed=1)
        if first is not None:
            records = [SettingRecord.from_dict(entry) for entry in first["records"]]
            with styled():
                save(draw_energies(records), PAGE.parent, f"conditional_{name}")


def cell(case: Case, seed: int) -> dict[str, Any]:
    """Train a case with a seed, and judge it at each setting."""
    config = case.config(seed)
    if config.simulation is not None:
        simulate_design(config.simulation)
    generator = load(train(config).model)
    tables = case.truth()
    pairs = [pair for table in tables for pair in pairs_of(generator, table, seed)]
    records = validate_settings(pairs, FOLDER / f"{case.name}-{seed}" / "report", seed=seed)
    course = generator.manifest["training"]
    return {
        "steps": course["steps"],
        "seconds": course["seconds"],
        "device": course["device"],
        "records": [record.to_dict() for record in records],
        "unphysical": sum(_unphysical(generator, table, seed) for table in tables),
        "looked_at": MANY * len(tables),
        "cross_sections": [_cross_section(generator, table) for table in tables],
    }


def _unphysical(generator: EventGenerator, table: EventTable, seed: int) -> int:
    """Count the events of a large sample outside the physical region or below the Q2 edge."""
    edge, found = generator.transform.fiducial.Q2_min, 0
    for events in generator.stream(MANY, seed=seed + 1000, collision=table.collision):
        inside = is_physical(table_invariants(events)) & (events["Q2"] >= edge)
        found += int(np.count_nonzero(~inside))
    return found


def _cross_section(generator: EventGenerator, table: EventTable) -> dict[str, Any]:
    """Return the interpolated cross-section beside that of the held-out sample, in pb."""
    source = table.provenance
    kept = source["events"] / source["entries"]
    sigma, error = generator.cross_section(table.collision)
    return {
        "label": SettingPair.of("trained", table, table).label,
        "sigma": sigma,
        "error": error,
        "truth": kept * source["origin"]["cross_section_pb"],
        "truth_error": kept * source["origin"]["cross_section_error_pb"],
    }


if __name__ == "__main__":
    main()
