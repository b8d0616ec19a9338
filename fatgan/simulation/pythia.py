"""One block of events from one Pythia: what a worker process runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import ConfigError, MissingExtraError
from fatgan.silence import silenced

MAX_FAILURES = 1000
"""Failed events in a row after which the settings are held to be impossible."""

SCATTERED = 6
"""Place of the scattered lepton in the hard process, when the lepton is beam B."""

_TICK = 1000


@dataclass(frozen=True)
class Block:
    """Number of events, Pythia's seed and settings, and the id of the scattered lepton."""

    n: int
    seed: int
    settings: tuple[str, ...]
    hadronised: bool
    lepton_pdg: int


class BlockResult(NamedTuple):
    """Momenta (n, 3) in GeV with the proton along +z, the cross-section in pb, and failures."""

    momenta: NDArray[np.float64]
    cross_section: float
    cross_section_error: float
    failures: int


def run_block(block: Block, tick: Callable[[int], None] | None = None) -> BlockResult:
    """Generate a block; the same block gives the same events in any process.

    Raises
    ------
    MissingExtraError
        Pythia is not installed.
    ConfigError
        Pythia refuses the settings, or generates no event with them.
    """
    with silenced(1):
        pythia = _start(block)
        momenta = np.empty((block.n, 3))
        done = failures = in_a_row = 0
        while done < block.n:
            if not pythia.next():
                failures, in_a_row = failures + 1, in_a_row + 1
                if in_a_row == MAX_FAILURES:
                    raise ConfigError(
                        f"Pythia failed {in_a_row:,} times in a row after {done:,} of "
                        f"{block.n:,} events; check the beams and q2_min"
                    )
                continue
            in_a_row = 0
            momenta[done] = _scattered(pythia, block)
            done += 1
            if tick is not None and done % _TICK == 0:
                tick(_TICK)
        if tick is not None and done % _TICK:
            tick(done % _TICK)
        info = pythia.infoPython()
        return BlockResult(momenta, 1e9 * info.sigmaGen(), 1e9 * info.sigmaErr(), failures)


def pythia_version() -> str:
    """Return the version of the installed Pythia, e.g. ``8.317.2``."""
    return version("pythia8mc")


def _module() -> Any:
    try:
        import pythia8mc
    except ImportError:
        raise MissingExtraError("pythia8mc", "pythia") from None
    return pythia8mc


def _start(block: Block) -> Any:
    pythia = _module().Pythia("", False)
    for line in (*block.settings, "Random:setSeed = on", f"Random:seed = {block.seed}"):
        if not pythia.readString(line):
            raise ConfigError(f"Pythia refuses the setting '{line}'")
    if not pythia.init():
        raise ConfigError(f"Pythia cannot start with the settings {'; '.join(block.settings)}")
    return pythia


def _scattered(pythia: Any, block: Block) -> tuple[float, float, float]:
    # By genealogy, never by id alone: 4-5 % of hadronised events hold further electrons.
    if block.hadronised:
        event = pythia.event
        lepton = event[event[SCATTERED].iBotCopyId()]
    else:
        lepton = pythia.process[SCATTERED]
    if lepton.id() != block.lepton_pdg:
        raise ConfigError(f"Pythia's scattered lepton has id {lepton.id()}, not {block.lepton_pdg}")
    return lepton.px(), lepton.py(), lepton.pz()
