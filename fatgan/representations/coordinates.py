r"""The coordinates a network can learn: physics <-> real features.

All work in the electron frame (electron beam along +z), in GeV, and are written once for NumPy
and for the graph (``xp``). *Polar* coordinates leave out the azimuth, which is drawn or learned
as an angle beside them; the others hold it in px and py.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, ClassVar, Protocol

import numpy as np

from fatgan.errors import ConfigError, did_you_mean
from fatgan.events import kinematics
from fatgan.events.kinematics import ELECTRON_MASS
from fatgan.representations.region import Region
from fatgan.representations.scaling import Limits

_TINY = 1e-12
"""Smallest argument of a logarithm (GeV): far below any momentum, above float32's underflow."""

_FREE: Limits = (-math.inf, math.inf)


class Coordinates(Protocol):
    """A choice of features.

    ``encode`` maps momenta (px, py, pz) to the features; ``decode`` leads back: to (pT, pz) for
    polar coordinates, to (px, py, pz) for the others. ``limits`` are the kinematic limits of
    each feature inside the region; of events of many beams, the widest.
    """

    name: ClassVar[str]
    features: ClassVar[tuple[str, ...]]
    polar: ClassVar[bool]

    def encode(self, px: Any, py: Any, pz: Any, region: Region, xp: Any = np) -> tuple[Any, ...]:
        """Return the features of momenta."""

    def decode(self, features: tuple[Any, ...], region: Region, xp: Any = np) -> tuple[Any, ...]:
        """Return the momenta of features."""

    def limits(self, region: Region) -> tuple[Limits, ...]:
        """Return the kinematic limits, one pair per feature."""


def _largest_momentum(region: Region) -> float:
    """Return a bound on any |p| of the electron: both beams' energies."""
    return float(np.max(region.beams.k_plus + region.beams.P_minus))


class Direct:
    """px, py, pz as they are: the Direct Simulation GAN (arXiv:2001.11103)."""

    name: ClassVar[str] = "direct"
    features: ClassVar[tuple[str, ...]] = ("px", "py", "pz")
    polar: ClassVar[bool] = False

    def encode(self, px: Any, py: Any, pz: Any, region: Region, xp: Any = np) -> tuple[Any, ...]:
        """Return px, py, pz."""
        return px, py, pz

    def decode(self, features: tuple[Any, ...], region: Region, xp: Any = np) -> tuple[Any, ...]:
        """Return px, py, pz."""
        return features

    def limits(self, region: Region) -> tuple[Limits, ...]:
        """Return the bounds of a momentum component."""
        p = _largest_momentum(region)
        return (-p, p), (-p, p), (-p, p)


class Cartesian:
    """px, py, T = ln(Eb - pz): FAT-GAN's transformed features (arXiv:2001.11103).

    Ee - pz = y (Ee + x Ep) > 0 on the whole physical region, so T is always defined.
    """

    name: ClassVar[str] = "cartesian"
    features: ClassVar[tuple[str, ...]] = ("px", "py", "ln(Eb-pz)")
    polar: ClassVar[bool] = False

    def encode(self, px: Any, py: Any, pz: Any, region: Region, xp: Any = np) -> tuple[Any, ...]:
        """Return px, py, ln(Eb - pz)."""
        return px, py, xp.log(xp.maximum(region.beams.k_plus / 2 - pz, _TINY))

    def decode(self, features: tuple[Any, ...], region: Region, xp: Any = np) -> tuple[Any, ...]:
        """Return px, py, pz."""
        px, py, T = features
        return px, py, region.beams.k_plus / 2 - xp.exp(T)

    def limits(self, region: Region) -> tuple[Limits, ...]:
        """Return the bounds of px, py and T."""
        p = _largest_momentum(region)
        return (-p, p), (-p, p), (math.log(_TINY), math.log(p))


class Spherical:
    """ln |p| and ln tan(theta/2) = -eta, azimuth apart.

    The exact feature list of the published FAT-GAN(Spher) is not public; this choice keeps both
    features unbounded and of order one.
    """

    name: ClassVar[str] = "spherical"
    features: ClassVar[tuple[str, ...]] = ("ln|p|", "ln tan(theta/2)")
    polar: ClassVar[bool] = True

    def encode(self, px: Any, py: Any, pz: Any, region: Region, xp: Any = np) -> tuple[Any, ...]:
        """Return ln |p| and ln tan(theta/2)."""
        plus, minus = kinematics.light_cone(px, py, pz, xp)
        # massless up to (m/pT)^2: tan(theta/2)^2 = (E - pz) / (E + pz)
        return xp.log((plus + minus) / 2), xp.log(minus / plus) / 2

    def decode(self, features: tuple[Any, ...], region: Region, xp: Any = np) -> tuple[Any, ...]:
        """Return pT, pz."""
        E, half = xp.exp(features[0]), xp.exp(features[1])
        plus = 2 * E / (1 + half * half)
        return kinematics.from_light_cone(plus, plus * half * half, xp)

    def limits(self, region: Region) -> tuple[Limits, ...]:
        """Return the bounds of a momentum, and angles down to m/E."""
        p = _largest_momentum(region)
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

    def encode(self, px: Any, py: Any, pz: Any, region: Region, xp: Any = np) -> tuple[Any, ...]:
        """Return nu1 and nu2."""
        plus, minus = kinematics.light_cone(px, py, pz, xp)
        return xp.log(minus), xp.log(xp.maximum(region.beams.k_plus - plus, _TINY))

    def decode(self, features: tuple[Any, ...], region: Region, xp: Any = np) -> tuple[Any, ...]:
        """Return pT, pz."""
        nu1, nu2 = features
        return kinematics.from_light_cone(region.beams.k_plus - xp.exp(nu2), xp.exp(nu1), xp)

    def limits(self, region: Region) -> tuple[Limits, ...]:
        """Return the edges set by Q2 above its edge, y below 1 and x below 1."""
        k, two_kP, Q2_min = region.beams.k_plus, region.beams.two_kP, region.Q2_min
        # Q2 = k+ k'- + k- k'+ - 2m^2 with 0 < k'+ < k+
        nu1 = _log((Q2_min + ELECTRON_MASS**2) / k, np.min), _log((two_kP + 1.0) / k, np.max)
        # At a fixed target 1 - y is not k'+/k+ alone, so the lower edge keeps some room.
        nu2 = _log(np.maximum(0.5 * k * Q2_min / two_kP, _TINY), np.min), _log(k, np.max)
        return nu1, nu2


def _log(values: Any, end: Callable[[Any], Any]) -> float:
    return math.log(float(end(values)))


class DIS:
    """ln(Q2/Q2_min) and u = ln(y/y_max) / ln(y_min/y_max), azimuth apart.

    y_min(Q2) is W2 = W2_min and y_max(Q2) is pT = 0, with exact masses, so that the whole region
    of any beams is the box 0 < ln(Q2/Q2_min) < ln(Q2_max/Q2_min), 0 < u < 1: its edges are the
    edges of the features, and no event of the inverse is outside. For massless beams and elastic
    events too, u = ln y / ln(Q2 / (s - M^2 - m^2)). Where the generator of the sample has cuts on
    its hard process, y_max is theirs, and the few events that they spare have u < 0.
    """

    name: ClassVar[str] = "dis"
    features: ClassVar[tuple[str, ...]] = ("ln(Q2/Q2min)", "u")
    polar: ClassVar[bool] = True

    def encode(self, px: Any, py: Any, pz: Any, region: Region, xp: Any = np) -> tuple[Any, ...]:
        """Return ln(Q2/Q2_min) and u."""
        values = kinematics.invariants(*kinematics.light_cone(px, py, pz, xp), region.beams)
        Q2 = xp.maximum(values.Q2, _TINY)
        low, high = region.y_range(Q2, xp)
        y = xp.maximum(values.y, _TINY)
        # at the largest Q2 the range of y closes, and any u will do
        width = xp.minimum(xp.log(low / high), -_TINY)
        return xp.log(Q2 / region.Q2_min), xp.log(y / high) / width

    def decode(self, features: tuple[Any, ...], region: Region, xp: Any = np) -> tuple[Any, ...]:
        """Return pT, pz."""
        a, u = features
        # features that others' beams reach must stay inside the range of these
        Q2 = xp.maximum(xp.minimum(region.Q2_min * xp.exp(a), region.Q2_high), region.Q2_low)
        low, high = region.y_range(Q2, xp)
        y = high * xp.exp(u * xp.log(low / high))
        plus, minus = kinematics.light_cone_from_Q2_y(Q2, y, region.beams)
        return kinematics.from_light_cone(plus, minus, xp)

    def limits(self, region: Region) -> tuple[Limits, ...]:
        """Return the sides of the box."""
        # what cuts of the hard process leave above them is widest at the smallest Q2
        Q2 = np.asarray(region.Q2_min, dtype=np.float64)
        low, high = region.y_range(Q2)
        _, largest = kinematics.y_range(Q2, region.beams, region.W2_min)
        above = np.log(largest / high) / np.minimum(np.log(low / high), -_TINY)
        lowest = min(0.0, float(np.min(above)))
        return (0.0, _log(region.Q2_high / region.Q2_min, np.max)), (lowest, 1.0)


COORDINATES: dict[str, type[Coordinates]] = {
    item.name: item for item in (Direct, Cartesian, Spherical, LightCone, DIS)
}


def coordinates_named(name: str) -> Coordinates:
    """Return coordinates by name."""
    if name not in COORDINATES:
        raise ConfigError(f"representation.name '{name}'; {did_you_mean(name, COORDINATES)}")
    return COORDINATES[name]()
