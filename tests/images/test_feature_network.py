"""The feature network of a data set: what it learns, what it is called, where it is kept."""

from __future__ import annotations

import logging
import math
from dataclasses import replace

import keras
import numpy as np
import pytest
from sklearn.datasets import load_digits

from fatgan.errors import DataError
from fatgan.images.image_set import ImageSet
from fatgan.images.scores import augmentation, classifier
from fatgan.images.scores.classifier import feature_network
from fatgan.images.scores.convnet import convnet
from fatgan.images.scores.inception import WEIGHTS, as_colour, inception_network
from fatgan.images.scores.tasks import task

STEPS = 150


@pytest.fixture(scope="module")
def digits() -> tuple[ImageSet, ImageSet]:
    """Training and held-out digits of scikit-learn, 8 x 8."""
    data = load_digits()
    images = np.rint(data.images * (255 / 16)).astype(np.uint8)[..., None]
    return ImageSet("digits8", images, data.target.astype(np.int64)).split(400, seed=1)


@pytest.fixture(scope="module", autouse=True)
def cache(tmp_path_factory):
    """A cache of these tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("cache")
        patch.setenv("XDG_CACHE_HOME", str(folder))
        yield folder


@pytest.fixture(scope="module")
def network(digits, cache):
    return feature_network(*digits, steps=STEPS)


@pytest.fixture
def no_training(monkeypatch):
    def refuse(*_):
        raise AssertionError("it trains")

    monkeypatch.setattr(classifier, "_trained", refuse)


def test_digits_are_told_apart(network, digits):
    _, held_out = digits
    right = network.probabilities(held_out.images).argmax(axis=1) == held_out.labels
    assert network.accuracy.value == right.mean() > 0.95
    assert network.accuracy.number == 400
    share = f"{100 * right.mean():.1f}"
    assert network.name == f"cnn trained on digits8 ({share} % on 400 held-out images)"
    assert network.classes == tuple("0123456789")


def test_features_and_probabilities_have_their_shapes(network, digits):
    features, probabilities = network.evaluate(digits[1].images[:30])
    assert features.shape == (30, network.dimension) == (30, 64)
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(30), abs=1e-5)


def test_a_stored_network_is_not_trained_again(network, digits, no_training):
    again = feature_network(*digits, steps=STEPS)
    images = digits[1].images
    assert (again.name, again.accuracy) == (network.name, network.accuracy)
    assert np.array_equal(again.features(images), network.features(images))


@pytest.mark.parametrize("change", ["seed", "labels", "images", "held_out"])
def test_other_data_or_another_seed_are_another_network(network, digits, no_training, change):
    training, held_out = digits
    seed = 1 if change == "seed" else 0
    if change == "labels":
        training = replace(training, labels=training.labels[::-1])
    if change == "images":
        training = replace(training, images=255 - training.images)
    if change == "held_out":
        held_out = held_out[:300]
    with pytest.raises(AssertionError, match="it trains"):
        feature_network(training, held_out, seed=seed, steps=STEPS)


def test_a_damaged_network_is_trained_anew(digits, tmp_path, monkeypatch, caplog):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    trained = []

    def train(learned, seed, steps):
        trained.append(steps)
        return convnet((8, 8, 1), learned.count, seed)

    monkeypatch.setattr(classifier, "_trained", train)
    feature_network(*digits, steps=1)
    (folder,) = (tmp_path / "fatgan" / "features").iterdir()
    (folder / "generator.keras").write_bytes(b"not this")
    with caplog.at_level(logging.WARNING, logger="fatgan"):
        feature_network(*digits, steps=1)
    assert "trained anew" in caplog.text
    feature_network(*digits, steps=1)
    assert trained == [1, 1]


def test_without_a_cache_equal_seeds_give_equal_networks(
    network, digits, tmp_path, monkeypatch, caplog
):
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    keras.utils.set_random_seed(99)
    again = feature_network(*digits, steps=STEPS)
    assert "not kept for the next time" in caplog.text
    images = digits[1].images
    assert np.array_equal(again.features(images), network.features(images))


def test_images_without_labels_are_told_by_their_rotation(digits):
    training, held_out = (replace(part, labels=None) for part in digits)
    network = feature_network(training, held_out, steps=STEPS)
    assert network.name.startswith("cnn trained to tell rotations of digits8 (")
    assert network.classes == ()
    # chance is 0.25, and a 0 or an 8 looks alike upside down
    assert network.accuracy.value > 0.6


def test_one_class_alone_is_none(digits):
    training, held_out = digits
    alone = replace(training, labels=np.zeros_like(training.labels))
    assert task(alone, held_out, 0).classes == ()


def test_images_are_turned_by_quarters_where_they_are_square_else_by_halves():
    images = np.arange(2 * 4 * 4, dtype=np.uint8).reshape(2, 4, 4, 1)
    square = task(ImageSet("a", images), ImageSet("a", images), 0)
    assert np.array_equal(np.unique(square.labels, return_counts=True), ([0, 1, 2, 3], [2] * 4))
    for image, label in zip(square.held_out_images, square.held_out_labels, strict=True):
        back = np.rot90(image, -label)
        assert any(np.array_equal(back, original) for original in images)
    flat = task(ImageSet("a", images[:, :2]), ImageSet("a", images[:, :2]), 0)
    assert (flat.count, flat.images.shape) == (2, (4, 2, 4, 1))


def test_sets_that_do_not_belong_together_are_refused(digits):
    training, held_out = digits
    with pytest.raises(DataError, match="the held-out images need labels"):
        task(training, replace(held_out, labels=None), 0)
    with pytest.raises(DataError, match="both must be of one data set"):
        task(training, replace(held_out, images=held_out.images[:, :4]), 0)


@pytest.mark.parametrize("shape", [(8, 8, 1), (30, 20, 3), (64, 64, 1)])
def test_the_network_takes_images_of_any_size(shape):
    outputs = convnet(shape, 5, seed=1).output
    assert outputs["features"].shape == (None, 64)
    assert outputs["probabilities"].shape == (None, 5)


@pytest.mark.parametrize(
    ("largest", "expected"),
    [
        ({"TURN": math.pi}, lambda x: np.rot90(x, axes=(1, 2))),
        ({"SHIFT": 4.0}, lambda x: np.pad(x, ((0, 0), (0, 2), (0, 2), (0, 0)), "edge")[:, 2:, 2:]),
        ({}, lambda x: x),
    ],
)
def test_augmented_images_are_turned_and_shifted_by_what_is_drawn(largest, expected, monkeypatch):
    for name in ("TURN", "SHIFT", "ZOOM"):
        monkeypatch.setattr(augmentation, name, largest.get(name, 0.0))
    monkeypatch.setattr(augmentation, "uniform", lambda shape, _: np.full((3, 4), 0.75, "float32"))
    images = np.random.default_rng(1).integers(0, 256, (3, 20, 20, 1), dtype=np.uint8)
    # a quarter turn is 1e-6 of a pixel off
    assert augmentation.augmented(images, 0, 0).numpy() == pytest.approx(expected(images), abs=0.1)


def test_augmentation_is_a_function_of_seed_and_step_and_spares_small_images():
    images = np.random.default_rng(1).integers(0, 256, (3, 20, 20, 1), dtype=np.uint8)
    first, again, other = (augmentation.augmented(images, 0, i).numpy() for i in (5, 5, 6))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)
    assert np.array_equal(augmentation.augmented(images[:, :19], 0, 0), images[:, :19])


def test_inception_without_its_weights_says_where_they_belong(tmp_path, monkeypatch):
    monkeypatch.setenv("KERAS_HOME", str(tmp_path))
    with pytest.raises(DataError, match=f"{tmp_path}/models/{WEIGHTS}: the weights of Inception"):
        inception_network()


def test_other_files_are_no_weights_of_inception(tmp_path):
    path = tmp_path / "weights.h5"
    path.write_text("no")
    with pytest.raises(DataError, match="not an HDF5 file"):
        inception_network(path)


def test_grey_images_get_three_equal_channels():
    grey = np.arange(8, dtype=np.uint8).reshape(1, 2, 4, 1)
    colour = as_colour(grey)
    assert colour.shape == (1, 2, 4, 3)
    assert np.array_equal(colour[..., 2:], grey)
    assert as_colour(colour) is colour
