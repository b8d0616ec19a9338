"""Text in compressed files, and files that are made to do harm."""

from __future__ import annotations

import bz2
import gzip
import lzma

import pandas
import pyarrow
import pytest
from samples import same_momenta

from fatgan.errors import DataError
from fatgan.io import describe, read, write
from fatgan.io.formats import compressed
from fatgan.io.formats.compressed import open_bytes

PACKED = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lzma.compress,
    "zstd": lambda content: pyarrow.Codec("zstd").compress(content, asbytes=True),
}


@pytest.fixture(params=PACKED)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


def refusal(path, **keywords) -> str:
    with pytest.raises(DataError) as caught:
        read(path, **keywords)
    assert str(caught.value).startswith(f"{path}: ")
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_compressed_text_is_read_whatever_its_name(kind, table, tmp_path):
    write(table, tmp_path / "plain.csv")
    content = (tmp_path / "plain.csv").read_bytes()
    (tmp_path / "packed.root").write_bytes(PACKED[kind](content))
    back = read(tmp_path / "packed.root")
    assert same_momenta(back, table)
    assert back.collision == table.collision
    assert describe(tmp_path / "packed.root").entries == len(table)


def test_compressed_text_of_others(kind, table, momenta, tmp_path):
    text = pandas.DataFrame(momenta).to_csv(index=False, sep=" ")
    (tmp_path / "f").write_bytes(PACKED[kind](text.encode()))
    assert same_momenta(read(tmp_path / "f", beams="hera"), table)


def test_streams_that_follow_each_other_are_one_file(kind, tmp_path):
    parts = b"px py pz\n", b"1 2 -20\n" * 1000, b"2 1 -20\n"
    (tmp_path / "f").write_bytes(b"".join(PACKED[kind](part) for part in parts))
    with open_bytes(tmp_path / "f") as file:
        assert file.read() == b"".join(parts)


@pytest.mark.parametrize("share", [0.3, 0.99])
def test_truncated_compressed_files_are_named(kind, table, tmp_path, share):
    write(table, tmp_path / "plain.csv")
    content = PACKED[kind]((tmp_path / "plain.csv").read_bytes())
    path = tmp_path / "f"
    path.write_bytes(content[: int(share * len(content))])
    assert f"truncated or damaged {kind} file" in refusal(path)


def test_compressed_binary_files_must_be_unpacked(kind, table, tmp_path):
    write(table, tmp_path / "plain.parquet")
    (tmp_path / "f").write_bytes(PACKED[kind]((tmp_path / "plain.parquet").read_bytes()))
    assert f"a {kind} file that holds no text; unpack it" in refusal(tmp_path / "f")


def test_a_compressed_file_of_nothing(kind, tmp_path):
    (tmp_path / "f").write_bytes(PACKED[kind](b""))
    assert "the file is empty" in refusal(tmp_path / "f")


@pytest.mark.parametrize("kind", ["gzip", "bzip2", "xz", "zstd"])
def test_files_that_grow_without_end_are_refused(kind, tmp_path, monkeypatch):
    monkeypatch.setattr(compressed, "FREE", 10_000)
    monkeypatch.setattr(compressed, "MAX_RATIO", 100)
    content = b"px py pz\n" + b"1 2 -20\n" * 100_000
    (tmp_path / "f").write_bytes(PACKED[kind](content))
    message = refusal(tmp_path / "f", beams="hera")
    assert f"{kind} file that grows" in message
    assert "above 100" in message


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_lines_without_end_are_refused(tmp_path, monkeypatch, pack):
    monkeypatch.setattr(compressed, "LONGEST_LINE", 2**20)
    (tmp_path / "f").write_bytes(pack(b"px,py,pz\n" + b"1" * 3 * 2**20))
    assert "a line longer than 1 MiB" in refusal(tmp_path / "f", beams="hera")


def test_limits_let_real_files_pass():
    assert compressed.MAX_RATIO == 1_000
    assert compressed.FREE == 100_000_000
    assert compressed.LONGEST_LINE == 64 * 2**20


def test_gzip_written_twice_is_the_same_file(table, tmp_path):
    for name in ("a.csv.gz", "b.csv.gz"):
        write(table, tmp_path / name)
    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "b.csv.gz").read_bytes()
    assert gzip.decompress((tmp_path / "a.csv.gz").read_bytes()).startswith(b"# fatgan: {")
    assert same_momenta(read(tmp_path / "a.csv.gz"), table)
