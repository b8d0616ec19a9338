"""What a look at a file says: ranges, weights, kinematics, and why it cannot be read."""

from __future__ import annotations

import numpy as np
import pytest
from samples import HERA, foreign, foreign_tree

from fatgan.errors import DataError
from fatgan.events import DERIVED, EventTable
from fatgan.io import FORMATS, ReadOptions, open_writer, survey, write


@pytest.mark.parametrize("name", [known.name for known in FORMATS if known.tabular])
def test_files_by_fatgan_need_no_options(name, table, tmp_path):
    weights = np.linspace(-1, 3, len(table))
    write(table.with_weights(weights), tmp_path / "e", format=name, derived=True)
    seen = survey(tmp_path / "e")
    found = seen.description
    assert (found.format, found.entries, found.collision) == (name, len(table), HERA)
    assert seen.entries == len(table)
    assert seen.problem is None
    assert seen.unphysical is None
    assert found.provenance == {"generator": "test", "seed": 3}
    for column in ("px", "E", *DERIVED):
        limits = seen.columns[column]
        assert (limits.low, limits.high) == (table[column].min(), table[column].max())
        assert limits.not_finite == 0
    assert seen.weights is not None
    assert seen.weights.column == "weight"
    assert seen.weights.total == pytest.approx(weights.sum())
    assert seen.weights.negative == np.count_nonzero(weights < 0)
    units = [found.units[column] for column in ("px", "Q2", "x", "theta", "weight")]
    assert units == ["GeV", "GeV^2", "", "rad", ""]


def test_a_survey_takes_all_files_in(momenta, tmp_path):
    for number in range(2):
        half = {name: array[200 * number :][:200] for name, array in momenta.items()}
        foreign(tmp_path / f"{number}.csv", {**half, "w": np.linspace(-1, 3, 200)})
    seen = survey(tmp_path, ReadOptions(beams="hera", columns={"weight": "w"}))
    assert seen.entries == 400
    for name, array in momenta.items():
        assert (seen.columns[name].low, seen.columns[name].high) == (array.min(), array.max())
    assert seen.weights is not None
    assert seen.weights.total == pytest.approx(400.0)
    assert seen.weights.negative == 2 * np.count_nonzero(np.linspace(-1, 3, 200) < 0)
    expected = EventTable(*momenta.values(), HERA)["Q2"]
    assert seen.kinematics["Q2"].low == pytest.approx(expected.min())
    assert seen.problem is None


def test_without_beams_there_are_ranges_only(momenta, tmp_path):
    path = foreign(tmp_path / "f.parquet", {**momenta, "word": ["a"] * 400})
    seen = survey(path)
    assert seen.description.collision is None
    assert list(seen.columns) == ["px", "py", "pz"]
    assert (seen.kinematics, seen.weights, seen.electron, seen.problem) == ({}, None, None, None)
    assert seen.description.units == {}


def test_what_reading_would_refuse_is_the_problem(table, momenta, tmp_path):
    path = foreign_tree(tmp_path / "f.root", momenta)
    assert "say --frame proton" in (
        survey(path, ReadOptions(beams="hera", frame="electron")).problem or ""
    )
    mapped = ReadOptions(beams="hera", columns={"px": "p_x"})
    assert "no column 'p_x'" in (survey(path, mapped).problem or "")
    in_mev = {name: 1000 * array for name, array in momenta.items()}
    path = foreign_tree(tmp_path / "mev.root", in_mev)
    assert "--units MeV" in (survey(path, ReadOptions(beams="hera")).problem or "")
    with open_writer(tmp_path / "none.csv", HERA):
        pass
    assert "there is not one event" in (survey(tmp_path / "none.csv").problem or "")
    write(table, tmp_path / "hera.csv")
    with pytest.raises(DataError, match="--beams says 18x275"):
        survey(tmp_path / "hera.csv", ReadOptions(beams="18x275"))


def test_dirt_is_counted(momenta, tmp_path):
    momenta["pz"][:2] = -60.0
    seen = survey(foreign_tree(tmp_path / "f.root", momenta), ReadOptions(beams="hera"))
    assert seen.unphysical is not None
    assert "2 fail" in seen.unphysical
    momenta["py"][:3] = [np.nan, np.inf, -np.inf]
    seen = survey(foreign_tree(tmp_path / "f.root", momenta), ReadOptions(beams="hera"))
    assert seen.columns["py"].not_finite == 3
    assert np.isfinite([seen.columns["py"].low, seen.columns["py"].high]).all()
    assert "NaN or infinite in 3 of 400 rows" in (seen.problem or "")


def test_large_files_are_looked_at_in_part(momenta, tmp_path, monkeypatch):
    path = foreign(tmp_path / "f.csv", momenta)
    for limits in ({"MOST": 100}, {"MOST_VALUES": 300}):
        for name, value in limits.items():
            monkeypatch.setattr(f"fatgan.io.surveying.{name}", value)
        seen = survey(path, ReadOptions(beams="hera"))
        assert (seen.entries, seen.description.entries) == (100, 400)
        assert seen.columns["px"].high == momenta["px"][:100].max()
        monkeypatch.undo()
    assert survey(path, ReadOptions(beams="hera", limit=7)).entries == 7
