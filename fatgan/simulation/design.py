"""Training sets for a generator of many beams: one simulated file per setting and lepton."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import numpy as np
from pydantic import Field, field_validator

from fatgan.configuration.section import Section
from fatgan.errors import ConfigError, DataError
from fatgan.events.collision import Collision
from fatgan.io import describe, write
from fatgan.simulation.pool import Progress, run_blocks
from fatgan.simulation.pythia import BlockResult
from fatgan.simulation.sample import Sample
from fatgan.simulation.settings import Cuts, Level

_CHARGE = {11: "e-", -11: "e+"}


class SimulationConfig(Section):
    """Which samples to simulate: every lepton at every setting of the beams.

    ``beams`` as in :meth:`Collision.parse`; ``events`` above ``w2_min`` per file; ``q2_min`` and
    ``w2_min`` in GeV^2; ``cuts`` and ``level`` as in :func:`fatgan.simulation.simulate`. The files
    lie in ``folder`` under names like ``e-_27.5x920.root``.
    """

    beams: tuple[str, ...] = Field(min_length=1)
    leptons: tuple[Literal[11, -11], ...] = Field((11,), min_length=1)
    events: Annotated[int, Field(ge=1)]
    q2_min: Annotated[float, Field(gt=0)]
    w2_min: float = Field(0.0, ge=0)
    cuts: Cuts = "none"
    level: Level | None = None
    seed: int = Field(0, ge=0)
    folder: Path

    @field_validator("beams")
    @classmethod
    def _are_known(cls, beams: tuple[str, ...]) -> tuple[str, ...]:
        try:
            labels = [Collision.parse(text).label for text in beams]
        except ConfigError as error:
            raise ValueError(str(error)) from None
        _once(labels)
        return beams

    @field_validator("leptons")
    @classmethod
    def _are_different(cls, leptons: tuple[int, ...]) -> tuple[int, ...]:
        _once(leptons)
        return leptons

    @property
    def total(self) -> int:
        """Events of all files."""
        return self.events * len(self.beams) * len(self.leptons)

    def samples(self) -> dict[Path, Sample]:
        """Return the samples by their files.

        The seed of each follows from the seed here and the file's name alone, so that a setting
        more or less leaves the other files as they are.

        Raises
        ------
        ConfigError
            An edge that one of the settings does not reach.
        """
        collisions = [
            Collision.parse(text, lepton_pdg=lepton)
            for lepton in self.leptons
            for text in self.beams
        ]
        names = [f"{_CHARGE[item.lepton_pdg]}_{item.label}" for item in collisions]
        return {
            self.folder / f"{name}.root": Sample(
                self.events,
                collision,
                self.q2_min,
                _seed(self.seed, name),
                self.level,
                self.cuts,
                self.w2_min,
            )
            for name, collision in zip(names, collisions, strict=True)
        }


class SimulatedFile(NamedTuple):
    """A file of the design; ``made`` is False where it was there already."""

    path: Path
    events: int
    made: bool


def simulate_design(
    config: SimulationConfig, workers: int | None = None, progress: Progress | None = None
) -> list[SimulatedFile]:
    """Simulate a design's samples into its files (needs ``fatgan[pythia]``).

    All samples share one pool of processes, and each file is written whole as soon as its events
    are there. A file that holds just what is asked for is kept: a simulation that was stopped
    goes on. Each file is what :func:`fatgan.simulation.simulate` gives with the seed that its
    provenance tells.

    Parameters
    ----------
    config
        The design.
    workers
        Processes; default: the number of cores.
    progress
        Called with the number of events done since its last call; files that are kept count.

    Raises
    ------
    ConfigError
        A number out of range, or beams that Pythia refuses.
    DataError
        A file of such a name is there that no simulation wrote, or a file cannot be written.
    MissingExtraError
        Pythia is not installed.
    """
    samples = config.samples()
    missing = {path: sample for path, sample in samples.items() if not _is_there(path, sample)}
    if progress is not None:
        progress(config.total - sum(sample.n for sample in missing.values()))
    _make(missing, workers, progress)
    return [SimulatedFile(path, sample.n, path in missing) for path, sample in samples.items()]


def _make(samples: Mapping[Path, Sample], workers: int | None, progress: Progress | None) -> None:
    blocks = {path: sample.blocks() for path, sample in samples.items()}
    places = [(path, place) for path, own in blocks.items() for place in range(len(own))]
    results: dict[Path, dict[int, BlockResult]] = {path: {} for path in samples}
    shared = [block for own in blocks.values() for block in own]
    for index, result in run_blocks(shared, workers, progress):
        path, place = places[index]
        results[path][place] = result
        if len(results[path]) == len(blocks[path]):
            done = results.pop(path)
            write(samples[path].table([done[place] for place in sorted(done)]), path)


def _is_there(path: Path, sample: Sample) -> bool:
    """Return whether the file holds the sample; refuse to replace what no simulation wrote."""
    if not path.exists():
        return False
    told = describe(path)
    if told.provenance.get("generator") != "Pythia":
        raise DataError(f"{path}: is there already and no simulated sample; move it away")
    request = sample.request()
    return (
        told.entries == sample.n
        and told.collision == sample.collision
        and {key: told.provenance.get(key) for key in request} == request
    )


def _seed(seed: int, name: str) -> int:
    return int(np.random.SeedSequence([seed, zlib.crc32(name.encode())]).generate_state(1)[0])


def _once(entries: Sequence[object]) -> None:
    twice = sorted({str(entry) for entry in entries if entries.count(entry) > 1})
    if twice:
        raise ValueError(f"{', '.join(twice)} stands there more than once")
