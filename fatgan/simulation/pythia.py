"""One block of events from one Pythia: what a worker process runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import ConfigError, MissingExtraError
from fatgan.events.kinematics import Beams, invariants, light_cone
from fatgan.silence import silenced

MAX_FAILURES = 1000
"""Failed events in a row after which the settings are held to be impossible."""

SCATTERED = 6
"""Place of the scattered lepton in the hard process, when the lepton is beam B."""

_TICK = 1000
"""Events generated between two looks at W2 and two reports of progress."""

LEAST_SHARE = 1e-3
"""Smallest share of events above the edge in W2 for which a sample is worth its time."""


@dataclass(frozen=True)
class Block:
    """Number of events, Pythia's seed and settings, the beams, and the lower edge in W2 (GeV^2).

    ``hadronised`` says where the scattered lepton, of id ``lepton_pdg``, is looked for.
    """

    n: int
    seed: int
    settings: tuple[str, ...]
    hadronised: bool
    lepton_pdg: int
    beams: Beams
    w2_min: float = 0.0


class BlockResult(NamedTuple):
    """Momenta (n, 3) in GeV with the proton along +z, the cross-section in pb, and counts.

    The cross-section is that of the events kept; ``failures`` counts events that Pythia gave up,
    ``below`` those below the edge in W2.
    """

    momenta: NDArray[np.float64]
    cross_section: float
    cross_section_error: float
    failures: int
    below: int


def run_block(block: Block, tick: Callable[[int], None] | None = None) -> BlockResult:
    """Generate a block; the same block gives the same events in any process.

    Raises
    ------
    MissingExtraError
        Pythia is not installed.
    ConfigError
        Pythia refuses the settings, or generates no event with them, or hardly any above the
        edge in W2.
    """
    with silenced(1):
        pythia = _start(block)
        kept: list[NDArray[np.float64]] = []
        done = failures = below = 0
        while done < block.n:
            momenta, failed = _generate(pythia, block, min(_TICK, block.n - done), done)
            above = momenta[_above_the_edge(momenta, block)]
            kept.append(above)
            done, failures = done + len(above), failures + failed
            below += len(momenta) - len(above)
            if done < LEAST_SHARE * (done + below - _TICK):
                raise ConfigError(
                    f"{done:,} of {done + below:,} events lie above w2_min = {block.w2_min:g} "
                    "GeV^2; lower it"
                )
            if tick is not None:
                tick(len(above))
        info = pythia.infoPython()
        return BlockResult(
            np.concatenate(kept),
            *_cross_section(1e9 * info.sigmaGen(), 1e9 * info.sigmaErr(), done, below),
            failures,
            below,
        )


def _generate(pythia: Any, block: Block, n: int, before: int) -> tuple[NDArray[np.float64], int]:
    """Return the momenta (n, 3) of the next events, and how many failed between them."""
    momenta = np.empty((n, 3))
    done = failures = in_a_row = 0
    while done < n:
        if not pythia.next():
            failures, in_a_row = failures + 1, in_a_row + 1
            if in_a_row == MAX_FAILURES:
                raise ConfigError(
                    f"Pythia failed {in_a_row:,} times in a row after {before + done:,} of "
                    f"{block.n:,} events; check the beams and q2_min"
                )
            continue
        in_a_row = 0
        momenta[done] = _scattered(pythia, block)
        done += 1
    return momenta, failures


def _above_the_edge(momenta: NDArray[np.float64], block: Block) -> NDArray[np.bool_]:
    if block.w2_min == 0:  # not even W2 < 0, which the hard process alone can have
        return np.ones(len(momenta), dtype=bool)
    px, py, pz = momenta.T
    W2 = invariants(*light_cone(px, -py, -pz), block.beams).W2
    return np.asarray(W2 >= block.w2_min)


def _cross_section(sigma: float, error: float, kept: int, below: int) -> tuple[float, float]:
    """Return the cross-section of the events kept, and its error: Pythia's and the share's."""
    # failed events are none of Pythia's cross-section already
    share = kept / (kept + below)
    part = sigma * share
    return part, part * float(np.hypot(error / sigma, np.sqrt((1 - share) / kept)))


def pythia_version() -> str:
    """Return the version of the installed Pythia, e.g. ``8.317.2``."""
    try:
        return version("pythia8mc")
    except PackageNotFoundError:
        raise MissingExtraError("pythia8mc", "pythia") from None


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
