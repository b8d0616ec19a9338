"""Each refusal with its one-line message: what, where, how many, what to do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fatgan.errors import DataError
from fatgan.events import Collision, EventTable, Fiducial
from fatgan.events.bounds import PHYSICAL, violations
from fatgan.events.screening import screen

HERA = Collision.parse("hera")


def changed(table: EventTable, name: str, rows: slice, value: float) -> EventTable:
    columns = {key: np.array(table[key]) for key in ("px", "py", "pz")}
    columns[name][rows] = value
    return EventTable(**columns, collision=table.collision)


def refusal(table: EventTable, **keywords: Any) -> str:
    with pytest.raises(DataError) as caught:
        screen(table, "file.root", **keywords)
    message = str(caught.value)
    assert message.startswith("file.root")
    assert "\n" not in message
    return message


def test_clean_events_pass_untouched(events):
    screened, note = screen(events, "file.root")
    assert screened is events
    assert note is None


def test_no_rows():
    assert "no events" in refusal(EventTable([], [], [], HERA))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_rows_that_are_not_finite(hera_events, value):
    message = refusal(changed(hera_events, "py", slice(0, 7), value))
    assert "column 'py' is NaN or infinite in 7 of 1,000 rows" in message
    assert "--cut" in message


def test_columns_are_named_as_in_the_file(hera_events):
    dirty = changed(hera_events, "py", slice(0, 7), np.nan)
    assert "column 'e_py' (py) is NaN" in refusal(dirty, columns={"py": "e_py"})
    other = EventTable(*hera_events.momenta, HERA.with_frame("electron"))
    assert "column 'e_pz' (pz) does not fit" in refusal(other, columns={"pz": "e_pz"})


def test_weights_that_are_not_finite(hera_events):
    weights = np.ones(1000)
    weights[3] = np.nan
    table = EventTable(*hera_events.momenta, HERA, weights=weights)
    assert "column 'weight' is NaN or infinite in 1 of 1,000" in refusal(table)


def test_mev(hera_events):
    in_mev = EventTable(*(1000 * component for component in hera_events.momenta), HERA)
    assert "--units MeV" in refusal(in_mev)


def test_the_other_frame(events):
    other = {"proton": "electron", "electron": "proton"}[events.collision.frame]
    mislabelled = EventTable(*events.momenta, events.collision.with_frame(other))
    message = refusal(mislabelled)
    assert "column 'pz'" in message
    assert f"--frame {events.collision.frame}" in message


def test_a_little_dirt_is_dropped_with_a_count(hera_events):
    dirty = changed(hera_events, "pz", slice(0, 5), -40.0)
    screened, note = screen(dirty, "file.root")
    assert len(screened) == 995
    assert note is not None
    assert "dropped 5 of 1,000 rows" in note
    assert sum(violations(screened).values()) == 0


def test_more_dirt_than_the_limit_is_refused(hera_events):
    dirty = changed(hera_events, "pz", slice(0, 50), -40.0)
    assert "50 of 1,000 rows are unphysical" in refusal(dirty)
    screened, _ = screen(dirty, "file.root", max_unphysical=0.06)
    assert len(screened) == 950


def test_fiducial_region_is_found_and_counted(hera_events):
    fiducial = Fiducial.found(hera_events)
    assert fiducial.Q2_min == hera_events["Q2"].min()
    counts = violations(hera_events, fiducial)
    assert sum(counts.values()) == 0
    assert len(counts) == len(PHYSICAL) + 1
    stricter = Fiducial(Q2_min=float(np.median(hera_events["Q2"])))
    assert list(violations(hera_events, stricter).values())[-1] == 500
