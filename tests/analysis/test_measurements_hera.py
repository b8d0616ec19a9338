"""The HERA data as the package nnpdf-data has them."""

import numpy as np
import pytest

pytest.importorskip("nnpdf_data")

from analysis.measurements.hera import SETS, find, load, points
from analysis.measurements.reference import SmoothReference
from fatgan.errors import DataError, MissingExtraError
from fatgan.events import Collision


@pytest.fixture(scope="module")
def smallest():
    """e+p at 820 GeV."""
    return load(SETS[2])


def test_the_numbers_of_points_are_the_published_ones():
    # 485, 159, 112 and 260 as published; of 210 points at 460 GeV the package has 209
    assert [points(known) for known in SETS] == [485, 159, 112, 260, 209]


def test_points_and_beams_belong_together(smallest):
    assert len(smallest) == 112
    # y is quoted to four digits, and for massless beams
    assert smallest.Q2 / (smallest.x * smallest.y) == pytest.approx(4 * 27.5 * 820, rel=3e-4)
    assert smallest.collision.beams.two_kP == pytest.approx(4 * 27.5 * 820, rel=1e-4)
    assert 0.04 < smallest.Q2.min() < 0.05
    assert smallest.Q2.max() == 30000


def test_errors_are_absolute_and_of_169_common_sources(smallest):
    assert smallest.correlated.shape == (112, 169)
    relative = smallest.error / smallest.sigma_r
    assert relative.min() > 0.005
    assert np.median(relative) == pytest.approx(0.035, rel=0.3)
    assert np.all(smallest.uncorrelated < smallest.error)


def test_the_smooth_reference_follows_the_points(smallest):
    some = smallest.select(smallest.Q2 >= 1)
    values = SmoothReference(smallest)(some.x, some.Q2)
    assert np.median(np.abs(values / some.sigma_r - 1)) < 0.03
    assert np.isfinite(SmoothReference(smallest)(np.array([1.0]), np.array([100.0]))).all()


def test_beams_find_their_set():
    assert find(Collision.parse("27.6x920", frame="electron", lepton_pdg=-11)) is SETS[0]
    assert find(Collision.parse("27.5x920")) is SETS[1]
    assert find(Collision.parse("27.5x460", lepton_pdg=-11)) is SETS[4]
    with pytest.raises(DataError, match=r"no set for e- p 18x275.*e\+ 27.5x575"):
        find(Collision.parse("18x275"))


def test_a_missing_package_is_named(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"pip install 'fatgan\[measurements\]'"):
        load(SETS[0])


def test_another_layout_is_one_line(monkeypatch):
    monkeypatch.setattr("analysis.measurements.hera._content", lambda known, what: {"bins": []})
    with pytest.raises(DataError, match="HERA_NC_318GEV_EP-SIGMARED cannot be read"):
        load(SETS[0])
