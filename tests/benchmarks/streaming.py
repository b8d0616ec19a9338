"""Two files of 10^8 events against each other: time, peak memory, rows that each score used.

``make streaming`` writes the files (2.4 GB, under ``runs/streaming``) from one trained or simulated
law that is quick to draw from, and compares them as ``fatgan validate`` does.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

import numpy as np
from journal import ROOT
from truth import truth

from analysis.comparison import Comparison
from analysis.samples import Sample
from analysis.scoring import score
from fatgan import EventTable
from fatgan.io import open_writer

FOLDER = ROOT / "runs" / "streaming"
CHUNK = 1_000_000


def write_rotated(path: Path, n: int, seed: int, pool: EventTable) -> None:
    """Write n events: those of a pool, drawn with replacement, each turned about the beam.

    Turning makes them distinct; both files have the pool's law exactly.
    """
    rng = np.random.default_rng(seed)
    with open_writer(path, pool.collision, dtype="float32") as writer:
        for start in range(0, n, CHUNK):
            size = min(CHUNK, n - start)
            rows = rng.integers(len(pool), size=size)
            phi = rng.uniform(-np.pi, np.pi, size)
            pT, pz = pool["pT"][rows], pool["pz"][rows]
            writer.write(EventTable(pT * np.cos(phi), pT * np.sin(phi), pz, pool.collision))


def main() -> None:
    """Write what is missing, compare, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=float, default=1e8)
    n = int(parser.parse_args().events)
    FOLDER.mkdir(parents=True, exist_ok=True)
    paths = [FOLDER / f"{n:.0e}_{seed}.parquet" for seed in (1, 2)]
    for seed, path in enumerate(paths, 1):
        if not path.exists():
            write_rotated(path, n, seed, truth())
    begun = time.perf_counter()
    comparison = Comparison(*(Sample.from_file(path) for path in paths))
    for record in score(comparison, progress=lambda name: print(name, flush=True)):
        print(
            f"{record.label}: {record.value:.5g}, floor {record.floor:.5g} +- "
            f"{record.floor_error:.2g}, p = {record.p_value:.3g}, "
            f"{record.n_reference:,} against {record.n_sample:,} events"
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{time.perf_counter() - begun:.0f} s, peak memory {peak:.2f} GiB")


if __name__ == "__main__":
    main()
