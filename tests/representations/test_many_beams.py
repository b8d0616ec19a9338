"""One transform for events of several beams, trained and not."""

from __future__ import annotations

import functools
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from keras import ops
from settings_truth import SETTINGS, each, several
from test_representation_contract import NUMBERS, assert_physical
from truths import dis_truth

from fatgan.errors import ConfigError, DataError, ModelError
from fatgan.events import Collision, Collisions, EventTable
from fatgan.events.kinematics import from_light_cone, light_cone_from_Q2_y
from fatgan.representations import COORDINATES, FeatureTransform, Settings
from fatgan.representations.layers import CriticView

LOWEST, HIGHEST = Collision.parse("11x0", "proton"), Collision.parse("50x920")
EDGES = (1.0, 2.0, 4.0, 8.0)


@functools.cache
def fitted(
    scaling: str = "quantile",
    azimuth: str = "uniform",
    condition: tuple[str, ...] = ("Ee", "Ep", "lepton"),
    edges: tuple[float, ...] = (2.0, 2.0, 2.0, 2.0),
    augment: tuple[str, ...] = (),
    name: str = "dis",
) -> FeatureTransform:
    chosen = Settings(name, scaling, azimuth, augment)
    return FeatureTransform.fit(several(edges=edges), chosen, condition)


def angles(transform: FeatureTransform, n: int) -> np.ndarray | None:
    if not transform.draws_azimuth:
        return None
    return np.random.default_rng(5).uniform(-np.pi, np.pi, n)


def beams(n: int) -> st.SearchStrategy[Collisions]:
    """Energies from an 11 GeV electron on a fixed target to 50x920, both leptons."""
    electron = npst.arrays(np.float64, n, elements=st.floats(11, 50))
    proton = npst.arrays(np.float64, n, elements=st.just(0.0) | st.floats(0.94, 920))
    lepton = npst.arrays(np.int64, n, elements=st.sampled_from([11, -11]))
    return st.builds(Collisions, electron, proton, st.just("proton"), lepton)


@pytest.mark.parametrize("scaling", ["quantile", "standard"])
@pytest.mark.parametrize("azimuth", ["uniform", "learned"])
def test_inverse_of_any_finite_numbers_is_physical_for_any_beams(scaling, azimuth):
    transform = fitted(scaling, azimuth)
    shape = (16, transform.dimension)

    @given(npst.arrays(np.float64, shape, elements=NUMBERS), beams(16))
    @examples(max_examples=12, deadline=None, derandomize=True)
    def check(features: np.ndarray, collisions: Collisions) -> None:
        table = transform.inverse(features, angles(transform, 16), collisions)
        assert table.collision == collisions
        assert_physical(table, transform)

    check()


@pytest.mark.parametrize("scaling", ["quantile", "standard"])
def test_forward_of_inverse_is_the_identity_inside_the_box(scaling):
    """To 2e-5, for beams between the trained ones: momenta hold u to 1e-7 of ln(y_min/y_max)."""
    transform = fitted(scaling, "learned")

    @given(npst.arrays(np.float64, (16, 3), elements=st.floats(-1.2, 1.2)), beams(16))
    @examples(max_examples=12, deadline=None, derandomize=True)
    def check(numbers: np.ndarray, collisions: Collisions) -> None:
        phi = 2 * numbers[:, 2]
        features = np.column_stack([numbers[:, :2], np.cos(phi), np.sin(phi)])
        _, inside = transform.decode(features, None, collisions)
        table = transform.inverse(features, None, collisions)
        error = np.abs(transform.forward(table) - features)[inside]
        assert np.all(error < 2e-5)

    check()


@pytest.mark.parametrize("name", COORDINATES)
def test_beams_of_each_event_give_what_each_of_the_beams_gives(name):
    """Features to one unit of float32, momenta to 1e-12 E'."""
    transform, table = fitted(name=name), several()
    features = transform.forward(table)
    made, inside = transform.decode(features, angles(transform, len(table)), table.collision)
    for setting in SETTINGS:
        rows = table.collision.rows_of(setting)
        single = EventTable(*(column[rows] for column in table.momenta), setting)
        np.testing.assert_allclose(transform.forward(single), features[rows], rtol=3e-7, atol=1e-7)
        turn = angles(transform, len(table))[rows]
        momenta, kept = transform.decode(features[rows], turn, setting)
        assert np.count_nonzero(kept != inside[rows]) <= 2  # those on an edge may round
        for new, old in zip(momenta, made, strict=True):
            assert np.max(np.abs(new - old[rows]) / single["E"]) < 1e-12


def test_every_setting_fills_the_same_box():
    """At the ends of u lie the smallest W2 and no pT, at the fixed target as at HERA."""
    transform, n = fitted("standard"), 16
    u = np.linspace(-30, 30, n)
    for setting in SETTINGS:
        table = transform.inverse(np.column_stack([np.zeros(n), u]), np.zeros(n), setting)
        assert table["W2"].min() == pytest.approx(transform.fiducial.W2_min, rel=1e-6)
        assert table["pT"].min() < 1e-3


def test_features_are_the_closed_form():
    """Massless: u = ln(y) / ln(Q2/S) and ln(Q2/Q2min); at HERA masses are below 1e-4 of it."""
    collision = Collision.parse("27.5x920")
    table = dis_truth(collision, 5000, seed=3)
    transform = FeatureTransform.fit(table, Settings(scaling="standard", azimuth="uniform"))
    a, u = (
        column * scaling["deviation"] + scaling["mean"]
        for column, scaling in zip(
            transform.forward(table).T, transform.to_dict()["scalings"], strict=True
        )
    )
    np.testing.assert_allclose(a, np.log(table["Q2"] / table["Q2"].min()), atol=1e-5)
    lowest = (table["Q2"] + table["W2"].min() - 0.93827209**2) / collision.beams.two_kP
    np.testing.assert_allclose(u, np.log(table["y"]) / np.log(lowest), atol=1e-4)


def test_an_edge_of_each_event_is_kept():
    transform = fitted(condition=("s", "lepton", "Q2min"), edges=EDGES)
    noise = np.random.default_rng(8).normal(size=(4000, 2)) * 3
    collisions, edges = each(SETTINGS, 1000), np.repeat(EDGES, 1000)
    given = {"Q2min": edges}
    table = transform.inverse(noise, angles(transform, 4000), collisions, given)
    assert np.all(table["Q2"] >= edges)
    assert table["Q2"][:1000].min() < 1.3
    np.testing.assert_array_equal(table.conditions["Q2min"], edges)
    again = transform.forward(table)
    _, inside = transform.decode(noise, angles(transform, 4000), collisions, given)
    middle = inside & (np.abs(noise) < 3).all(axis=1)
    np.testing.assert_allclose(again[middle], noise[middle], atol=2e-5)
    # one number holds for all events
    table = transform.inverse(noise, angles(transform, 4000), SETTINGS[3], {"Q2min": 5.0})
    assert table["Q2"].min() >= 5
    with pytest.raises(ConfigError, match="'Q2min' of the events"):
        transform.decode(noise, angles(transform, 4000), collisions)


def test_beams_far_from_the_training_have_their_own_events():
    """The typical event of HERA has a Q2 that 11 GeV on a fixed target does not reach."""
    electron = HIGHEST.with_frame("electron")
    lowest = light_cone_from_Q2_y(10.5, (10.5 + 0.6) / electron.beams.two_kP, electron.beams)
    pT, pz = from_light_cone(*lowest)  # W2 = M^2 + 0.6 GeV^2
    table = EventTable.concatenate(
        [
            EventTable([pT], [0.0], [pz], electron),
            dis_truth(electron, 3000, seed=2, Q2_min=10.0),
        ]
    )
    transform = FeatureTransform.fit(table, Settings(azimuth="uniform"), ("s", "lepton"))
    noise = np.random.default_rng(8).normal(size=(300, 2)) * 5
    made = transform.inverse(noise, angles(transform, 300), Collision.parse("11x0"))
    assert_physical(made, transform)
    assert made["Q2"].max() < Collision.parse("11x0").s
    with pytest.raises(DataError, match=r"reach no event with Q2 >= 10.* and W2 >= 1.48"):
        transform.decode(noise, angles(transform, 300), Collision.parse("5x0"))


def test_the_critic_sees_what_numpy_computes_for_each_beam():
    """To 1 % of a deviation: float32 at the edges of y; the median to 1e-5."""
    items = ("ln pT", "eta", "ln x", "ln(Eb-pz)")
    transform, table = fitted(augment=items), several()
    features, scaled = transform.forward(table), transform.conditions.forward(table)
    view = ops.convert_to_numpy(CriticView(transform.to_dict())([features, scaled]))
    assert view.shape == (len(table), 2 + len(items))
    values = (np.log(table["pT"]), -table["eta"], np.log(table["x"]))
    for column, value in zip(view[:, 2:].T, values, strict=False):
        error = np.abs(column - (value - value.mean()) / value.std())
        assert error.max() < 0.02
        assert np.median(error) < 1e-4


def test_json_round_trip_gives_identical_results():
    transform, table = fitted(condition=("s", "lepton")), several()
    again = FeatureTransform.from_dict(json.loads(json.dumps(transform.to_dict())))
    assert again.collision == transform.collision
    assert again.collision.settings() == table.collision.settings()
    np.testing.assert_array_equal(again.forward(table), transform.forward(table))
    assert again.to_dict() == transform.to_dict()


def test_features_of_another_layout_are_refused():
    entries = fitted().to_dict()
    del entries["layout"]
    with pytest.raises(ModelError, match=r"layout 1.*train the model again"):
        FeatureTransform.from_dict(entries)


def test_beams_that_no_condition_tells_apart_are_refused():
    table, chosen = several(), Settings(azimuth="uniform")
    with pytest.raises(ConfigError, match=r"4 beam settings.*condition: \[Ee, Ep\] or \[s\]"):
        FeatureTransform.fit(table, chosen, ("lepton",))
    both = EventTable(
        *table[:200].momenta, Collisions([18] * 200, [275] * 200, "proton", [11, -11] * 100)
    )
    with pytest.raises(ConfigError, match=r"add lepton to condition"):
        FeatureTransform.fit(both, chosen)
    with pytest.raises(ConfigError, match=r"add lepton"):
        FeatureTransform.fit(table, chosen, ("Ee", "Ep"))
    near = [dis_truth(Collision.parse(beams), 100, seed=3) for beams in ("10x100", "10x41")]
    with pytest.raises(ConfigError, match=r"tells 1 apart; write condition: \[Ee, Ep\]"):
        FeatureTransform.fit(EventTable.concatenate(near), chosen, ("Ee",))
    # s says it all in the box of dis alone
    light = Settings("lightcone", azimuth="uniform")
    pair = [dis_truth(Collision.parse(beams), 100, seed=4) for beams in ("10x40", "40x10")]
    with pytest.raises(ConfigError, match="'lightcone' depends on both beam energies"):
        FeatureTransform.fit(EventTable.concatenate(pair), light, ("s",))
    FeatureTransform.fit(EventTable.concatenate(pair), chosen, ("s",))
    with pytest.raises(ConfigError, match=r"needs both beam energies"):
        FeatureTransform.fit(table, Settings(azimuth="uniform", augment=("eta",)), ("s",))
    with pytest.raises(ConfigError, match=r"4 settings.*say for which beams"):
        fitted().decode(np.zeros((3, 2)), np.zeros(3))


def test_events_far_below_their_own_edge_are_an_error():
    table = several()
    wrong = EventTable(
        *table.momenta, table.collision, conditions={"Q2min": np.full(len(table), 3.0)}
    )
    below = f"{np.count_nonzero(table['Q2'] < 2.97):,}"
    with pytest.raises(DataError, match=f"'Q2min': {below} of 3,200 events have a smaller Q2"):
        FeatureTransform.fit(wrong, Settings(), ("s", "lepton", "Q2min"))
