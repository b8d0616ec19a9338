from __future__ import annotations

import awkward
import numpy as np
import pytest

from fatgan.errors import DataError, SchemaError
from fatgan.events import Collision, EventTable

HERA = Collision.parse("hera")


def weighted(n: int = 5) -> EventTable:
    px = np.linspace(1, 2, n)
    return EventTable(
        px, -px, -10 * px, HERA, weights=np.linspace(-1, 1, n), provenance={"seed": 3}
    )


def test_columns_are_read_only(hera_events):
    for name in ("px", "E", "Q2"):
        with pytest.raises(ValueError, match="read-only"):
            hera_events[name][0] = 1.0
    with pytest.raises(TypeError):
        hera_events.provenance["a"] = 1
    with pytest.raises(ValueError, match="read-only"):
        weighted().weights[0] = 1.0


def test_the_callers_array_stays_writable_and_the_table_as_it_was():
    px, weights = np.ones(3), np.ones(3)
    table = EventTable(px, px, px, HERA, weights=weights)
    px[0] = weights[0] = 2.0
    np.testing.assert_array_equal(table["px"], np.ones(3))
    np.testing.assert_array_equal(table.weights, np.ones(3))


def test_read_only_columns_are_not_copied():
    table = weighted()
    again = EventTable(*table.momenta, HERA, weights=table.weights)
    assert np.shares_memory(again["px"], table["px"])
    assert np.shares_memory(again.weights, table.weights)
    assert np.shares_memory(table[1:3]["px"], table["px"])
    assert np.shares_memory(table.with_frame("electron")["px"], table["px"])


@pytest.mark.parametrize("key", [3, np.int64(3), 1.5, None, (1, 2), np.ones((2, 2)), ["px"]])
def test_what_does_not_select_events_is_refused(key):
    with pytest.raises(
        TypeError, match=r"a slice, a mask or row numbers, .* table\[3:4\]"
    ) as caught:
        weighted()[key]
    assert "\n" not in str(caught.value)


def test_a_table_is_no_sequence_of_events():
    with pytest.raises(TypeError, match="'EventTable' object is not iterable"):
        list(weighted())


def test_the_collision_is_a_collision():
    with pytest.raises(TypeError, match=r"collision is '27.5x920', not a Collision; write it as"):
        EventTable([1], [1], [1], "27.5x920")


def test_float32_and_lists_become_float64():
    table = EventTable(np.float32([0.1]), [1], [-2], HERA)
    assert table["px"].dtype == np.float64
    assert table["px"][0] == np.float32(0.1)


@pytest.mark.parametrize("key", [slice(1, 4), [1, 2, 3], np.array([1, 2, 3]), np.arange(5) % 4 > 0])
def test_selection_keeps_rows_together(key):
    table = weighted()
    part = table[key]
    assert len(part) == 3
    np.testing.assert_array_equal(part["Q2"], table["Q2"][key])
    np.testing.assert_array_equal(part.weights, table.weights[key])
    assert part.provenance == table.provenance
    assert part.collision == table.collision


def test_concatenation_undoes_slicing():
    table = weighted()
    joined = EventTable.concatenate([table[:2], table[2:2], table[2:]])
    for name in ("px", "py", "pz"):
        np.testing.assert_array_equal(joined[name], table[name])
    np.testing.assert_array_equal(joined.weights, table.weights)
    assert joined.provenance == {"seed": 3}


def test_tables_that_do_not_fit_are_not_joined():
    table = weighted()
    with pytest.raises(DataError, match="weighted and unweighted"):
        EventTable.concatenate([table, EventTable([1], [1], [1], HERA)])
    with pytest.raises(DataError, match="there are no tables to join"):
        EventTable.concatenate([])


def test_bad_columns_are_refused():
    with pytest.raises(DataError, match="different lengths"):
        EventTable([1, 2], [1], [1], HERA)
    with pytest.raises(DataError, match="column 'py' has shape"):
        EventTable([1], [[1]], [1], HERA)
    with pytest.raises(DataError, match="column 'pz' holds more than numbers"):
        EventTable([1], [1], ["a"], HERA)
    with pytest.raises(SchemaError, match="no observable 'Q'; did you mean 'Q2'"):
        weighted()["Q"]


def test_pandas_has_the_columns(hera_events):
    frame = hera_events.to_pandas(("px", "Q2"))
    assert list(frame.columns) == ["px", "Q2"]
    np.testing.assert_array_equal(frame["Q2"], hera_events["Q2"])
    np.testing.assert_array_equal(weighted().to_pandas()["weight"], weighted().weights)


def test_vector_behaviours_agree_with_our_columns(hera_events):
    records = hera_events.to_awkward()
    pairs = {"pt": "pT", "eta": "eta", "phi": "phi", "theta": "theta", "E": "E", "pz": "pz"}
    for theirs, ours in pairs.items():
        values = awkward.to_numpy(getattr(records, theirs))
        np.testing.assert_allclose(values, hera_events[ours], rtol=1e-12)


def test_repr_tells_what_it_is():
    assert repr(weighted()) == (
        "<EventTable: 5 events, e- p 27.5x920 GeV, proton along +z, weighted>"
    )
