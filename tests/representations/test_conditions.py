"""The scaling of conditions: what both networks get beside noise and features."""

from __future__ import annotations

import json

import numpy as np
import pytest
import tensorflow as tf
from keras import ops
from settings_truth import SETTINGS, several

from fatgan.errors import ConfigError, DataError
from fatgan.events import EventTable
from fatgan.representations import Conditions

NAMES = ("Ep", "polarisation", "s", "lepton", "Ee", "Q2min")


@pytest.fixture(scope="module")
def conditions() -> Conditions:
    return Conditions.fit(several(edges=(1.0, 2.0, 4.0, 8.0)), NAMES)


def column(conditions: Conditions, table: EventTable, name: str) -> np.ndarray:
    return conditions.forward(table)[:, conditions.names.index(name)]


def test_columns_come_in_the_order_of_the_configuration(conditions):
    table = several(edges=(1.0, 2.0, 4.0, 8.0))
    scaled = conditions.forward(table)
    assert conditions.names == NAMES
    assert conditions.dimension == 6
    assert scaled.shape == (len(table), 6)
    assert scaled.dtype == np.float32


@pytest.mark.parametrize("name", ["Ee", "Ep", "s", "Q2min"])
def test_energies_are_standardised_over_settings_in_their_logarithm(conditions, name):
    """However many events each setting has: one row of each gives the same numbers."""
    table = several(edges=(1.0, 2.0, 4.0, 8.0))
    one_each = np.array([np.flatnonzero(table.collision.rows_of(item))[0] for item in SETTINGS])
    logarithm = np.log(table[name][one_each])
    expected = (logarithm - logarithm.mean()) / logarithm.std()
    np.testing.assert_allclose(column(conditions, table[one_each], name), expected, rtol=1e-6)
    uneven = Conditions.fit(table[np.r_[one_each, np.arange(500)]], NAMES)
    np.testing.assert_allclose(column(uneven, table, name), column(conditions, table, name))


def test_the_lepton_is_its_charge_and_others_are_standardised(conditions):
    table = several(edges=(1.0, 2.0, 4.0, 8.0))
    np.testing.assert_array_equal(column(conditions, table, "lepton"), -np.sign(table["lepton"]))
    polarisation = column(conditions, table, "polarisation")
    assert polarisation.mean() == pytest.approx(0, abs=1e-6)
    assert polarisation.std() == pytest.approx(1, abs=1e-6)


def test_a_column_of_one_value_is_only_shifted():
    table = several()
    single = Conditions.fit(table[table["Ee"] == 10], ("Ee", "Q2min"))
    np.testing.assert_allclose(single.forward({"Ee": 10, "Q2min": 2}, 3), np.zeros((3, 2)))
    np.testing.assert_allclose(single.forward({"Ee": 20, "Q2min": 2}, 1), [[np.log(2), 0]], 1e-6)


def test_numbers_hold_for_all_events_and_arrays_keep_their_order(conditions):
    given = {"Ee": 18, "Ep": [40, 100, 275], "s": 7000, "lepton": -11, "Q2min": 2}
    scaled = conditions.forward({**given, "polarisation": 0.1}, 3)
    assert scaled.shape == (3, 6)
    assert np.all(np.diff(scaled[:, 0]) > 0)
    assert np.ptp(scaled[:, 1:], axis=0) == pytest.approx(0)


def test_the_range_of_the_training_is_known(conditions):
    assert conditions.ranges["Ee"] == (10, 27.5)
    assert conditions.ranges["lepton"] == (-11, 11)
    table = several(edges=(1.0, 2.0, 4.0, 8.0))
    given = {name: table[name] for name in NAMES}
    assert conditions.outside(given) == {}
    outside = conditions.outside({**given, "Ee": [5, 20], "Ep": 920 * (1 + 1e-8)})
    assert outside == {"Ee": (5, 20, 10, 27.5)}


def test_beams_in_the_graph_are_those_of_the_collisions(conditions):
    """To 3e-6 in float32, also for a proton at rest."""
    table = several(edges=(1.0, 2.0, 4.0, 8.0))
    scaled = tf.constant(conditions.forward(table))
    for new, old in zip(conditions.beams(scaled, ops), table.collision.beams, strict=True):
        assert new.dtype == "float32"
        np.testing.assert_allclose(ops.convert_to_numpy(new), old, rtol=3e-6)


def test_json_round_trip_gives_identical_results(conditions):
    again = Conditions.from_dict(json.loads(json.dumps(conditions.to_dict())))
    table = several(edges=(1.0, 2.0, 4.0, 8.0))
    np.testing.assert_array_equal(again.forward(table), conditions.forward(table))
    assert again.ranges == conditions.ranges


def test_what_cannot_be_used_is_named():
    table = several()
    with pytest.raises(ConfigError, match="did you mean 'polarisation'"):
        Conditions.fit(table, ("polarization",))
    with pytest.raises(ConfigError, match="'Ee' is given twice"):
        Conditions.fit(table, ("Ee", "s", "Ee"))
    known = Conditions.fit(table, ("Ee", "Ep"))
    with pytest.raises(DataError, match="no condition 'Ep'"):
        known.forward({"Ee": 10}, 4)
    with pytest.raises(DataError, match="'Ep': 1 of 2 values are not above zero"):
        known.forward({"Ee": 10, "Ep": [100, -1]}, 2)
    with pytest.raises(DataError, match="'Ee': 2 of 2 values are no finite"):
        known.forward({"Ee": np.nan, "Ep": 100}, 2)
    with pytest.raises(DataError, match=r"'Ep' has shape \(3,\)"):
        known.forward({"Ee": 10, "Ep": [1, 2, 3]}, 2)
    with pytest.raises(ConfigError, match=r"condition: \[Ee, Ep\]"):
        Conditions.fit(table, ("s",)).beams(np.zeros((2, 1)))
