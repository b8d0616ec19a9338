"""Tables of beams and conditions for ``fatgan generate --table``."""

from __future__ import annotations

import numpy as np
import pytest
from truths import dis_truth

import fatgan
from fatgan.cli.condition_table import asked_by_table
from fatgan.errors import ConfigError, DataError
from fatgan.events import Collision, EventTable
from fatgan.representations import FeatureTransform, Settings

ONE = Collision.parse("27.5x920")
OTHER = Collision.parse("10x100")


def polarised(collision: Collision, seed: int) -> EventTable:
    pol = np.resize([0.7, -0.7], 200)
    momenta = dis_truth(collision, 200, seed=seed).momenta
    return EventTable(*momenta, collision, conditions={"pol": pol})


@pytest.fixture(scope="module")
def one():
    return FeatureTransform.fit(polarised(ONE, 1), Settings(azimuth="uniform"), ("pol",))


@pytest.fixture(scope="module")
def several():
    table = EventTable.concatenate([polarised(ONE, 1), polarised(OTHER, 2)])
    return FeatureTransform.fit(table, Settings(azimuth="uniform"), ("s", "pol"))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("one.csv", "pol\n0.1\n-0.2\n"),
        ("spaces.txt", "pol run\n0.1 1\n-0.2 2\n"),
        ("semicolons.csv", "run;pol\n1;0.1\n2;-0.2\n"),
        ("tabs.tsv", "run\tpol\n1\t0.1\n2\t-0.2\n"),
    ],
)
def test_tables_of_few_columns_are_read(tmp_path, one, name, text):
    path = tmp_path / name
    path.write_text(text)
    count, asked = asked_by_table(path, one, None, None, None)
    assert count == 2
    assert asked["conditions"]["pol"].tolist() == [0.1, -0.2]


def test_the_rows_of_a_file_by_fatgan_keep_their_frame(tmp_path, several):
    turned = polarised(ONE.with_frame("electron"), 5)
    for name in ("rows.hepmc", "rows.parquet"):
        fatgan.write(turned, tmp_path / name)
        count, asked = asked_by_table(tmp_path / name, several, None, None, None)
        assert count == 200
        assert asked["collision"].frame == "electron"
        np.testing.assert_array_equal(asked["collision"].electron_energy, 27.5)


@pytest.mark.parametrize(
    ("frame", "lepton", "reason"),
    [("proton", None, "says electron, --frame says proton"), (None, -11, "--lepton says -11")],
)
def test_options_that_contradict_the_file_are_refused(tmp_path, one, frame, lepton, reason):
    path = tmp_path / "rows.parquet"
    fatgan.write(polarised(ONE.with_frame("electron"), 5), path)
    with pytest.raises(ConfigError, match=reason):
        asked_by_table(path, one, None, frame, lepton)


@pytest.mark.parametrize("lone", ["Ee", "Ep", "lepton"])
def test_a_lone_column_of_beams_is_not_passed_over(tmp_path, one, lone):
    path = tmp_path / "rows.csv"
    path.write_text(f"pol,{lone},run\n0.1,-11,1\n")
    with pytest.raises(DataError, match=f"column {lone} without both 'Ee' and 'Ep'"):
        asked_by_table(path, one, None, None, None)


def test_a_table_without_what_the_model_depends_on_is_refused(tmp_path, one, several):
    path = tmp_path / "rows.csv"
    path.write_text("a,b,c\n1,2,3\n")
    with pytest.raises(DataError, match=r"no column 'pol'.*s, pol"):
        asked_by_table(path, several, None, None, None)
    path.write_text("pol,b,c\n1,2,3\n")
    with pytest.raises(DataError, match="no columns 'Ee' and 'Ep'"):
        asked_by_table(path, several, None, None, None)
    plain = FeatureTransform.fit(dis_truth(ONE, 200, seed=1), Settings())
    with pytest.raises(ConfigError, match="has no conditions"):
        asked_by_table(path, plain, None, None, None)
