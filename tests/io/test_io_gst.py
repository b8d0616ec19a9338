"""GENIE's summary trees."""

from __future__ import annotations

import awkward
import fixtures_root as root
import numpy as np
import pytest

from fatgan.errors import DataError, SchemaError
from fatgan.events import Collision
from fatgan.io import describe, iterate, read


@pytest.fixture
def path(tmp_path):
    return tmp_path / "f.gst.root"


def with_values(**columns):
    branches = root.gst_branches()
    for name, (where, value) in columns.items():
        branches[name][where] = value
    return branches


@pytest.mark.parametrize("probe", [11, -11])
def test_electrons_on_protons_at_rest(path, probe):
    branches = root.gst_branches(probe=probe)
    table = read(root.gst(path, branches))
    assert table.collision == Collision.parse("11x0", lepton_pdg=probe)
    np.testing.assert_array_equal(table["pz"], branches["pzl"])
    np.testing.assert_array_equal(table.weights, branches["wght"])
    np.testing.assert_allclose(table["Q2"], branches["Q2"], rtol=1e-9)


def test_the_beam_moves_along_plus_z(path):
    table = read(root.gst(path, root.gst_branches()))
    assert table.collision.frame == "electron"
    # the electron goes on where it went, and loses energy to a proton at rest
    assert np.all(table["E"] < 11)
    assert np.mean(table["pz"]) > 0


def test_columns_keep_their_names_and_have_units(path):
    root.gst(path, root.gst_branches())
    found = describe(path)
    assert (found.format, found.tree, found.entries) == ("gst", "gst", 40)
    assert found.collision == Collision.parse("11x0")
    assert {"pxl", "Ev", "Q2", "tgt"} <= set(found.columns)
    assert len(read(path, cut="iev < 10")) == 10


def test_energies_that_vary_are_each_events_own(path):
    energy = np.linspace(10.5, 11.5, 40)
    table = read(root.gst(path, root.gst_branches() | {"Ev": energy}), max_unphysical=1.0)
    assert table.collision.frame == "electron"
    np.testing.assert_array_equal(np.array(table["Ee"]), energy)
    np.testing.assert_allclose(table["Ep"], 0.938272, rtol=1e-6)


def test_chunks_are_checked_and_counted_on(path):
    root.gst(path, with_values(em=([25, 38], False)))
    with pytest.raises(DataError, match=r"event 26: not electromagnetic \(em = 0\), as in 2 of 40"):
        list(iterate(path, chunk=10))


def test_a_column_map_wins_over_the_formats_own_names(path):
    branches = root.gst_branches()
    branches["mine"] = branches["pxl"] * 0.5
    table = read(root.gst(path, branches), columns={"px": "mine"})
    np.testing.assert_array_equal(table["px"], branches["mine"])


def test_the_same_file_is_a_plain_tree_if_asked_for(path):
    root.gst(path, with_values(em=(slice(None), False)))
    columns = {"px": "pxl", "py": "pyl", "pz": "pzl"}
    assert len(read(path, format="ttree", columns=columns, beams="11x0")) == 40


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"neu": (slice(None), 14)}, "event 1: probe 14 is no electron, as in 40 of 40 events"),
        ({"neu": ([4, 6], 12)}, "event 5: probe 12 is no electron, as in 2 of 40 events"),
        ({"tgt": (slice(None), 1000060120)}, "event 1: target 1000060120 is no free proton"),
        ({"tgt": (7, 2112)}, "event 8: target 2112 is no free proton"),
        ({"em": (3, False)}, "event 4: not electromagnetic"),
        ({"pxl": (3, np.nan)}, "NaN"),
        ({"Ev": (slice(None), -1.0)}, "event 1: beam energy Ev = -1 GeV"),
        ({"Ev": (9, np.nan)}, "event 10: beam energy Ev = nan GeV"),
    ],
)
def test_events_that_are_no_electrons_on_protons(path, columns, message):
    root.gst(path, with_values(**columns))
    with pytest.raises(DataError) as caught:
        read(path)
    assert str(caught.value).startswith(str(path))
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_beams_that_change_far_into_the_file(path, monkeypatch):
    monkeypatch.setattr("fatgan.io.formats.gst._PROBE", 10)
    root.gst(path, with_values(Ev=([20, 30], 10.5)))
    with pytest.raises(DataError, match=r"event 21: probe 11 of 10\.5 GeV where .* in 2 of 40"):
        read(path)


@pytest.mark.parametrize("branch", ["pzl", "neu", "tgt", "em", "Ev"])
def test_a_missing_branch_is_named_with_its_tree(path, branch):
    branches = root.gst_branches()
    del branches[branch]
    root.gst(path, branches)
    with pytest.raises(SchemaError, match=f"tree 'gst': no branch '{branch}'; .*--format ttree"):
        read(path)


def test_lists_where_numbers_should_be(path):
    root.gst(path, root.gst_branches() | {"pxl": awkward.Array([[1.0]] * 40)})
    with pytest.raises(SchemaError, match=r"'pxl' holds double\[\], not one number per event"):
        read(path)


def test_another_tree_is_not_taken_for_the_events(path):
    root.gst(path, root.gst_branches())
    with pytest.raises(SchemaError, match="gst events are in tree 'gst', not 'other'"):
        read(path, tree="other")


def test_a_tree_without_events(path):
    branches = {k: v[:0] for k, v in root.gst_branches().items() if k != "pdgf"}
    root.gst(path, branches)
    assert describe(path).entries == 0
    with pytest.raises(DataError, match="there is not one event"):
        read(path, beams="11x0")
