"""Events seen head on keep their invariants, and a crossing angle is undone."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from fatgan.events.kinematics import ELECTRON_MASS, PROTON_MASS
from fatgan.io.records.head_on import head_on

RNG = np.random.default_rng(7)


def four(p, mass):
    return np.array([*p, np.sqrt((p**2).sum(axis=0) + mass**2)])


def product(a, b):
    return a[3] * b[3] - (a[:3] * b[:3]).sum(axis=0)


def invariants(p, k, P):
    """Q2, y and W2 by four-vectors, independently of the package."""
    p, k, P = four(p, ELECTRON_MASS), four(k, ELECTRON_MASS), four(P, PROTON_MASS)
    q = k - p
    return -product(q, q), product(P, q) / product(P, k), product(P + q, P + q)


def along_z(energy, mass, sign):
    zero = np.zeros_like(energy)
    return np.array([zero, zero, sign * np.sqrt(energy**2 - mass**2)])


def electrons(n, energy, side):
    """Hard scatters, for which products of four-vectors lose no more than a few digits."""
    theta, phi = RNG.uniform(0.3, 2.8, n), RNG.uniform(-np.pi, np.pi, n)
    size = energy * RNG.uniform(0.2, 1.0, n)
    direction = np.array(
        [np.sin(theta) * np.cos(phi), np.sin(theta) * np.sin(phi), side * np.cos(theta)]
    )
    return size * direction


def rotated(v, angle):
    """Rotate by an angle (rad) about y."""
    c, s = np.cos(angle), np.sin(angle)
    return np.array([c * v[0] + s * v[2], v[1], -s * v[0] + c * v[2]])


@settings(max_examples=200, deadline=None)
@given(
    Ee=st.floats(3, 30),
    Ep=st.floats(30, 1000),
    crossing=st.floats(-0.05, 0.05),
    slope=st.floats(-2e-3, 2e-3),
    side=st.sampled_from([-1.0, 1.0]),
    nominal=st.floats(3, 30),
)
def test_head_on_keeps_Q2_y_and_W2_of_every_event(Ee, Ep, crossing, slope, side, nominal):
    n = 8
    k = along_z(Ee * RNG.uniform(0.99, 1.01, n), ELECTRON_MASS, side)
    P = along_z(Ep * RNG.uniform(0.99, 1.01, n), PROTON_MASS, -side)
    P = rotated(P, crossing)
    k[1] += slope * Ee
    p = electrons(n, Ee, side)
    seen, proton_energy = head_on(p, k, P, nominal)
    k_seen = along_z(np.full(n, nominal), ELECTRON_MASS, side)
    P_seen = along_z(proton_energy, PROTON_MASS, -side)
    for before, after in zip(invariants(p, k, P), invariants(seen, k_seen, P_seen), strict=True):
        np.testing.assert_allclose(after, before, rtol=1e-9, atol=1e-9)


def test_beams_that_already_meet_head_on_are_left_alone():
    k = along_z(np.full(5, 27.5), ELECTRON_MASS, -1)
    P = along_z(np.full(5, 920.0), PROTON_MASS, 1)
    p = electrons(5, 27.5, -1)
    seen, proton_energy = head_on(p, k, P, 27.5)
    np.testing.assert_allclose(seen, p, rtol=1e-11, atol=1e-11)
    np.testing.assert_allclose(proton_energy, 920.0, rtol=1e-12)


def test_a_crossing_of_25_mrad_is_undone():
    n, half = 50, 0.0125
    k = along_z(np.full(n, 18.0), ELECTRON_MASS, -1)
    P = along_z(np.full(n, 275.0), PROTON_MASS, 1)
    p = electrons(n, 18, -1)

    def crossed(v, mass):
        """Boost along x by sin(half), then turn so that the electron keeps to -z."""
        px, py, pz, E = four(v, mass)
        gamma = 1 / np.cos(half)
        boosted = np.array([gamma * (px + np.sin(half) * E), py, pz])
        return rotated(boosted, half)

    k_crossed, P_crossed = crossed(k, ELECTRON_MASS), crossed(P, PROTON_MASS)
    np.testing.assert_allclose(np.arctan2(P_crossed[0], P_crossed[2]), 0.025, rtol=1e-4)
    np.testing.assert_allclose(k_crossed[0], 0, atol=1e-6)
    seen, proton_energy = head_on(crossed(p, ELECTRON_MASS), k_crossed, P_crossed, 18.0)
    np.testing.assert_allclose(proton_energy, 275.0, rtol=1e-10)
    np.testing.assert_allclose(seen, p, rtol=1e-8, atol=1e-6)


def test_an_electron_along_its_beam_stays_there():
    k = rotated(along_z(np.full(1, 18.0), ELECTRON_MASS, -1), 0.001)
    P = rotated(along_z(np.full(1, 275.0), PROTON_MASS, 1), 0.025)
    seen, _ = head_on(k / 2, k, P, 18.0)
    assert abs(seen[0, 0]) < 1e-9
    assert abs(seen[1, 0]) < 1e-9
    np.testing.assert_allclose(seen[2, 0], -9.0, rtol=1e-6)
