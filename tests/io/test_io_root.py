"""Trees as others write them: directly with uproot, without fatgan's header."""

from __future__ import annotations

import awkward
import numpy as np
import pytest
import uproot
from samples import HERA, foreign_tree, same_momenta

from fatgan.errors import DataError, SchemaError
from fatgan.io import describe, iterate, read, write


@pytest.mark.parametrize(("make", "format"), [("mktree", "ttree"), ("mkrntuple", "rntuple")])
@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_trees_and_ntuples_are_read(table, momenta, tmp_path, make, format, dtype):
    columns = {name: array.astype(dtype) for name, array in momenta.items()}
    path = foreign_tree(tmp_path / "f.root", columns, make=make)
    back = read(path, beams="27.5x920", tree="events", max_unphysical=1.0)
    assert back.collision == HERA
    for name in columns:
        np.testing.assert_array_equal(back[name], columns[name])
    assert "origin" not in back.provenance
    description = describe(path)
    assert description.format == format
    assert description.collision is None
    assert set(description.columns.values()) == {dtype}


@pytest.mark.parametrize("make", ["mktree", "mkrntuple"])
def test_integers_and_booleans_are_numbers(momenta, tmp_path, make):
    n = len(momenta["px"])
    extra = {"run": np.arange(n, dtype="int32"), "good": np.arange(n) % 2 == 0}
    path = foreign_tree(tmp_path / "f.root", {**momenta, **extra}, make=make)
    assert describe(path).columns["run"] == "int32"
    assert len(read(path, beams="hera", cut="good and run < 10")) == 5
    weighted = read(path, beams="hera", columns={"weight": "run"})
    np.testing.assert_array_equal(weighted.weights, np.arange(n))


def test_written_trees_are_plain_ttrees(table, tmp_path):
    write(table, tmp_path / "f.root")
    with uproot.open(tmp_path / "f.root") as file:
        assert file.classnames(cycle=False) == {"fatgan": "TObjString", "events": "TTree"}
        assert file["events"].keys() == ["px", "py", "pz", "E"]
        np.testing.assert_array_equal(file["events"]["E"].array(library="np"), table["E"])


def test_the_only_tree_is_taken_others_are_listed(momenta, tmp_path):
    path = tmp_path / "f.root"
    with uproot.recreate(path) as file:
        for name in ("first", "folder/second"):
            file.mktree(name, dict.fromkeys(momenta, "float64"))
            file[name].extend(momenta)
        file["histogram"] = np.histogram([1.0, 2.0])
    with pytest.raises(SchemaError, match=r"several trees \(first, folder/second\); .* --tree"):
        read(path, beams="hera")
    with pytest.raises(SchemaError, match="no tree 'frist'; did you mean 'first'"):
        read(path, beams="hera", tree="frist")
    assert read(path, beams="hera", tree="folder/second").provenance["tree"] == "folder/second"


def test_cycles_of_an_autosaved_tree_count_once(momenta, tmp_path):
    path = tmp_path / "f.root"
    with uproot.recreate(path) as file:
        for _ in range(2):
            file.mktree("events", dict.fromkeys(momenta, "float64"))
            file["events"].extend(momenta)
    assert len(read(path, beams="hera")) == 400


def test_a_tree_named_like_our_header_is_a_tree(momenta, tmp_path):
    path = foreign_tree(tmp_path / "f.root", momenta, name="fatgan")
    assert len(read(path, beams="hera")) == 400


def test_a_file_without_trees(tmp_path):
    with uproot.recreate(tmp_path / "f.root") as file:
        file["histogram"] = np.histogram([1.0, 2.0])
    with pytest.raises(SchemaError, match="no TTree or RNTuple"):
        read(tmp_path / "f.root")


def test_an_empty_tree(tmp_path):
    path = foreign_tree(tmp_path / "f.root", {name: np.zeros(0) for name in ("px", "py", "pz")})
    with pytest.raises(DataError, match="tree 'events': empty, there is not one event"):
        read(path, beams="hera")
    assert describe(path).entries == 0


@pytest.mark.parametrize("make", ["mktree", "mkrntuple"])
def test_lists_are_not_one_number_per_event(momenta, tmp_path, make):
    lists = awkward.Array([[1.0], [], [2.0, 3.0]])
    columns = {"px": lists, "py": np.ones(3), "pz": np.ones(3)}
    with uproot.recreate(tmp_path / "f.root") as file:
        kinds = {"px": "var * float64", "py": "float64", "pz": "float64"}
        getattr(file, make)("events", kinds).extend(columns)
    with pytest.raises(SchemaError, match=r"column 'px' holds .*, not one number per event"):
        read(tmp_path / "f.root", beams="hera")


def test_fixed_arrays_are_not_one_number_per_event(momenta, tmp_path):
    with uproot.recreate(tmp_path / "f.root") as file:
        file.mktree("events", {"p": ("float64", (3,))}).extend({"p": np.ones((4, 3))})
    with pytest.raises(SchemaError, match=r"column 'p' holds double\[3\]"):
        read(tmp_path / "f.root", beams="hera", columns={"px": "p", "py": "p", "pz": "p"})


def test_strings_are_not_one_number_per_event(tmp_path):
    with uproot.recreate(tmp_path / "f.root") as file:
        file.mkrntuple("events", {"px": ["a"], "py": [1.0], "pz": [1.0]})
    with pytest.raises(SchemaError, match="column 'px' holds std::string"):
        read(tmp_path / "f.root", beams="hera")


def test_names_are_literal_never_patterns(momenta, tmp_path):
    names = {"px": "e.px", "py": "e.py", "pz": "e.pz"}
    path = foreign_tree(tmp_path / "f.root", {names[key]: momenta[key] for key in names})
    (chunk,) = iterate(path, beams="hera", columns=names)
    np.testing.assert_array_equal(chunk["px"], momenta["px"])
    with pytest.raises(SchemaError, match=r"no column 'e\.\*'"):
        read(path, beams="hera", columns={"px": "e.*"})


def test_damaged_bytes_are_named(table, tmp_path):
    path = tmp_path / "f.root"
    write(table, path)
    content = bytearray(path.read_bytes())
    start = content.rindex(b"px") - 20  # the tree's own record, behind the baskets
    content[start : start + 200] = bytes(200)
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"f\.root: truncated or damaged ttree file"):
        read(path)


def test_reading_twice_gives_the_same(table, tmp_path):
    write(table, tmp_path / "f.root")
    assert same_momenta(read(tmp_path / "f.root"), read(tmp_path / "f.root"))
