"""What NumPy's files can hold that is not images: one line that says what and what to do."""

from __future__ import annotations

import zipfile

import numpy as np
import pytest
from image_samples import random_images, refusal

from fatgan.errors import SchemaError


def refused_array(tmp_path, array) -> str:
    np.save(tmp_path / "f.npy", array)
    message = refusal(tmp_path / "f.npy")
    assert message.startswith(f"{tmp_path / 'f.npy'}: ")
    return message


@pytest.mark.parametrize(
    ("array", "says"),
    [
        (np.full((2, 8, 8), np.nan), "128 of 128 pixels are not finite"),
        (np.where(np.eye(8) > 0, np.inf, np.zeros((2, 8, 8))), "16 of 128 pixels are not finite"),
        (np.linspace(0, 16, 128).reshape(2, 8, 8), "float64 from 0 to 16"),
        (np.linspace(0, 1.5, 128).reshape(2, 8, 8), "float64 from 0 to 1.5"),
        (np.linspace(-1, 1.5, 128).reshape(2, 8, 8), "float64 from -1 to 1.5"),
        (np.linspace(-128, 127, 128).reshape(2, 8, 8).astype(np.int8), "int8 from -128 to 127"),
        (np.full((2, 8, 8), 300, np.uint16), "uint16 from 300 to 300"),
        (np.ones((2, 8, 8), np.uint8), "uint8 from 1 to 1, which could mean several things"),
        (np.zeros((2, 8, 8), complex), "pixels are complex128"),
        (np.full((2, 8, 8), "a"), "pixels are <U1"),
        (np.zeros((2, 8, 8), "M8[s]"), "pixels are datetime64[s]"),
        (np.zeros((2, 8), np.uint8), "shape (2, 8); images are (n, height, width)"),
        (np.zeros((), np.uint8), "shape ()"),
        (np.zeros((0, 8, 8), np.uint8), "no image in it (shape (0, 8, 8))"),
        (np.zeros((8, 8, 3), np.uint8), "that is one image"),
        (np.zeros((2, 8, 8, 4), np.uint8), "leave the fourth channel out"),
        (np.zeros((2, 3, 8, 8), np.uint8), "put the channels last: numpy.moveaxis(images, 1, -1)"),
        (np.zeros((2, 8, 8), [("r", "u1")]), "pixels are [('r', 'u1')]"),
        (np.zeros((2, 8, 8), [("π", "u1")]), "an array of named columns"),
    ],
)
@pytest.mark.filterwarnings("ignore:Stored array in format 3.0")
def test_arrays_that_are_not_images_for_sure(tmp_path, array, says):
    assert says in refused_array(tmp_path, array)


def test_python_objects_are_never_unpickled(tmp_path):
    class Trap:
        def __reduce__(self):
            return (pytest.fail, ("unpickled",))

    np.save(tmp_path / "f.npy", np.array([Trap()], dtype=object), allow_pickle=True)
    assert "Python objects, which are never unpickled" in refusal(tmp_path / "f.npy")
    np.savez(tmp_path / "f.npz", images=np.array([Trap()], dtype=object))
    message = refusal(tmp_path / "f.npz")
    assert message.startswith(f"{tmp_path / 'f.npz'}: 'images': an array of Python objects")


def test_truncated_npy_files(tmp_path):
    path = tmp_path / "f.npy"
    np.save(path, random_images())
    content = path.read_bytes()
    path.write_bytes(content[:-1])
    assert "384 bytes are declared, only 383 are there" in refusal(path)
    path.write_bytes(content[:50])
    assert "truncated or damaged NumPy array" in refusal(path)


def test_an_npy_header_that_declares_an_absurd_shape(tmp_path):
    path = tmp_path / "f.npy"
    np.save(path, random_images())
    # as many characters as before, so that the header's length still holds
    path.write_bytes(path.read_bytes().replace(b"(6, 8, 8, 1), }   ", b"(600000, 8, 80), }"))
    assert "384,000,000 bytes are declared, only 384 are there" in refusal(path)


def test_an_npz_file_without_an_array_of_images(tmp_path):
    np.savez(tmp_path / "f.npz", pictures=random_images(), labels=np.arange(6))
    assert refusal(tmp_path / "f.npz", SchemaError) == (
        f"{tmp_path / 'f.npz'}: no array is called images, x, x_train; there are: pictures, labels"
    )


@pytest.mark.parametrize(
    ("labels", "says"),
    [
        (np.arange(5), "'labels': 5 labels for 6 images"),
        (np.arange(6.0), "'labels': labels are float64"),
        (np.eye(6, dtype=int), "labels of shape (6, 6); one class number per image"),
        (np.arange(6) - 1, "a label is -1; class numbers count from 0"),
    ],
)
def test_labels_that_do_not_match(tmp_path, labels, says):
    np.savez(tmp_path / "f.npz", images=random_images(), labels=labels)
    assert says in refusal(tmp_path / "f.npz")


def test_zip_files_that_are_not_npz(tmp_path):
    with zipfile.ZipFile(tmp_path / "f.npz", "w") as archive:
        archive.writestr("images.npy", b"hello")
    assert "'images': truncated or damaged NumPy array" in refusal(tmp_path / "f.npz")
    content = (tmp_path / "f.npz").read_bytes()
    (tmp_path / "f.npz").write_bytes(content[:-8])
    assert "truncated or damaged npz file" in refusal(tmp_path / "f.npz")
