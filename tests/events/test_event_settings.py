"""Tables of several beam settings, and of further columns."""

from __future__ import annotations

import numpy as np
import pytest
from physical_events import dis_events

from fatgan.errors import DataError, SchemaError
from fatgan.events import BEAM_COLUMNS, OBSERVABLES, Collision, Collisions, EventTable, Fiducial
from fatgan.events.bounds import violations
from fatgan.events.cuts import evaluate_cut
from fatgan.events.kinematics import from_light_cone, light_cone_from_Q2_y, y_range
from fatgan.events.screening import screen

LABELS = ("10x10", "11x0", "27.5x920", "50x50")


def parts() -> list[EventTable]:
    """One table of each setting, in the frame of its field."""
    tables = [dis_events(Collision.parse(label), 200, seed=i) for i, label in enumerate(LABELS)]
    return [with_conditions(table, number) for number, table in enumerate(tables)]


def with_conditions(table: EventTable, number: int) -> EventTable:
    return EventTable(
        *table.momenta,
        table.collision,
        weights=np.linspace(-1, 2, len(table)),
        conditions={"spin": np.full(len(table), number - 1.5), "hel": np.arange(len(table)) % 2},
        provenance={"number": number},
    )


@pytest.fixture
def mixed() -> EventTable:
    """All settings, with their rows mixed."""
    return EventTable.concatenate(parts())[np.random.default_rng(5).permutation(800)]


def assert_same(one: EventTable, other: EventTable) -> None:
    for name in ("px", "py", "pz", "spin", "hel", *BEAM_COLUMNS):
        np.testing.assert_array_equal(one[name], other[name])
    np.testing.assert_array_equal(one.weights, other.weights)
    assert one.collision == other.collision


def test_joined_tables_are_taken_apart_again():
    tables = parts()
    joined = EventTable.concatenate(tables)
    assert joined.provenance == {"number": 0}
    assert joined.collision.frame == "proton"
    for (collision, part), table in zip(joined.by_setting(), tables, strict=True):
        assert part.collision == collision
        assert_same(part, table.with_frame("proton"))


def test_every_column_is_that_of_its_own_setting(mixed):
    taken_apart = mixed.by_setting()
    assert [collision.label for collision, _ in taken_apart] == list(LABELS)
    for collision, part in taken_apart:
        rows = mixed.collision.rows_of(collision)
        for name in (*OBSERVABLES, *BEAM_COLUMNS, "spin", "hel"):
            np.testing.assert_array_equal(mixed[name][rows], part[name])
        np.testing.assert_array_equal(mixed.weights[rows], part.weights)
        assert set(part["s"]) == {collision.s}


def test_the_beams_are_columns_of_any_table(hera_events):
    wanted = {"Ee": 27.5, "Ep": 920, "s": hera_events.collision.s, "lepton": 11}
    assert set(wanted) == set(BEAM_COLUMNS)
    for name, value in wanted.items():
        np.testing.assert_array_equal(hera_events[name], np.full(1000, value))
        with pytest.raises(ValueError, match="read-only"):
            hera_events[name][0] = 1
    assert hera_events.by_setting() == [(hera_events.collision, hera_events)]


def test_rows_frames_and_provenance_keep_everything(mixed):
    turned = mixed.with_frame("electron")
    assert turned.collision.frame == "electron"
    np.testing.assert_array_equal(turned["Q2"], mixed["Q2"])
    assert_same(turned.with_frame("proton"), mixed)
    assert_same(EventTable.concatenate([mixed[:300], mixed[300:300], mixed[300:]]), mixed)
    assert_same(mixed.with_provenance(seed=1), mixed)
    plain = mixed.with_weights(None)
    assert plain.weights is None
    assert_same(plain.with_weights(mixed.weights), mixed)
    assert len(mixed[:0].by_setting()) == 0


def test_tables_in_different_frames_are_turned_to_the_first():
    table = dis_events(Collision.parse("hera"), 20)
    joined = EventTable.concatenate([table[:5], table[5:].with_frame("electron")])
    assert joined.collision == table.collision
    for one, other in zip(joined.momenta, table.momenta, strict=True):
        np.testing.assert_array_equal(one, other)


def test_tables_of_different_conditions_are_not_joined(mixed):
    bare = EventTable(*mixed.momenta, mixed.collision, weights=mixed.weights)
    with pytest.raises(DataError, match="different conditions cannot be joined: hel, spin and no"):
        EventTable.concatenate([mixed, bare])


def test_conditions_cannot_be_changed(mixed):
    with pytest.raises(TypeError):
        mixed.conditions["hel"] = 1
    with pytest.raises(ValueError, match="read-only"):
        mixed.conditions["hel"][0] = 1


@pytest.mark.parametrize("name", ["Q2", "px", "Ee", "s", "lepton", "weight", "my pol", "2x", "and"])
def test_names_that_mean_something_else_are_refused(name):
    with pytest.raises(SchemaError, match=f"condition cannot be called '{name}'"):
        EventTable([1], [1], [1], Collision.parse("hera"), conditions={name: [1]})


def test_lengths_are_compared_with_conditions_and_collisions():
    hera = Collision.parse("hera")
    with pytest.raises(DataError, match=r"different lengths.*'hel': 2"):
        EventTable([1], [1], [1], hera, conditions={"hel": [1, 1]})
    with pytest.raises(DataError, match=r"different lengths.*'collision': 2"):
        EventTable([1], [1], [1], Collisions.repeat(hera, 2))


def test_cuts_name_beams_and_conditions(mixed):
    mask = evaluate_cut("Ee > 12 and hel == 1 and s < 20000", mixed)
    np.testing.assert_array_equal(mask, (mixed["Ee"] == 50) & (mixed["hel"] == 1))
    with pytest.raises(SchemaError, match="did you mean 'spin'"):
        evaluate_cut("spinn > 0", mixed)
    with pytest.raises(SchemaError, match="no observable 'spinn'; did you mean 'spin'"):
        mixed["spinn"]


def test_screening_knows_each_event_s_own_beams(mixed):
    assert screen(mixed, "file")[0] is mixed
    in_mev = EventTable(*(1000 * p for p in mixed.momenta), mixed.collision)
    with pytest.raises(DataError, match=r"above the beams' 947\.5 GeV .*--units MeV"):
        screen(in_mev, "file")
    mislabelled = EventTable(*mixed.momenta, mixed.collision.with_frame("electron"))
    with pytest.raises(DataError, match="say --frame proton"):
        screen(mislabelled, "file")
    spin = np.array(mixed["spin"])
    spin[:3] = np.nan
    dirty = EventTable(*mixed.momenta, mixed.collision, conditions={"spin": spin})
    with pytest.raises(DataError, match="column 'pol' \\(spin\\) is NaN or infinite in 3 of 800"):
        screen(dirty, "file", columns={"spin": "pol"})


def test_the_region_is_that_of_all_events_that_count(mixed):
    region = Fiducial.found(mixed)
    assert region.Q2_min == mixed["Q2"].min()
    assert region.W2_min == mixed["W2"].min() > 1.152
    lowest = np.argmin(mixed["Q2"])
    without = mixed.with_weights(np.where(np.arange(800) == lowest, 0.0, -1.0))
    assert Fiducial.found(without).Q2_min == np.sort(mixed["Q2"])[1]
    with pytest.raises(DataError, match="no event with a weight"):
        Fiducial.found(mixed.with_weights(np.zeros(800)))


def test_elastic_events_leave_W2_without_an_edge(hera_events):
    beams = hera_events.collision.beams
    y, _ = y_range(10.0, beams)
    pT, pz = from_light_cone(*light_cone_from_Q2_y(10.0, y, beams))
    elastic = EventTable([pT], [0], [-pz], hera_events.collision)
    joined = EventTable.concatenate([hera_events, elastic])
    assert Fiducial.found(joined).W2_min == 0.0


def test_edges_of_each_event_s_own_stand_for_the_region_s(mixed):
    edges = np.where(mixed["Ee"] > 20, 3.0, 1.0)
    table = EventTable(*mixed.momenta, mixed.collision, conditions={"Q2min": edges})
    counts = violations(table, Fiducial(Q2_min=1e6))
    expected = np.count_nonzero(mixed["Q2"] < edges)
    assert list(counts.values())[-1] == expected > 0


@pytest.mark.parametrize(
    ("cuts", "expected"),
    [(["y < 2", "y < 2"], "y < 2"), (["Ee > 5"], "Ee > 5"), ([None, None], None)],
)
def test_the_cut_that_all_files_share_is_declared(mixed, cuts, expected):
    sources = [{} if cut is None else {"cut": cut} for cut in cuts]
    assert Fiducial.found(mixed.with_provenance(sources=sources)).cut == expected


def test_files_with_different_cuts_are_warned_of(mixed, caplog):
    table = mixed.with_provenance(sources=[{"cut": "y < 2"}, {}])
    assert Fiducial.found(table).cut is None
    assert "read with different cuts ('y < 2', none)" in caplog.text
