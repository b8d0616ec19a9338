r"""The coordinates a network can learn: physics <-> real features.

All work in the electron frame (electron beam along +z), in GeV, and are written once for NumPy
and for the graph (``xp``). *Polar* coordinates leave out the azimuth, which is drawn or learned
as an angle beside them; the others hold it in px and py.
"""

from __future__ import annotations

import math
from typing import Any, ClassVar, Protocol

import numpy as np
from scipy.optimize import brentq

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


class DIS:
    """ln Q2 and u = ln(y/y_max) / ln(y_min/y_max), azimuth apart.

    y_min(Q2) is x = 1 and y_max(Q2) is pT = 0, with exact masses, so that the whole physical
    region of any beams is the box Q2_min < Q2 < Q2_max, 0 < u < 1: its edges are the edges of
    the features, and no event of the inverse is outside. For massless beams
    u = ln y / ln(Q2 / (s - M^2 - m^2)).
    """

    name: ClassVar[str] = "dis"
    features: ClassVar[tuple[str, ...]] = ("ln Q2", "u")
    polar: ClassVar[bool] = True

    def encode(self, px: Any, py: Any, pz: Any, beams: Beams, xp: Any = np) -> tuple[Any, ...]:
        """Return ln Q2 and u."""
        values = kinematics.invariants(*kinematics.light_cone(px, py, pz, xp), beams)
        Q2 = xp.maximum(values.Q2, _TINY)
        low, high = kinematics.y_range(Q2, beams, xp)
        y = xp.maximum(values.y, _TINY)
        return xp.log(Q2), xp.log(y / high) / xp.log(low / high)

    def decode(self, features: tuple[Any, ...], beams: Beams, xp: Any = np) -> tuple[Any, ...]:
        """Return pT, pz."""
        Q2, u = xp.exp(features[0]), features[1]
        low, high = kinematics.y_range(Q2, beams, xp)
        y = high * xp.exp(u * xp.log(low / high))
        return kinematics.from_light_cone(*kinematics.light_cone_from_Q2_y(Q2, y, beams), xp)

    def limits(self, beams: Beams, fiducial: Fiducial) -> tuple[Limits, ...]:
        """Return the sides of the box."""
        Q2_min = max(fiducial.Q2_min, ELECTRON_MASS**2)
        return (math.log(Q2_min), math.log(_largest_Q2(beams))), (0.0, 1.0)


def _largest_Q2(beams: Beams) -> float:
    """Return the Q2 in GeV^2 at which the range of y closes."""

    def width(Q2: float) -> float:
        low, high = kinematics.y_range(Q2, beams)
        return float(high - low)

    return float(brentq(width, 1e-9 * beams.two_kP, beams.two_kP, rtol=1e-14))


COORDINATES: dict[str, type[Coordinates]] = {
    item.name: item for item in (Direct, Cartesian, Spherical, LightCone, DIS)
}


def coordinates_named(name: str) -> Coordinates:
    """Return coordinates by name."""
    if name not in COORDINATES:
        raise ConfigError(f"representation.name '{name}'; {did_you_mean(name, COORDINATES)}")
    return COORDINATES[name]()
