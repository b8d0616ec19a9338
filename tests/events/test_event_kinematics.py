"""The light-cone formulas against four-vectors and dot products in extended precision."""

from __future__ import annotations

from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fatgan.events import Collision, Collisions, EventTable
from fatgan.events.kinematics import (
    ELECTRON_MASS,
    INELASTIC_W2,
    PROTON_MASS,
    Beams,
    Q2_range,
    from_light_cone,
    invariants,
    light_cone,
    light_cone_from_Q2_y,
    y_range,
)

LABELS = st.sampled_from(["27.5x920", "18x275", "5x41", "50x50", "12x200", "11x0"])
UNIT = st.floats(0.001, 0.999)


def dot(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return a[0] * b[0] - a[1] * b[1] - a[2] * b[2] - a[3] * b[3]


def by_dot_products(table: EventTable) -> dict[str, np.ndarray]:
    """The definitions, in the table's own frame, in long double."""
    to = np.longdouble
    m, M = to(ELECTRON_MASS), to(PROTON_MASS)
    Ee, Ep = to(table.collision.electron_energy), to(table.collision.proton_energy)
    sign = -1 if table.collision.frame == "proton" else 1
    zero = to(0)
    k = np.array([Ee, zero, zero, sign * np.sqrt(Ee**2 - m**2)])
    P = np.array([Ep, zero, zero, -sign * np.sqrt(Ep**2 - M**2)])
    px, py, pz = (component.astype(to) for component in table.momenta)
    scattered = np.array([np.sqrt(px**2 + py**2 + pz**2 + m**2), px, py, pz])
    q = k[:, None] - scattered
    hadrons = P[:, None] + q
    Q2, Pq = -dot(q, q), dot(P[:, None], q)
    return {
        "Q2": Q2,
        "x": Q2 / (2 * Pq),
        "y": Pq / dot(P, k),
        "W2": dot(hadrons, hadrons),
        "nu": Pq / M,
    }


@pytest.mark.parametrize("name", ["Q2", "x", "y", "W2", "nu"])
def test_invariants_are_the_dot_products(events, name):
    expected = by_dot_products(events)[name].astype(float)
    # nu and y are differences of the beam and the electron: their error is relative to the beam
    scale = {"nu": events.collision.beams.two_kP / 2, "y": 1.0, "W2": events.collision.s}
    tolerance = 1e-9 * np.abs(expected) + 1e-15 * scale.get(name, 0.0)
    assert np.all(np.abs(events[name] - expected) < tolerance)


def test_s_and_the_relation_of_the_invariants(events):
    collision = events.collision
    to = np.longdouble
    Ee, Ep = to(collision.electron_energy), to(collision.proton_energy)
    momentum = np.sqrt(Ee**2 - to(ELECTRON_MASS) ** 2) - np.sqrt(Ep**2 - to(PROTON_MASS) ** 2)
    assert collision.s == pytest.approx(float((Ee + Ep) ** 2 - momentum**2), rel=1e-12)
    np.testing.assert_allclose(
        events["Q2"], events["x"] * events["y"] * collision.beams.two_kP, rtol=1e-12
    )


@given(LABELS, UNIT, UNIT)
def test_light_cone_from_Q2_y_is_the_inverse(label, a, b):
    beams = Collision.parse(label).beams
    y = np.array([(1.0 / beams.two_kP) ** (1 - a)])
    Q2 = y * beams.two_kP * b
    plus, minus = light_cone_from_Q2_y(Q2, y, beams)
    values = invariants(plus, minus, beams)
    np.testing.assert_allclose(values.Q2, Q2, rtol=1e-9)
    np.testing.assert_allclose(values.y, y, rtol=1e-9, atol=1e-13)


@given(LABELS, UNIT, UNIT, st.floats(-np.pi, np.pi))
def test_momenta_from_Q2_y_give_them_back(label, a, b, phi):
    collision = Collision.parse(label, frame="electron")
    beams = collision.beams
    y = np.array([(1.0 / beams.two_kP) ** (1 - a)])
    Q2 = y * beams.two_kP * b
    plus, minus = light_cone_from_Q2_y(Q2, y, beams)
    if plus * minus < 1e-6:  # no momentum, or one along the beam where pT carries no digits
        return
    pT, pz = from_light_cone(plus, minus)
    table = EventTable(pT * np.cos(phi), pT * np.sin(phi), pz, collision)
    np.testing.assert_allclose(table["Q2"], Q2, rtol=1e-6)
    np.testing.assert_allclose(table["y"], y, rtol=1e-6, atol=1e-11)


@given(st.floats(-500, 500), st.floats(-500, 500), st.floats(-1000, 1000))
def test_light_cone_components_multiply_to_the_transverse_mass(px, py, pz):
    plus, minus = light_cone(np.array([px]), np.array([py]), np.array([pz]))
    assert plus > 0
    assert minus > 0
    np.testing.assert_allclose(plus * minus, px**2 + py**2 + ELECTRON_MASS**2, rtol=1e-12)
    np.testing.assert_allclose(plus - minus, 2 * pz, rtol=1e-12, atol=1e-12)


def test_float32_keeps_Q2_at_small_angles():
    # 2 Ee (E' - pz) would be off by up to 0.7 % here
    px, pz = np.array([0.3]), np.array([27.0])
    beams = Collision.parse("27.5x920").beams
    exact = invariants(*light_cone(px, 0 * px, pz), beams).Q2
    single = [value.astype("float32") for value in (px, 0 * px, pz)]
    rounded = invariants(*light_cone(*single), beams).Q2
    assert rounded.dtype == np.float32
    np.testing.assert_allclose(rounded, exact, rtol=1e-6)


def test_massless_textbook_formulas_hold_approximately(events):
    px, py, pz = events.electron_frame()
    E, Q2, x, y = (events[name] for name in ("E", "Q2", "x", "y"))
    Ee, Ep = events.collision.electron_energy, events.collision.proton_energy
    np.testing.assert_allclose(E - pz, Q2 / (2 * Ee), rtol=1e-4, atol=1e-6)
    if Ep > 5:
        np.testing.assert_allclose(E, Ee * (1 - y) + x * y * Ep, rtol=2e-2)
        np.testing.assert_allclose(px**2 + py**2, Q2 * (1 - y), rtol=2e-2, atol=1e-2)


def test_inelastic_threshold_is_a_proton_and_a_pion():
    assert pytest.approx(1.15186, abs=1e-5) == INELASTIC_W2


THRESHOLDS = [PROTON_MASS**2, INELASTIC_W2, 4.0, 15.0]
"""Squared hadronic masses in GeV^2; 11 GeV on a proton at rest reach 21.5."""


def by_two_bodies(collision: Collision, W2: float) -> tuple[float, float]:
    """The ends of Q2 of e P -> e X, from momenta in the centre of mass, in 60 digits."""
    with localcontext() as context:
        context.prec = 60
        m2, M2, W2 = Decimal(ELECTRON_MASS) ** 2, Decimal(PROTON_MASS) ** 2, Decimal(W2)
        Ee, Ep = Decimal(collision.electron_energy), Decimal(collision.proton_energy)
        s = (Ee + Ep) ** 2 - ((Ee**2 - m2).sqrt() - (Ep**2 - M2).sqrt()) ** 2
        E, scattered = ((s + m2 - mass2) / (2 * s.sqrt()) for mass2 in (M2, W2))
        p, back = (E**2 - m2).sqrt(), (scattered**2 - m2).sqrt()
        ends = (2 * (E * scattered + sign * p * back - m2) for sign in (-1, 1))
        return tuple(float(end) for end in ends)


@pytest.mark.parametrize("W2_min", THRESHOLDS)
def test_the_ends_of_Q2_are_those_of_two_bodies(collision, W2_min):
    low, high = Q2_range(collision.beams, W2_min)
    lowest, highest = by_two_bodies(collision, W2_min)
    assert high == pytest.approx(highest, rel=1e-12)
    assert low == pytest.approx(lowest, rel=1e-9, abs=1e-40)


@pytest.mark.parametrize("W2_min", THRESHOLDS)
def test_the_range_of_y_closes_where_that_of_Q2_ends(collision, W2_min):
    Q2 = Q2_range(collision.beams, W2_min)[1]
    low, high = y_range(Q2, collision.beams, W2_min)
    assert low == pytest.approx(high, rel=1e-9)
    low, high = y_range(0.99 * Q2, collision.beams, W2_min)
    assert low < high


@pytest.mark.parametrize("W2_min", THRESHOLDS)
def test_the_ends_of_y_are_the_threshold_and_the_beam(collision, W2_min):
    beams = collision.beams
    Q2 = np.geomspace(1e-3, 0.999, 50) * Q2_range(beams, W2_min)[1]
    low, high = y_range(Q2, beams, W2_min)
    at_threshold = invariants(*light_cone_from_Q2_y(Q2, low, beams), beams)
    np.testing.assert_allclose(at_threshold.W2, W2_min, atol=1e-11 * beams.two_kP)
    plus, minus = light_cone_from_Q2_y(Q2, high, beams)
    np.testing.assert_allclose(plus * minus, ELECTRON_MASS**2, atol=1e-12 * collision.s)


def test_events_above_a_threshold_keep_the_ends_of_Q2(events):
    for W2_min in THRESHOLDS:
        low, high = Q2_range(events.collision.beams, W2_min)
        Q2 = events["Q2"][events["W2"] >= W2_min]
        assert np.all((low <= Q2) & (Q2 <= high * (1 + 1e-12)))


def test_thresholds_out_of_reach_are_taken_to_the_end_of_the_range():
    beams = Collision.parse("11x0").beams
    assert Q2_range(beams, 0.0) == Q2_range(beams, PROTON_MASS**2)
    low, high = Q2_range(beams, 1e6)
    assert low == pytest.approx(high, rel=1e-4)
    assert 0 < low < 0.01


def test_ranges_of_many_beams_are_those_of_each():
    single = [Collision.parse(label) for label in ("27.5x920", "11x0", "50x50")]
    many = Collisions([27.5, 11, 50], [920, 0, 50]).beams
    thresholds = np.array([4.0, 2.0, PROTON_MASS**2])
    low, high = Q2_range(many, thresholds)
    y_low, y_high = y_range(high / 2, many, thresholds)
    for i, collision in enumerate(single):
        assert (low[i], high[i]) == Q2_range(collision.beams, thresholds[i])
        assert (y_low[i], y_high[i]) == y_range(high[i] / 2, collision.beams, thresholds[i])


def test_a_proton_at_rest_in_single_precision_has_beams():
    below = np.float32(PROTON_MASS) - np.float32(1e-7)
    beams = Beams.of_energies(np.float32([11.0]), np.array([below]))
    exact = Collision.parse("11x0").beams
    np.testing.assert_allclose(beams.two_kP, exact.two_kP, rtol=1e-3)
