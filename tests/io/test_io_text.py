"""Text tables as others write them."""

from __future__ import annotations

import numpy as np
import pandas
import pytest

from fatgan.errors import DataError, SchemaError
from fatgan.io import describe, read


@pytest.fixture
def frame(momenta) -> pandas.DataFrame:
    return pandas.DataFrame(momenta)


@pytest.mark.parametrize("separator", [",", ", ", ";", "; ", " ", "\t", "   "])
@pytest.mark.parametrize("comments", ["", "# run 7\n# made by hand\n\n"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_separators(frame, tmp_path, separator, comments, encoding):
    rows = [separator.join(repr(float(value)) for value in row) for row in frame.to_numpy()]
    text = comments + "\n".join([separator.join(frame.columns), *rows]) + "\n\n"
    path = tmp_path / "f.txt"
    path.write_text(text, encoding=encoding)
    table = read(path, beams="hera")
    for name in frame.columns:
        np.testing.assert_array_equal(table[name], frame[name])
    assert describe(path).entries == 400


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [" ", ",", ";"])
def test_numpy_puts_the_names_into_a_comment(frame, tmp_path, delimiter, encoding):
    path = tmp_path / "f.dat"
    header = delimiter.join(frame.columns)
    np.savetxt(path, frame.to_numpy(), header=header, delimiter=delimiter, fmt="%.18e")
    path.write_text(path.read_text(), encoding=encoding)
    table = read(path, beams="hera")
    assert len(table) == describe(path).entries == 400
    np.testing.assert_array_equal(table["pz"], frame["pz"])


def test_a_table_without_names(frame, tmp_path):
    np.savetxt(tmp_path / "f.dat", frame.to_numpy())
    with pytest.raises(SchemaError, match="first line holds numbers; it must name the columns"):
        read(tmp_path / "f.dat", beams="hera")


def test_words_among_numbers(tmp_path):
    rows = ["1,2,-20"] * 5000 + ["1,oops,-20"]
    (tmp_path / "f.csv").write_text("px,py,pz\n" + "\n".join(rows))
    with pytest.raises(DataError, match="column 'py' holds more than numbers"):
        read(tmp_path / "f.csv", beams="hera")
    (tmp_path / "g.csv").write_text("px,py,pz\n1,oops,-20\n")
    with pytest.raises(SchemaError, match=r"column 'py' holds .*not one number per event"):
        read(tmp_path / "g.csv", beams="hera")


def test_rows_of_another_length(tmp_path):
    (tmp_path / "f.csv").write_text("px,py,pz\n1,2,-20\n1,2,-20,4,5\n")
    with pytest.raises(DataError, match="truncated or damaged csv file"):
        read(tmp_path / "f.csv", beams="hera")
    (tmp_path / "g.csv").write_text("px,py,pz\n1,2,-20\n1,2")
    with pytest.raises(DataError, match="column 'pz' is NaN or infinite in 1 of 2 rows"):
        read(tmp_path / "g.csv", beams="hera")


def test_text_has_no_trees(frame, tmp_path):
    frame.to_csv(tmp_path / "f.csv", index=False)
    with pytest.raises(SchemaError, match="a csv file has no trees"):
        read(tmp_path / "f.csv", beams="hera", tree="events")
