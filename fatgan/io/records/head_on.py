r"""Events seen in the frame in which their own beams meet head on along z.

With beams k and P there is, up to its rotation about z, one such frame in which the lepton beam
has a given energy. The components of a momentum p in it follow from products with the beams,

.. math::
    2\,k\cdot p = k^+p^- + k^-p^+, \qquad 2\,P\cdot p = P^+p^- + P^-p^+,

solved for :math:`p^\pm`, and from those with two unit vectors that are orthogonal to both beams:
no boosts, so that Q2, y and W2 stay what they are, to rounding.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fatgan.events.kinematics import ELECTRON_MASS, PROTON_MASS, Beams, light_cone

Array = NDArray[np.float64]


def head_on(
    momenta: Array, lepton: Array, proton: Array, electron_energy: Array | float
) -> tuple[Array, Array]:
    """Return electrons as seen head on, and the proton beam's energy there.

    Parameters
    ----------
    momenta, lepton, proton
        px, py, pz in GeV, each (3, n): scattered electrons and beams of the events, whose
        energies follow from the exact masses. The beams move along z, nearly.
    electron_energy
        Energy in GeV that the lepton beam shall have: one, or (n,).

    Returns
    -------
    The electrons' px, py, pz (3, n), the lepton beam keeping its direction along z, and the total
    energies of the proton beam (n,), which follow from s.
    """
    side = np.where(lepton[2] > 0, 1.0, -1.0)
    mirror = np.array([np.ones_like(side), side, side])
    # turned by pi about x where the lepton beam is along -z, as in EventTable
    k, P, p = (v * mirror for v in (lepton, proton, momenta))
    masses = (ELECTRON_MASS, PROTON_MASS, ELECTRON_MASS)
    k_four, P_four, p_four = (_four(v, m) for v, m in zip((k, P, p), masses, strict=True))
    kP, kp, Pp = _dot(k_four, P_four), _dot(k_four, p_four), _dot(P_four, p_four)
    proton_energy = _proton_energy(kP, np.broadcast_to(electron_energy, kP.shape))
    beams = Beams.of_energies(np.broadcast_to(electron_energy, kP.shape), proton_energy)
    determinant = beams.k_plus * beams.P_minus - beams.k_minus * beams.P_plus
    plus = 2 * (beams.k_plus * Pp - beams.P_plus * kp) / determinant
    minus = 2 * (beams.P_minus * kp - beams.k_minus * Pp) / determinant
    px, py = _transverse(k_four, P_four, p_four)
    return np.array([px, py, (plus - minus) / 2]) * mirror, proton_energy


def _four(p: Array, mass: float) -> Array:
    """Return p+, p-, px, py (4, n) of a momentum, the small component without a difference."""
    if mass == ELECTRON_MASS:
        return np.array([*light_cone(*p), p[0], p[1]])
    large = np.sqrt((p**2).sum(axis=0) + mass**2) + np.abs(p[2])
    small = (p[0] ** 2 + p[1] ** 2 + mass**2) / large
    forward = p[2] > 0
    return np.array([np.where(forward, large, small), np.where(forward, small, large), p[0], p[1]])


def _dot(a: Array, b: Array) -> Array:
    product: Array = (a[0] * b[1] + a[1] * b[0]) / 2 - a[2] * b[2] - a[3] * b[3]
    return product


def _proton_energy(kP: Array, electron_energy: Array) -> Array:
    """Return the proton's energy at this k.P, head on with a lepton of this energy."""
    k_plus = electron_energy + np.sqrt(electron_energy**2 - ELECTRON_MASS**2)
    # 2 k.P = k+ P- + k- P+ with P+ P- = M^2 is a quadratic equation in P-
    root = np.sqrt(np.maximum(kP**2 - (ELECTRON_MASS * PROTON_MASS) ** 2, 0.0))
    P_minus = (kP + root) / k_plus
    energy: Array = (P_minus + PROTON_MASS**2 / P_minus) / 2
    return energy


def _transverse(k: Array, P: Array, p: Array) -> tuple[Array, Array]:
    """Return the components of p along the images of x and y that are orthogonal to k and P."""
    x, y = np.zeros_like(k), np.zeros_like(k)
    x[2], y[3] = 1.0, 1.0
    x = _without_beams(x, k, P)
    x /= np.sqrt(-_dot(x, x))
    y = _without_beams(y, k, P)
    y = y + _dot(y, x) * x
    y /= np.sqrt(-_dot(y, y))
    return -_dot(x, p), -_dot(y, p)


def _without_beams(v: Array, k: Array, P: Array) -> Array:
    """Return what is left of v when its parts along k and P are taken away."""
    kk, PP, kP = ELECTRON_MASS**2, PROTON_MASS**2, _dot(k, P)
    vk, vP = _dot(v, k), _dot(v, P)
    determinant = kk * PP - kP**2
    along_k, along_P = (vk * PP - vP * kP) / determinant, (vP * kk - vk * kP) / determinant
    return v - along_k * k - along_P * P
