"""What is counted of a generator beside its scores: events out of bounds, speed, expectations."""

from __future__ import annotations

import time

import numpy as np
from expected import expected_chi2

from fatgan import EventTable
from fatgan.benchmark.cell import Cell
from fatgan.errors import ModelError
from fatgan.events import Fiducial
from fatgan.events.bounds import is_physical, table_invariants
from fatgan.generator.blocks import BLOCK
from fatgan.generator.sample import EventGenerator


def counted(table: EventTable, fiducial: Fiducial) -> dict[str, int]:
    """Count events, unphysical ones, and physical ones outside the fiducial region."""
    values = table_invariants(table)
    physical = is_physical(values)
    inside = fiducial.within_edges(values)
    return {
        "streamed": len(table),
        "unphysical": int(np.count_nonzero(~physical)),
        "outside": int(np.count_nonzero(physical & ~inside)),
    }


def in_the_mean(generator: EventGenerator, truth: EventTable, events: int, seed: int) -> Cell:
    """Return what chi2/ndf would be in the mean over held-out samples."""
    sample = generator.generate(len(truth), seed=seed)
    return {"expected": expected_chi2(sample, truth, events)}


def streamed(generator: EventGenerator, n: int, seed: int) -> Cell:
    """Stream events, count those outside the bounds, and take the time of generation alone.

    Of a generator that cannot replace its unphysical events it says only ``hopeless``.
    """
    generator.generate(BLOCK, seed=seed)  # compiles
    counts: dict[str, int] = {}
    spent, begun = 0.0, time.perf_counter()
    try:
        for table in generator.stream(n, seed=seed):
            spent += time.perf_counter() - begun
            for name, count in counted(table, generator.transform.fiducial).items():
                counts[name] = counts.get(name, 0) + count
            begun = time.perf_counter()
    except ModelError:
        return {"hopeless": True}
    return {**counts, "rate": n / spent}
