"""All scores of generated images, with a stand-in for the feature network."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from fatgan.errors import DataError
from fatgan.images.image_set import ImageSet
from fatgan.images.scores.features import INCEPTION, Accuracy, FeatureNetwork
from fatgan.images.scores.score import ImageScore, table
from fatgan.images.scores.scoring import score_images

CLASSES = ("dark", "bright")


def forward(images):
    """Return the means of the four quarters of an image, and how bright it is."""
    pixels = images[..., 0] / 255
    quarters = [half for row in np.split(pixels, 2, 1) for half in np.split(row, 2, 2)]
    features = np.stack([quarter.mean(axis=(1, 2)) for quarter in quarters], axis=1)
    bright = 1 / (1 + np.exp(-200 * (pixels.mean(axis=(1, 2)) - 0.5)))
    return features.astype(np.float32), np.stack([1 - bright, bright], axis=1)


def network(name="means of quarters", classes=CLASSES):
    return FeatureNetwork(name, 4, forward, classes, shape=(4, 4, 1))


def images(n, seed, highest=256):
    values = np.random.default_rng(seed).integers(0, highest, (n, 4, 4, 1), dtype=np.uint8)
    return ImageSet("noise", values)


def scored(generated, net=None, held_out=60):
    found = score_images(generated, images(300, 1), images(held_out, 2), net or network())
    return {score.name: score for score in found}


def test_every_score_says_what_it_compared():
    scores = scored(images(100, 3))
    assert list(scores) == [
        *("Frechet distance", "kernel distance", "precision", "recall", "density", "coverage"),
        *("classifier score", "confident share", "classes present", "class entropy"),
        *("near training", "copies of training"),
    ]
    for name, score in scores.items():
        pixels, alone = "training" in name, name.startswith(("class", "confident"))
        assert score.network == ("" if pixels else "means of quarters")
        assert (score.n_generated, score.n_real) == (60, 0 if alone else 60)
        assert json.loads(json.dumps(score.to_dict(), allow_nan=False))["value"] == score.value


def test_images_of_the_same_law_score_as_real_ones_do():
    for score in scored(images(400, 3), held_out=400).values():
        # seven scores that are not counts of nothing: false alarms of one in 10,000
        spread = math.hypot(score.error, score.floor_error)
        assert abs(score.value - score.floor) <= 4.2 * spread, score.name


def test_other_images_score_worse():
    scores = scored(images(100, 3, highest=60))
    for name in ("Frechet distance", "kernel distance", "precision", "coverage", "class entropy"):
        score = scores[name]
        sign = 1 if score.better == "lower" else -1
        excess = sign * (score.value - score.floor)
        assert excess > 4 * math.hypot(score.error, score.floor_error), name


def test_copies_of_training_images_are_found():
    score = scored(images(300, 1)[:100])["copies of training"]
    assert (score.value, score.floor, score.better) == (1, 0, "lower")


def test_only_inception_lends_its_name_to_scores():
    names = set(scored(images(100, 3), network(INCEPTION, ())))
    assert names >= {"FID", "KID", "Inception Score"}
    assert not names & {"Frechet distance", "kernel distance", "classifier score"}
    assert "class entropy" not in names


def test_a_network_without_classes_gives_no_scores_of_classes():
    names = set(scored(images(100, 3), network(classes=())))
    assert "Frechet distance" in names
    assert not names & {"classifier score", "confident share", "classes present", "class entropy"}


def test_too_few_images_are_refused():
    with pytest.raises(DataError, match="noise: 39 images are too few to score; give 40"):
        scored(images(39, 3))


def test_images_of_another_size_are_refused():
    other = ImageSet("other", np.zeros((50, 6, 4, 1), np.uint8))
    with pytest.raises(DataError, match=r"takes images of .* \(4, 4, 1\); these are \(6, 4, 1\)"):
        scored(other)


def test_numbers_are_no_images():
    with pytest.raises(DataError, match="takes bytes"):
        network().features(np.zeros((50, 4, 4, 1)))


def test_features_and_probabilities_are_those_of_one_pass():
    net, values = network(), images(5, 1).images
    both = net.evaluate(values)
    assert [part.dtype for part in both] == [float, float]
    assert np.array_equal(net.features(values), both[0])
    assert np.array_equal(net.probabilities(values), both[1])


def test_an_accuracy_has_its_binomial_error():
    # close to sqrt(p (1 - p)/n)
    assert Accuracy(0.98, 1000).error == pytest.approx(math.sqrt(0.98 * 0.02 / 1000), rel=0.02)


def test_the_table_names_every_network_once():
    first = ImageScore("FID", 3.21, 0.5, 1.0, 0.1, "lower", INCEPTION, 1000, 1000)
    second = ImageScore("classifier score", 9.5, 0.02, 9.7, 0.01, "higher", INCEPTION, 1000, 0)
    text = table([first, second])
    assert "| FID | 3.21 ± 0.5 | 1 ± 0.1 | lower | 1,000 / 1,000 |" in text
    assert "| classifier score | 9.5 ± 0.02 | 9.7 ± 0.01 | higher | 1,000 |" in text
    assert text.count(INCEPTION) == 1
