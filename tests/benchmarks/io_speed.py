"""Reading through fatgan against the bare library, on the same files: ``docs/IO_SPEED.md``.

``make io-speed`` writes the files once under ``runs/io_speed`` (0.4 GB at 10^7 events). Both sides
of a comparison read in turns, in one process; a round that warms up is not counted.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow.parquet
import pyhepmc
import uproot
from journal import ROOT

from fatgan import Collision, EventTable
from fatgan.atomic import replaced_on_success, write_text
from fatgan.io import iterate, open_writer

FOLDER = ROOT / "runs" / "io_speed"
PAGE = ROOT / "docs" / "IO_SPEED.md"
HERA = Collision.parse("27.5x920")
COLUMNS = ("px", "py", "pz")
CHUNK = 1_000_000
RECORDS = 20_000
DISTINCT = 200
"""Events that a file of records repeats."""
TEXT = """# Speed of reading

Made by `make io-speed` (`tests/benchmarks/io_speed.py`): `fatgan.io.iterate` against a bare loop
over the same file and columns, in turns in one process, medians of {rounds} rounds. Flat files hold
{events:,} events with the columns px, py, pz (float64), compressed as fatgan writes them; files of
records hold {records:,} events. The ratio is the time of the bare loop over that of fatgan: 1 is as
fast. Processor time does not see what else the machine does.

| file | bare loop | wall s, bare | wall s, fatgan | ratio | processor time, ratio | bar |
|---|---|---|---|---|---|---|
"""


class Case(NamedTuple):
    """A file, how it is read without fatgan, and the ratio that reading has to reach."""

    name: str
    path: Path
    events: int
    bare_name: str
    bare: Callable[[Path], int]
    bar: float


class Timing(NamedTuple):
    """Medians of both sides in seconds."""

    bare: float
    own: float
    bare_processor: float
    own_processor: float


def write_flat(path: Path, n: int) -> None:
    """Write n events with three columns."""
    rng = np.random.default_rng(0)
    with open_writer(path, HERA, columns=COLUMNS) as writer:
        for start in range(0, n, CHUNK):
            size = min(CHUNK, n - start)
            pT, phi = rng.exponential(3.0, size), rng.uniform(-np.pi, np.pi, size)
            pz = -rng.uniform(5.0, 27.0, size)
            writer.write(EventTable(pT * np.cos(phi), pT * np.sin(phi), pz, HERA))


def write_records(path: Path, n: int, particles: int) -> None:
    """Write n events of so many particles as HepMC3."""
    with replaced_on_success(path) as unfinished:
        with pyhepmc.open(unfinished, "w") as file:
            for event in _events(particles):
                file.write(event)
        text = unfinished.read_text(encoding="utf-8")
        first = text.index("\nE ") + 1
        last = text.index("HepMC::Asciiv3-END")
        head, body, end = text[:first], text[first:last], text[last:]
        with unfinished.open("w", encoding="utf-8") as out:
            out.write(head)
            for _ in range(n // DISTINCT):
                out.write(body)
            out.write(end)


def _events(particles: int) -> Iterator[Any]:
    rng = np.random.default_rng(1)
    for number in range(DISTINCT):
        event = pyhepmc.GenEvent(pyhepmc.Units.GEV, pyhepmc.Units.MM)
        event.event_number = number
        lepton = pyhepmc.GenParticle((0, 0, -27.5, 27.5), 11, 4)
        proton = pyhepmc.GenParticle((0, 0, 919.9995, 920), 2212, 4)
        vertex = pyhepmc.GenVertex()
        vertex.add_particle_in(lepton)
        vertex.add_particle_in(proton)
        ids = [11, *rng.choice([211, -211, 22, 2112, 321], particles - 3)]
        for pdg in ids:
            px, py, pz = rng.normal(size=3) * (1.0, 1.0, 5.0)
            if pdg == 11:
                pz = -rng.uniform(10.0, 27.0)
            energy = float(np.sqrt(px**2 + py**2 + pz**2))
            vertex.add_particle_out(pyhepmc.GenParticle((px, py, pz, energy), int(pdg), 1))
        event.add_vertex(vertex)
        yield event


def bare_tree(path: Path) -> int:
    """Count the rows of a TTree while reading it with uproot."""
    parts = uproot.iterate(f"{path}:events", list(COLUMNS), step_size=CHUNK, library="np")
    return sum(len(part["px"]) for part in parts)


def bare_parquet(path: Path) -> int:
    """Count the rows of a Parquet file while turning it into arrays with pyarrow."""
    rows = 0
    with pyarrow.parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(CHUNK, columns=list(COLUMNS)):
            arrays = [batch.column(name).to_numpy(zero_copy_only=False) for name in COLUMNS]
            rows += len(arrays[0])
    return rows


def bare_hepmc(path: Path) -> int:
    """Count the events of a HepMC3 file while parsing it with pyhepmc."""
    with pyhepmc.open(path) as file:
        return sum(1 for _ in file)


def own(path: Path) -> int:
    """Count the events of a file while reading it with fatgan."""
    return sum(len(table) for table in iterate(path))


def compare(case: Case, rounds: int) -> Timing:
    """Read in turns and return the medians."""
    sides: tuple[Callable[[Path], int], ...] = (case.bare, own)
    wall: list[list[float]] = [[], []]
    processor: list[list[float]] = [[], []]
    for number in range(rounds + 1):
        for i, read in enumerate(sides):
            begun, used = time.perf_counter(), time.process_time()
            found = read(case.path)
            if found != case.events:
                raise RuntimeError(f"{case.path}: {found:,} of {case.events:,} events were read")
            if number:
                wall[i].append(time.perf_counter() - begun)
                processor[i].append(time.process_time() - used)
    return Timing(*(statistics.median(times) for times in (*wall, *processor)))


def cases(n: int) -> list[Case]:
    """Return the comparisons, whose files are made if they are missing."""
    found = []
    flat = (
        ("TTree", "root", "uproot.iterate", bare_tree),
        ("Parquet", "parquet", "pyarrow iter_batches, to NumPy", bare_parquet),
    )
    for name, suffix, bare_name, bare in flat:
        path = FOLDER / f"{n:.0e}.{suffix}"
        if not path.exists():
            write_flat(path, n)
        found.append(Case(f"{name}, {n:,} events", path, n, bare_name, bare, 0.8))
    for particles in (5, 100):
        path = FOLDER / f"{RECORDS}_{particles}.hepmc3"
        if not path.exists():
            write_records(path, RECORDS, particles)
        name = f"HepMC3, {RECORDS:,} events of {particles} particles"
        loop = "for event in pyhepmc.open(file)"
        found.append(Case(name, path, RECORDS, loop, bare_hepmc, 0.7))
    return found


def main() -> None:
    """Compare, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=float, default=1e7)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    n = int(asked.events)
    page = TEXT.format(rounds=asked.rounds, events=n, records=RECORDS)
    for case in cases(n):
        took = compare(case, asked.rounds)
        ratio, processor = took.bare / took.own, took.bare_processor / took.own_processor
        line = (
            f"| {case.name} | `{case.bare_name}` | {took.bare:.2f} | {took.own:.2f} | "
            f"{ratio:.2f} | {processor:.2f} | {case.bar} |"
        )
        print(line, flush=True)
        page += line + "\n"
    write_text(PAGE, page)


if __name__ == "__main__":
    main()
