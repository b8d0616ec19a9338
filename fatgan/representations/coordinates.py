r"""The coordinates a network can learn: physics <-> real features.

All work in the electron frame (electron beam along +z), in GeV, and are written once for NumPy
and for the graph (``xp``). *Polar* coordinates leave out the azimuth, which is drawn or learned
as an angle beside them; the others hold it in px and py.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar, Protocol

import numpy as np

from fatgan.errors import ConfigError, did_you_mean
from fatgan.events import kinematics
from fatgan.events.bounds import Fiducial
from fatgan.events.kinematics import ELECTRON_MASS, Beams
from fatgan.representations.scaling import Limits

_TINY = 1e-12
"""Smallest argument of a logarithm (GeV): far below any momentum, above float32's underflow."""

_FREE: Limits = (-math.inf, math.inf)


class Coordinates(Protocol):
    """A choice of features.

    ``encode`` maps momenta (px, py, pz) to the features; ``decode`` leads back: to (pT, pz) for
    polar coordinates, to (px, py, pz) for the others. ``limits`` are the kinematic limits of
    each feature inside a fiducial region.
    """

    name: ClassVar[str]
    features: ClassVar[tuple[str, ...]]
    polar: ClassVar[bool]

    def encode(self, px: Any, py: Any, pz: Any, beams: Beams, xp: Any = np) -> tuple[Any, ...]:
        """Return the features of momenta."""

    def decode(self, features: tuple[Any, ...], beams: Beams, xp: Any = np) -> tuple[Any, ...]:
        """Return the momenta of features."""

    def limits(self, beams: Beams, fiducial: Fiducial) -> tuple[Limits, ...]:
        """Return the kinematic limits, one pair per feature."""


def _largest_momentum(beams: Beams) -> float:
    """Return a bound on any |p| of the electron: both beams' energies."""
    return beams.k_plus + beams.P_minus


class Direct:
    """px, py, pz as they are: the Direct Simulation GAN (arXiv:2001.11103)."""

    name: ClassVar[str] = "direct"
    features: ClassVar[tuple[str, ...]] = ("px", "py", "pz")
    polar: ClassVar[bool] = False

    def encode(self, px: Any, py: Any, pz: Any, beams: Beams, xp: Any = np) -> tuple[Any, ...]:
        """Return px, py, pz."""
        return px, py, pz

    def decode(self, features: tuple[Any, ...], beams: Beams, xp: Any = np) -> tuple[Any, ...]:
        """Return px, py, pz."""
        return features

    def limits(self, beams: Beams, fiducial: Fiducial) -> tuple[Limits, ...]:
        """Return the bounds of a momentum component."""
        p = _largest_momentum(beams)
        return (-p, p), (-p, p), (-p, p)


class Cartesian:
    """px, py, T = ln(Eb - pz): FAT-GAN's transformed features (arXiv:2001.11103).

    Ee - pz = y (Ee + x Ep) > 0 on the whole physical region, so T is always defined.
    """

    name: ClassVar[str] = "cartesian"
    features: ClassVar[tuple[str, ...]] = ("px", "py", "ln(Eb-pz)")
    polar: ClassVar[bool] = False

    def encode(self, px: Any, py: Any, pz: Any, beams: Beams, xp: Any = np) -> tuple[Any, ...]:
        """Return px, py, ln(Eb - pz)."""
        return px, py, xp.log(xp.maximum(beams.k_plus / 2 - pz, _TINY))

    def decode(self, features: tuple[Any, ...], beams: Beams, xp: Any = np) -> tuple[Any, ...]:
        """Return px, py, pz."""
        px, py, T = features
        return px, py, beams.k_plus / 2 - xp.exp(T)

    def limits(self, beams: Beams, fiducial: Fiducial) -> tuple[Limits, ...]:
        """Return the bounds of px, py and T."""
        p = _largest_momentum(beams)
        return (-p, p), (-p, p), (math.log(_TINY), math.log(p))


class Spherical:
    """ln |p| and ln tan(theta/2) = -eta, azimuth apart.

    The exact feature list of the published FAT-GAN(Spher) is not public; this choice keeps both
    features unbounded and of order one.
    """

    name: ClassVar[str] = "spherical"
    features: ClassVar[tuple[str, ...]] = ("ln|p|", "ln tan(theta/2)")
    polar: ClassVar[bool] = True

    def encode(self, px: Any, py: Any, pz: Any, beams: Beams, xp: Any = np) -> tuple[Any, ...]:
        """Return ln |p| and ln tan(theta/2)."""
        plus, minus = kinematics.light_cone(px, py, pz, xp)
        # massless up to (m/pT)^2: tan(theta/2)^2 = (E - pz) / (E + pz)
        return xp.log((plus + minus) / 2), xp.log(minus / plus) / 2

    def decode(self, features: tuple[Any, ...], beams: Beams, xp: Any = np) -> tuple[Any, ...]:
        """Return pT, pz."""
        E, half = xp.exp(features[0]), xp.exp(features[1])
        plus = 2 * E / (1 + half * half)
        return kinematics.from_light_cone(plus, plus * half * half, xp)

    def limits(self, beams: Beams, fiducial: Fiducial) -> tuple[Limits, ...]:
        """Return the bounds of a momentum, and angles down to m/E."""
        p = _largest_momentum(beams)
        angle = math.log(p / ELECTRON_MASS)
        return (math.log(ELECTRON_MASS), math.log(p)), (-angle, angle)


class LightCone:
    """nu1 = ln(E' - pz) and nu2 = ln(k+ - E' - pz), azimuth apart; k+ = 2 Ee.

    Up to constants and masses these are ln Q2 and ln y: an edge in Q2 or in y is a straight edge
    of the feature space.
    """

    name: ClassVar[str] = "lightcone"
    features: ClassVar[tuple[str, ...]] = ("ln(E-pz)", "ln(2Eb-E-pz)")
    polar: ClassVar[bool] = True

    def encode(self, px: Any, py: Any, pz: Any, beams: Beams, xp: Any = np) -> tuple[Any, ...]:
        """Return nu1 and nu2."""
        plus, minus = kinematics.light_cone(px, py, pz, xp)
        return xp.log(minus), xp.log(xp.maximum(beams.k_plus - plus, _TINY))

    def decode(self, features: tuple[Any, ...], beams: Beams, xp: Any = np) -> tuple[Any, ...]:
        """Return pT, pz."""
        nu1, nu2 = features
        return kinematics.from_light_cone(beams.k_plus - xp.exp(nu2), xp.exp(nu1), xp)

    def limits(self, beams: Beams, fiducial: Fiducial) -> tuple[Limits, ...]:
        """Return the edges set by Q2 above its edge, y below 1 and x below 1."""
        k, two_kP = beams.k_plus, beams.two_kP
        Q2_min = max(fiducial.Q2_min, ELECTRON_MASS**2)
        # Q2 = k+ k'- + k- k'+ - 2m^2 with 0 < k'+ < k+
        nu1 = (math.log((Q2_min + ELECTRON_MASS**2) / k), math.log((two_kP + 1.0) / k))
        # At a fixed target 1 - y is not k'+/k+ alone, so the lower edge keeps some room.
        nu2 = (math.log(max(0.5 * k * Q2_min / two_kP, _TINY)), math.log(k))
        return nu1, nu2


COORDINATES: dict[str, type[Coordinates]] = {
    item.name: item for item in (Direct, Cartesian, Spherical, LightCone)
}


def coordinates_named(name: str) -> Coordinates:
    """Return coordinates by name."""
    if name not in COORDINATES:
        raise ConfigError(f"representation.name '{name}'; {did_you_mean(name, COORDINATES)}")
    return COORDINATES[name]()
