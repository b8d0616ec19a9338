"""Everything a user can get wrong with images: one line that says what, where and what to do."""

from __future__ import annotations

import gzip
import struct

import numpy as np
import pytest
from image_samples import drawing, idx_bytes, random_images, refusal, write_idx, write_pngs
from PIL import Image

from fatgan.errors import ConfigError, FatganError, SchemaError
from fatgan.images.datasets import load
from fatgan.images.datasets.readers import opening


def test_an_unknown_name_is_told_the_near_ones():
    message = refusal("digit8", SchemaError)
    assert message == "no data set or file 'digit8'; did you mean 'digits8'?"
    assert "known: digits8, mnist5k, fashion, flamingos, mnist" in refusal("zzz", SchemaError)


@pytest.mark.parametrize("limit", [0, -3])
def test_a_limit_below_one(limit):
    assert refusal("digits8", ConfigError, limit=limit).startswith(f"limit {limit}: at least 1")


def test_a_missing_file(tmp_path):
    path = tmp_path / "f.npz"
    assert refusal(str(path)) == f"{path}: no such file or folder"
    assert refusal("mnist.npz") == "mnist.npz: no such file or folder"


@pytest.mark.parametrize("content", [b"", gzip.compress(b"")], ids=["bare", "packed"])
def test_an_empty_file(tmp_path, content):
    (tmp_path / "f").write_bytes(content)
    assert refusal(tmp_path / "f") == f"{tmp_path / 'f'}: the file is empty"


@pytest.mark.parametrize("content", [b"px,py,pz\n1,2,3\n", b"root" + bytes(60), b"\0\0\x63\x03"])
def test_an_unknown_format(tmp_path, content):
    (tmp_path / "f.npy").write_bytes(content)
    assert "of no known format (idx, npz, npy, ndjson, or a folder" in refusal(tmp_path / "f.npy")


def test_one_image_instead_of_a_folder(tmp_path):
    write_pngs(tmp_path, random_images(1))
    assert "one image is no data set; give the folder" in refusal(tmp_path / "000.png")


def test_damaged_gzip_files(tmp_path):
    content = gzip.compress(idx_bytes(random_images(50)[..., 0]))
    (tmp_path / "f.gz").write_bytes(content[: len(content) // 2])
    assert "truncated or damaged gzip file" in refusal(tmp_path / "f.gz")
    (tmp_path / "f.gz").write_bytes(content[:40] + bytes(40) + content[80:])
    assert "truncated or damaged gzip file" in refusal(tmp_path / "f.gz")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (idx_bytes(random_images()[..., 0])[:-1], "384 bytes are declared, only 383 are there"),
        (idx_bytes(random_images()[..., 0]) + b"\0", "384 bytes are declared, there are more"),
        (idx_bytes(random_images()[..., 0])[:13], "header is incomplete"),
        (idx_bytes(random_images()[..., 0], code=0x0D), "idx type 0x0d; only unsigned bytes"),
        (idx_bytes(np.zeros(5, np.uint8)), "1 dimensions; images have 3 or 4"),
        (idx_bytes(np.zeros((0, 8, 8), np.uint8)), "no image in it"),
    ],
)
def test_idx_files_that_are_not_images(tmp_path, content, says):
    (tmp_path / "f-images-idx3-ubyte").write_bytes(content)
    message = refusal(tmp_path / "f-images-idx3-ubyte")
    assert message.startswith(str(tmp_path / "f-images-idx3-ubyte"))
    assert says in message


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_headers_that_declare_absurd_sizes_are_not_believed(tmp_path, pack):
    header = struct.pack(">BBBB3I", 0, 0, 8, 3, 2**32 - 1, 2**16, 2**16)
    (tmp_path / "f").write_bytes(pack(header + bytes(100)))
    assert "more than 4 GiB" in refusal(tmp_path / "f")
    header = struct.pack(">BBBB3I", 0, 0, 8, 3, 2**20, 2**5, 2**6)
    (tmp_path / "f").write_bytes(pack(header + bytes(100)))
    assert "2,147,483,648 bytes are declared, only 100" in refusal(tmp_path / "f")


def test_packed_content_that_unpacks_to_more_than_declared_is_not_unpacked(tmp_path, monkeypatch):
    taken = []
    monkeypatch.setattr(opening, "_BLOCK", 1000)
    true_read = gzip.GzipFile.read
    monkeypatch.setattr(
        gzip.GzipFile, "read", lambda self, n=-1: taken.append(n) or true_read(self, n)
    )
    header = struct.pack(">BBBB3I", 0, 0, 8, 3, 3, 8, 8)
    (tmp_path / "f.gz").write_bytes(gzip.compress(header + bytes(10**7)))
    assert "192 bytes are declared, there are more" in refusal(tmp_path / "f.gz")
    assert max(taken) <= 193


def test_labels_of_idx_files_that_do_not_match(tmp_path):
    path = write_idx(tmp_path / "a-images-idx3-ubyte", random_images()[..., 0])
    labels = write_idx(tmp_path / "a-labels-idx1-ubyte", np.zeros(5, np.uint8))
    assert refusal(path).startswith(f"{labels}: 5 labels for 6 images")
    labels.write_bytes(path.read_bytes())
    assert refusal(path) == f"{labels}: an idx file of 3 dimensions; labels have 1"
    labels.write_bytes(b"hello")
    assert "not an idx file" in refusal(path)


def test_several_idx_files_of_which_none_is_for_training(tmp_path):
    for name in "ab":
        write_idx(tmp_path / f"{name}-images-idx3-ubyte", random_images()[..., 0])
    assert "give one of them: a-images-idx3-ubyte, b-images-idx3-ubyte" in refusal(tmp_path)


def test_a_folder_without_images(tmp_path):
    (tmp_path / "a.txt").write_text("hello")
    assert "no PNG or JPEG file in this folder" in refusal(tmp_path)


def test_a_folder_with_images_on_both_levels(tmp_path):
    write_pngs(tmp_path, random_images(2))
    write_pngs(tmp_path / "owl", random_images(2))
    assert "both in it and in its sub-folder 'owl'" in refusal(tmp_path)


def test_the_first_image_that_differs_is_named(tmp_path):
    write_pngs(tmp_path, random_images(5))
    Image.new("RGB", (8, 8)).save(tmp_path / "004.png")
    assert refusal(tmp_path).startswith(
        f"{tmp_path / '004.png'}: 8 x 8 RGB, but {tmp_path / '000.png'} is 8 x 8 grey;"
    )
    Image.new("L", (8, 7)).save(tmp_path / "003.png")
    assert refusal(tmp_path).startswith(f"{tmp_path / '003.png'}: 8 x 7 grey, but")


@pytest.mark.parametrize("mode", ["RGBA", "P", "I;16", "LA"])
def test_images_of_other_kinds_are_named(tmp_path, mode):
    Image.new(mode, (8, 8)).save(tmp_path / "a.png")
    assert f"{tmp_path / 'a.png'}: an image of Pillow's mode {mode}; only grey" in refusal(tmp_path)


def test_images_that_cannot_be_read_are_named(tmp_path):
    write_pngs(tmp_path, random_images(3, side=64))
    path = tmp_path / "002.png"
    path.write_bytes(path.read_bytes()[:200])
    assert refusal(tmp_path).startswith(f"{path}: cannot be read as an image (")
    path.write_bytes(b"hello")
    assert refusal(tmp_path).startswith(f"{path}: cannot be read as an image (")


def test_small_files_that_unpack_to_huge_images(tmp_path, monkeypatch):
    write_pngs(tmp_path, random_images(1, side=64))
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 3000)
    assert "cannot be read as an image" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{" + drawing([[[0], [0]]]), "no JSON object"),
        ('{"word": "owl"}', "no 'drawing' in it"),
        ("[1, 2]", "no 'drawing' in it"),
        (drawing([]), "a list of strokes"),
        (drawing([[[], []]]), "a list of strokes"),
        (drawing([[[0, 1], [0]]]), "a list of strokes"),
        (drawing([[["a"], ["b"]]]), "a list of strokes"),
        (drawing([[[10**400], [0]]]), "a list of strokes"),
        (drawing([[[0, 256], [0, 1]]]), "not a simplified drawing"),
        (drawing([[[float("nan")], [0]]]), "not a simplified drawing"),
        (drawing([[[0, 9], [0, 9], [0, 31]]]), "instead of the raw ones"),
    ],
)
def test_lines_that_are_no_simplified_drawing(tmp_path, line, says):
    (tmp_path / "f.ndjson").write_text(drawing([[[0, 9], [0, 9]]]) + "\n" + line + "\n")
    message = refusal(tmp_path / "f.ndjson")
    assert message.startswith(f"{tmp_path / 'f.ndjson'}, line 2: ")
    assert says in message


def test_a_file_of_drawings_that_were_not_recognised(tmp_path):
    (tmp_path / "f.ndjson").write_text(drawing([[[0, 9], [0, 9]]], recognised=False))
    assert "no recognised drawing in it (1 that were not" in refusal(tmp_path / "f.ndjson")


@pytest.mark.parametrize("name", ["f-images-idx3-ubyte.gz", "f.npy", "f.npz", "f.ndjson"])
def test_whatever_bytes_are_damaged_the_answer_is_images_or_one_line(tmp_path, name):
    path = tmp_path / name
    if "idx" in name:
        write_idx(path, random_images()[..., 0])
    elif name.endswith("npy"):
        np.save(path, random_images())
    elif name.endswith("npz"):
        np.savez_compressed(path, images=random_images(), labels=np.arange(6))
    else:
        path.write_text("\n".join([drawing([[[0, 9], [0, 9]]])] * 3))
    content = np.frombuffer(path.read_bytes(), np.uint8)
    rng = np.random.default_rng(7)
    refusals = []
    for _ in range(150):
        damaged = content[: rng.integers(1, len(content) + 1)].copy()
        places = rng.integers(0, len(damaged), rng.integers(0, 4))
        damaged[places] = rng.integers(0, 256, len(places))
        path.write_bytes(damaged.tobytes())
        try:
            load(path)
        except FatganError as error:
            refusals.append(str(error))
    assert len(refusals) > 30
    assert not any("\n" in refusal for refusal in refusals)
