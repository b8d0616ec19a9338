"""What Pythia 8 is told: the beams, the process, and how far phase space is cut besides Q2."""

from __future__ import annotations

import math
from typing import Literal

from fatgan.errors import ConfigError, did_you_mean
from fatgan.events.collision import Collision
from fatgan.events.kinematics import ELECTRON_MASS, PROTON_MASS

Level = Literal["process", "hadron"]
"""How far Pythia goes: the hard process alone, or showers, hadronisation and decays too."""

LEVELS: tuple[Level, ...] = ("process", "hadron")

Cuts = Literal["none", "pythia"]
"""Phase-space cuts besides Q2: none, or those that Pythia makes when it is told nothing."""

CUTS: dict[Cuts, str] = {
    "none": "force=0.01",
    "pythia": "1.0",
}
"""Pythia's ``pTHatMinDiverge`` in GeV for each."""


SAFE_W2 = 4.0
"""Lower edge in W2 (GeV^2) above which hadronisation hardly ever fails."""

SAFE_ENERGY = 20.0
"""Electron energy (GeV) on a proton at rest from which this is so for nearly all events."""


def default_level(collision: Collision, w2_min: float = 0.0) -> Level:
    """Return the cheapest level whose scattered electron is that of the full chain.

    ``w2_min`` is the sample's lower edge in W2, GeV^2. See :func:`fatgan.simulation.simulate` for
    the comparison behind this choice.
    """
    safe = w2_min >= SAFE_W2 and collision.electron_energy >= SAFE_ENERGY
    return "hadron" if _at_rest(collision) and not safe else "process"


def settings(
    collision: Collision, q2_min: float, level: Level | None = None, cuts: Cuts = "none"
) -> list[str]:
    """Return the Pythia 8 settings for neutral-current DIS, one ``key = value`` each.

    Pythia's defaults hide two cuts: ``PhaseSpace:mHatMin`` = 4 demands x s > 16 GeV^2 and
    ``PhaseSpace:pTHatMinDiverge`` = 1 demands Q2 (1 - y) > 1 GeV^2. Without cuts both are lowered
    until Q2 is the only edge: x s > Q2 holds anyway, and Q2 (1 - y) > 1e-4 GeV^2 is left, which
    needs ``force`` because Pythia stops at 0.5 GeV of its own accord.

    Parameters
    ----------
    collision
        Beams. The proton moves along +z in Pythia, whatever the collision's frame.
    q2_min
        Lower edge in Q2, GeV^2. Below about 1 GeV^2 the parton picture itself is in doubt.
    level
        Default: :func:`default_level`.
    cuts
        ``"none"``, or ``"pythia"`` for Pythia's defaults, with which the sample of the FAT-GAN
        papers was made.

    Raises
    ------
    ConfigError
        ``q2_min`` is not between 0 and the largest Q2 of the beams, or the level or the cuts are
        unknown.
    """
    largest = collision.beams.two_kP
    if not 0 < q2_min < largest:
        raise ConfigError(
            f"q2_min = {q2_min:g} GeV^2 is out of range: {collision.label} reaches "
            f"Q2 between 0 and {largest:.6g} GeV^2"
        )
    level = level or default_level(collision)
    if level not in LEVELS:
        raise ConfigError(f"simulation level '{level}' is unknown; {did_you_mean(level, LEVELS)}")
    if cuts not in CUTS:
        raise ConfigError(f"simulation cuts '{cuts}' are unknown; {did_you_mean(cuts, CUTS)}")
    m_hat = 4.0 if cuts == "pythia" else min(1.0, math.sqrt(q2_min))
    return [
        "Print:quiet = on",
        f"Beams:idA = {collision.hadron_pdg}",
        f"Beams:idB = {collision.lepton_pdg}",
        *_beam_energies(collision),
        "WeakBosonExchange:ff2ff(t:gmZ) = on",
        "PDF:lepton = off",
        "TimeShower:QEDshowerByL = off",
        "SpaceShower:dipoleRecoil = on",
        f"PhaseSpace:Q2Min = {float(q2_min)!r}",
        f"PhaseSpace:mHatMin = {m_hat!r}",
        f"PhaseSpace:pTHatMinDiverge = {CUTS[cuts]}",
        *(["PartonLevel:all = off"] if level == "process" else []),
    ]


def _beam_energies(collision: Collision) -> list[str]:
    if not _at_rest(collision):
        return [
            "Beams:frameType = 2",
            f"Beams:eA = {float(collision.proton_energy)!r}",
            f"Beams:eB = {float(collision.electron_energy)!r}",
        ]
    momentum = math.sqrt(collision.electron_energy**2 - ELECTRON_MASS**2)
    return ["Beams:frameType = 3", "Beams:pzA = 0.0", f"Beams:pzB = {-momentum!r}"]


def _at_rest(collision: Collision) -> bool:
    return collision.proton_energy <= PROTON_MASS
