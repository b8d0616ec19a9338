"""What every pair of coordinates and scaling must do; new registry entries are tested too."""

from __future__ import annotations

import json

import numpy as np
import pytest
from fits import fitted
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from fatgan.errors import ConfigError, DataError
from fatgan.events import EventTable
from fatgan.events.bounds import violations
from fatgan.representations import FeatureTransform, Settings

NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [0.0, 1e-30, 8.0, -8.0, 1e6, -1e6, 1e30, -1e30, 1e300]
)


def assert_physical(table: EventTable, transform: FeatureTransform) -> None:
    for component in table.momenta:
        assert np.isfinite(component).all()
    assert sum(violations(table, transform.fiducial).values()) == 0


def angles_for(transform: FeatureTransform, n: int) -> np.ndarray | None:
    if not transform.draws_azimuth:
        return None
    return np.random.default_rng(5).uniform(-np.pi, np.pi, n)


def test_features_have_the_stated_shape(transform, events):
    features = transform.forward(events)
    assert features.dtype == np.float32
    assert features.shape == (len(events), transform.dimension)
    assert transform.view_dimension == transform.dimension + len(transform.settings.augment)
    # of order one, as networks want them
    assert np.all(np.abs(np.median(features, axis=0)) < 1.5)
    assert np.all((features.std(axis=0) > 0.3) & (features.std(axis=0) < 2))


def test_inverse_of_forward_is_the_event(transform, events, angles):
    """Momenta to 1e-4 E' (float32 features), but for events that round over the found edges."""
    features = transform.forward(events)
    _, inside = transform.decode(features, angles)
    back = transform.inverse(features, angles)
    assert back.collision == events.collision
    assert np.count_nonzero(~inside) <= 2
    lowest = np.isclose(events["Q2"], transform.fiducial.Q2_min, rtol=1e-4)
    lowest |= np.isclose(events["W2"], transform.fiducial.W2_min, rtol=1e-3)
    assert np.all(lowest[~inside])
    for new, old in zip(back.momenta, events.momenta, strict=True):
        error = np.abs(new - old)[inside] / events["E"][inside]
        assert error.max() < 1e-4
        assert np.median(error) < 1e-6


@pytest.mark.parametrize("scale", [1.0, 5.0, 1e3, 1e30])
def test_inverse_of_random_numbers_is_physical(transform, scale):
    features = scale * np.random.default_rng(2).normal(size=(500, transform.dimension))
    assert_physical(transform.inverse(features, angles_for(transform, 500)), transform)


def test_inverse_of_any_finite_numbers_is_physical(transform):
    @given(npst.arrays(np.float64, (32, transform.dimension), elements=NUMBERS))
    @settings(max_examples=10, deadline=None, derandomize=True)
    def check(features: np.ndarray) -> None:
        assert_physical(transform.inverse(features, angles_for(transform, 32)), transform)

    check()


def test_drawn_angles_turn_the_event_and_change_nothing_else(frame, name, scaling, events):
    transform = fitted(frame, name, scaling, "uniform")
    features = transform.forward(events)
    turn = np.full(len(events), 0.7)
    start, turned = (transform.inverse(features, angle) for angle in (0 * turn, turn))
    # an event on the found edge may round to either side of it
    inside = transform.decode(features, 0 * turn)[1] & transform.decode(features, turn)[1]
    assert np.count_nonzero(~inside) <= 2
    for observable in ("pT", "pz", "Q2", "x"):
        np.testing.assert_allclose(turned[observable][inside], start[observable][inside], 1e-9)
    px, py, _ = start.electron_frame()
    new_px, new_py, _ = turned.electron_frame()
    difference = np.angle((new_px + 1j * new_py) / (px + 1j * py))[inside]
    np.testing.assert_allclose(difference, 0.7, atol=1e-9)


def test_json_round_trip_gives_identical_results(transform, events, angles):
    again = FeatureTransform.from_dict(json.loads(json.dumps(transform.to_dict())))
    features = transform.forward(events)
    np.testing.assert_array_equal(again.forward(events), features)
    far = np.concatenate([features[:100], 50 * features[:100]])
    turn = None if angles is None else angles[:200]
    for new, old in zip(
        again.inverse(far, turn).momenta, transform.inverse(far, turn).momenta, strict=True
    ):
        np.testing.assert_array_equal(new, old)
    columns = tuple(features.astype(np.float64).T)
    for new, old in zip(
        again.augmented(columns, np), transform.augmented(columns, np), strict=True
    ):
        np.testing.assert_array_equal(new, old)
    assert again.to_dict() == transform.to_dict()


@pytest.mark.parametrize("kind", ["one event many times", "no py", "one polar angle"])
def test_constant_columns_do_not_divide_by_zero(events, name, scaling, kind):
    px, py, pz = (component[:200] for component in events.momenta)
    if kind == "one event many times":
        px, py, pz = (np.full(200, component[7]) for component in (px, py, pz))
    elif kind == "no py":
        px, py = np.hypot(px, py), np.zeros(200)
    else:
        pT = np.linspace(1, 1.5, 200)  # GeV; the direction is that of one event
        px, py, pz = (component[7] / np.hypot(px[7], py[7]) * pT for component in (px, py, pz))
    table = EventTable(px, py, pz, events.collision)
    transform = FeatureTransform.fit(table, Settings(name, scaling, "learned"))
    features = transform.forward(table)
    assert np.isfinite(features).all()
    _, inside = transform.decode(features)
    back = transform.inverse(features)
    for new, old in zip(back.momenta, table.momenta, strict=True):
        assert np.isfinite(new).all()
        # one event is its own edge: it may round outside, and is its own typical event then
        kept = inside | (kind == "one event many times")
        np.testing.assert_allclose(new[kept], old[kept], atol=1e-4 * table["E"].max())


@pytest.mark.parametrize(
    ("chosen", "near"),
    [
        (Settings("lightcon"), "lightcone"),
        (Settings(scaling="quantil"), "quantile"),
        (Settings(augment=("lnQ2",)), "ln Q2"),
    ],
)
def test_unknown_names_are_errors_with_near_matches(events, chosen, near):
    with pytest.raises(ConfigError, match=f"did you mean .*'{near}'"):
        FeatureTransform.fit(events, chosen)


def test_a_single_row_is_too_few(events, name, scaling):
    with pytest.raises(DataError, match="1 training rows"):
        FeatureTransform.fit(events[:1], Settings(name, scaling))
