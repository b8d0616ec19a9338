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


def test_the_callers_array_stays_writable():
    px = np.ones(3)
    EventTable(px, px, px, HERA)
    px[0] = 2.0


def test_float32_and_lists_become_float64():
    table = EventTable(np.float32([0.1]), [1], [-2], HERA)
    assert table["px"].dtype == np.float64
    assert table["px"][0] == np.float32(0.1)


@pytest.mark.parametrize("key", [slice(1, 4), np.array([1, 2, 3]), np.arange(5) % 4 > 0])
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
    with pytest.raises(DataError, match="different collisions"):
        EventTable.concatenate([table, table.with_frame("electron")])
    with pytest.raises(DataError, match="weighted and unweighted"):
        EventTable.concatenate([table, EventTable([1], [1], [1], HERA)])


def test_bad_columns_are_refused():
    with pytest.raises(DataError, match="different lengths"):
        EventTable([1, 2], [1], [1], HERA)
    with pytest.raises(DataError, match="column 'py' has shape"):
        EventTable([1], [[1]], [1], HERA)
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
