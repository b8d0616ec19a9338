"""Three samples on one page: data, FAT-GAN and Pythia 8 run live, each in its own event loop.

    python configs/compare_generators.py data/ep_nc_dis_27.5x920.root runs/quickstart/model -o page

The data may be a measured or a simulated file; Pythia gets their beams and their lower edge in Q2.
Other generators go into GENERATORS: a function that yields the scattered lepton's px, py, pz in
GeV, in the frame of the collision, event by event.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import fatgan
from analysis import compare
from analysis.report.generators import write_generators
from fatgan import Collision, EventTable
from fatgan.errors import DataError, FatganError
from fatgan.events import Fiducial
from fatgan.generator.data import split

SCATTERED = 6
"""Place of the scattered lepton in Pythia's hard process, when the lepton is beam B."""

MOST_FAILURES = 1000
"""Events in a row that Pythia may give up."""


class Asked(NamedTuple):
    """What every generator is asked for."""

    events: int
    collision: Collision
    Q2_min: float
    seed: int
    model: Path


Momentum = tuple[float, float, float]
Loop = tuple[Iterator[Momentum], Callable[[], tuple[float, float]]]
"""An event loop, and what to call for the cross-section and its error in pb after it."""


def fat_gan(asked: Asked) -> Loop:
    """FAT-GAN, as any other Monte-Carlo generator."""
    from fatgan.mceg import Generator

    generator = Generator(asked.model, asked.collision, seed=asked.seed)

    def loop() -> Iterator[Momentum]:
        for event in generator(asked.events):
            lepton = event[(event.status == 1) & (event.pid == asked.collision.lepton_pdg)]
            yield float(lepton.px[0]), float(lepton.py[0]), float(lepton.pz[0])

    return loop(), generator.cross_section


def pythia(asked: Asked) -> Loop:
    """Pythia 8, started here and run event by event."""
    import pythia8mc

    from fatgan.simulation import settings

    run: Any = pythia8mc.Pythia("", False)
    for line in (
        *settings(asked.collision, asked.Q2_min, "hadron"),
        "Random:setSeed = on",
        f"Random:seed = {asked.seed + 1}",
    ):
        run.readString(line)
    if not run.init():
        raise DataError(
            f"Pythia cannot start for {asked.collision} with Q2 >= {asked.Q2_min:.4g} GeV^2"
        )
    turn = 1 if asked.collision.frame == "proton" else -1

    def loop() -> Iterator[Momentum]:
        done = failures = 0
        while done < asked.events:
            if not run.next():
                failures += 1
                if failures > MOST_FAILURES:
                    raise DataError(f"Pythia fails event after event for {asked.collision}")
                continue
            failures = 0
            lepton = run.event[run.event[SCATTERED].iBotCopyId()]
            yield lepton.px(), turn * lepton.py(), turn * lepton.pz()
            done += 1

    def sigma() -> tuple[float, float]:
        info = run.infoPython()
        return 1e9 * info.sigmaGen(), 1e9 * info.sigmaErr()

    return loop(), sigma


GENERATORS = {"FAT-GAN": fat_gan, "Pythia 8": pythia}


def sampled(make: Callable[[Asked], Loop], asked: Asked) -> tuple[EventTable, dict[str, str]]:
    """Return a generator's events and what the page says of them."""
    loop, sigma = make(asked)
    begin = time.perf_counter()
    px, py, pz = np.fromiter(loop, np.dtype((np.float64, 3)), asked.events).T
    rate = asked.events / (time.perf_counter() - begin)
    facts = {"events": f"{asked.events:,}", "events/s in the loop": f"{rate:,.0f}"}
    try:
        value, error = sigma()
        facts["cross-section"] = f"{value / 1e3:.4g} ± {error / 1e3:.2g} nb"
    except FatganError:
        facts["cross-section"] = "not known"
    return EventTable(px, py, pz, asked.collision), facts


def main() -> None:
    """Read the data, run the generators, write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("data", type=Path, help="file of events")
    parser.add_argument("model", type=Path, help="model bundle")
    parser.add_argument("-o", "--output", type=Path, default=Path("runs/generators"))
    parser.add_argument("-n", "--number", type=int, default=100_000, help="events of each")
    parser.add_argument("-s", "--seed", type=int, default=0)
    parser.add_argument("--beams", help="of the data, where their file does not say it")
    asked = parser.parse_args()
    options = {} if asked.beams is None else {"beams": asked.beams}
    data = fatgan.read(asked.data, **options)
    if not isinstance(data.collision, Collision):
        raise DataError(f"{asked.data}: several beams; the page is of one setting")
    data = _not_learned(data, asked.model)
    rows = np.random.default_rng(asked.seed).permutation(len(data))[: asked.number]
    known = {"data": data[np.sort(rows)]}
    facts = {"data": {"events": f"{len(known['data']):,}", "cross-section": _stated(data)}}
    edge = Fiducial.found(data).Q2_min
    wanted = Asked(len(known["data"]), data.collision, edge, asked.seed, asked.model)
    records = {}
    for label, make in GENERATORS.items():
        known[label], facts[label] = sampled(make, wanted)
        records[label] = compare(known["data"], known[label], seed=asked.seed)
    title = f"{', '.join(known)}: {data.collision}"
    page = write_generators(known, facts, asked.output, title=title, records=records)
    sys.stdout.write(f"page: {page}\n")


def _not_learned(data: EventTable, model: Path) -> EventTable:
    """Return the rows that the model has not seen, if it was trained on this very file."""
    manifest = fatgan.load(model).manifest
    learned, own = manifest["data"], data.provenance
    same = all(
        own.get(key) == learned["provenance"].get(key) for key in ("sha256", "entries", "events")
    )
    if not same or not learned["held_out"]:
        return data
    return split(
        data, learned["held_out"], learned["selection"], manifest["seed"], str(own["source"])
    ).held_out


def _stated(data: EventTable) -> str:
    origin = data.provenance.get("origin", {})
    sigma = origin.get("cross_section_pb")
    return "not stated" if sigma is None else f"{sigma / 1e3:.4g} nb"


if __name__ == "__main__":
    try:
        main()
    except FatganError as error:
        sys.exit(f"compare_generators: {' '.join(str(error).split())}")
