r"""Kinematics of inclusive e p -> e' X, in light-cone components.

All functions work in the *electron frame*: the electron beam moves along +z, the proton along
-z. With :math:`v^\pm = E_v \pm v_z` and :math:`2\,a\cdot b = a^+b^- + a^-b^+` for beams without
transverse momentum, the invariants are sums of products without the cancellations that
``2 Ee (E' - pz)`` suffers at small angles (0.7 % in float32), and exact in both masses:

.. math::
    Q^2 = k^+k'^- + k^-k'^+ - 2m^2, \qquad
    y = \frac{P^+(k^- - k'^-) + P^-(k^+ - k'^+)}{2 P\cdot k}

``xp`` is ``numpy`` or ``keras.ops``: one formula serves tables and the graph. Momenta and
energies are in GeV, angles in radians; arrays of any common shape.

Source: R. Devenish and A. Cooper-Sarkar, Deep Inelastic Scattering (Oxford, 2004), ch. 1.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

ELECTRON_MASS = 0.51099895e-3
"""Electron mass in GeV (PDG 2024)."""
PROTON_MASS = 0.93827209
"""Proton mass in GeV (PDG 2024)."""
PION_MASS = 0.1349768
"""Mass of the neutral pion in GeV (PDG 2024)."""
INELASTIC_W2 = (PROTON_MASS + PION_MASS) ** 2
"""(M + m_pi0)^2 = 1.15186 GeV^2: the threshold of inelastic scattering."""

_NOTHING = 1e-30
"""A pT^2 of nothing (GeV^2) that keeps square roots differentiable, also in float32."""


class Beams(NamedTuple):
    """Light-cone components of the beams in GeV: electron k along +z, proton P along -z.

    Floats where all events are of one collision, arrays of shape (n,) or tensors where each
    event has its own beams.
    """

    k_plus: Any
    k_minus: Any
    P_plus: Any
    P_minus: Any

    @classmethod
    def of_energies(cls, electron_energy: Any, proton_energy: Any, xp: Any = np) -> Beams:
        """Return the beams of these total energies in GeV: floats, arrays or tensors."""
        # a proton at rest can round below its mass in float32
        k2 = xp.maximum(electron_energy**2 - ELECTRON_MASS**2, 0.0)
        P2 = xp.maximum(proton_energy**2 - PROTON_MASS**2, 0.0)
        k_plus = electron_energy + xp.sqrt(k2)
        P_minus = proton_energy + xp.sqrt(P2)
        return cls(k_plus, ELECTRON_MASS**2 / k_plus, PROTON_MASS**2 / P_minus, P_minus)

    @property
    def two_kP(self) -> Any:
        """2 k.P = s - M^2 - m^2, the largest Q2 and the largest 2 P.q, in GeV^2."""
        return self.k_plus * self.P_minus + self.k_minus * self.P_plus

    @property
    def s(self) -> Any:
        """Squared centre-of-mass energy in GeV^2."""
        return self.two_kP + ELECTRON_MASS**2 + PROTON_MASS**2


class Invariants(NamedTuple):
    """DIS invariants of one array of scattered electrons (Q2, W2 in GeV^2, nu in GeV)."""

    Q2: Any
    x: Any
    y: Any
    W2: Any
    nu: Any


def transverse_momentum(px: Any, py: Any, xp: Any = np) -> Any:
    """Return pT in GeV."""
    # the root's slope at zero is infinite, and gradients flow through here
    return xp.sqrt(px * px + py * py + _NOTHING)


def energy(px: Any, py: Any, pz: Any, xp: Any = np) -> Any:
    """Return the energy of an electron of this momentum, in GeV."""
    return xp.sqrt(px * px + py * py + pz * pz + ELECTRON_MASS**2)


def light_cone(px: Any, py: Any, pz: Any, xp: Any = np) -> tuple[Any, Any]:
    """Return (E' + pz, E' - pz) in GeV, both to the precision of the momenta.

    The smaller of the two is taken from (E'+pz)(E'-pz) = pT^2 + m^2, never as a difference.
    """
    large = energy(px, py, pz, xp) + xp.abs(pz)
    small = (px * px + py * py + ELECTRON_MASS**2) / large
    forward = pz > 0
    return xp.where(forward, large, small), xp.where(forward, small, large)


def invariants(plus: Any, minus: Any, beams: Beams) -> Invariants:
    """Return the DIS invariants of electrons with light-cone components k'+ and k'- (GeV)."""
    Q2 = beams.k_plus * minus + beams.k_minus * plus - 2 * ELECTRON_MASS**2
    two_Pq = beams.P_plus * (beams.k_minus - minus) + beams.P_minus * (beams.k_plus - plus)
    return Invariants(
        Q2=Q2,
        x=Q2 / two_Pq,
        y=two_Pq / beams.two_kP,
        W2=PROTON_MASS**2 + two_Pq - Q2,
        nu=two_Pq / (2 * PROTON_MASS),
    )


def light_cone_from_Q2_y(Q2: Any, y: Any, beams: Beams) -> tuple[Any, Any]:
    """Return (k'+, k'-) in GeV of the electron with this Q2 (GeV^2) and y: the inverse.

    A momentum exists where k'+ k'- >= m^2; outside, the product says by how much it fails.
    """
    a = Q2 + 2 * ELECTRON_MASS**2
    b = beams.two_kP * (1 - y)
    det = beams.k_plus * beams.P_minus - beams.k_minus * beams.P_plus
    plus = (beams.k_plus * b - beams.P_plus * a) / det
    minus = (beams.P_minus * a - beams.k_minus * b) / det
    return plus, minus


def y_range(Q2: Any, beams: Beams, W2_min: Any = PROTON_MASS**2, xp: Any = np) -> tuple[Any, Any]:
    """Return the smallest and the largest y at this Q2 and for W2 >= W2_min (GeV^2).

    Exact in both masses. The smallest is W2 = W2_min, without another choice x = 1. At the
    largest the electron has no pT: k'+ k'- = m^2, which is a quadratic in 1 - y; at colliders
    it is 1 up to masses, at fixed targets visibly less.
    """
    a = Q2 + 2 * ELECTRON_MASS**2
    det = beams.k_plus * beams.P_minus - beams.k_minus * beams.P_plus
    c = PROTON_MASS**2 * a * a + ELECTRON_MASS**2 * det**2
    half = a * beams.two_kP
    root = xp.sqrt(xp.maximum(half * half - 4 * ELECTRON_MASS**2 * c, _NOTHING))
    # Q2 stays as it is where the threshold is M^2
    low = (Q2 + (W2_min - PROTON_MASS**2)) / beams.two_kP
    return low, 1 - 2 * c / ((half + root) * beams.two_kP)


def Q2_range(beams: Beams, W2_min: Any = PROTON_MASS**2, xp: Any = np) -> tuple[Any, Any]:
    r"""Return the smallest and the largest Q2 (GeV^2) of events with W2 >= W2_min (GeV^2).

    There the hadrons have W2 = W2_min and the electron goes on or back along the beam:
    e P -> e X of two bodies in their centre-of-mass frame, with exact masses,

    .. math::
        Q^2_\mathrm{high} = \frac{(s + m^2 - M^2)(s + m^2 - W^2)
        + \sqrt{\lambda(s, m^2, M^2)\,\lambda(s, m^2, W^2)}}{2 s} - 2 m^2, \qquad
        Q^2_\mathrm{low}\,Q^2_\mathrm{high} = \frac{m^2 (W^2 - M^2)^2}{s}

    with Kaellen's function. The product gives the low end without a difference of large numbers.
    A W2_min below M^2 stands for M^2; one that the beams do not reach for the largest W2 they do,
    where both ends meet.

    Source: E. Byckling and K. Kajantie, Particle Kinematics (Wiley, 1973), ch. 4.
    """
    m2, M2, s = ELECTRON_MASS**2, PROTON_MASS**2, beams.s
    W2 = xp.minimum(xp.maximum(W2_min, M2), (xp.sqrt(s) - ELECTRON_MASS) ** 2)
    W = xp.sqrt(W2)
    of_beams = beams.two_kP**2 - 4 * m2 * M2
    scattered = (s - (W + ELECTRON_MASS) ** 2) * (s - (W - ELECTRON_MASS) ** 2)
    root = xp.sqrt(xp.maximum(of_beams * scattered, 0.0))
    high = ((s + m2 - M2) * (s + m2 - W2) + root) / (2 * s) - 2 * m2
    return m2 * (W2 - M2) ** 2 / (s * high), high


def from_light_cone(plus: Any, minus: Any, xp: Any = np) -> tuple[Any, Any]:
    """Return (pT, pz) in GeV; a product below m^2 gives pT = 1e-15."""
    pT2 = plus * minus - ELECTRON_MASS**2
    return xp.sqrt(xp.maximum(pT2, _NOTHING)), (plus - minus) / 2
