"""Precision, recall, density, coverage and memorisation: nearest neighbours, counted by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fatgan.errors import DataError
from fatgan.images.scores import memorisation as memorisation_module
from fatgan.images.scores import precision_recall as precision_recall_module
from fatgan.images.scores.jackknife import jackknife_error
from fatgan.images.scores.memorisation import memorisation, nearest
from fatgan.images.scores.precision_recall import neighbourhoods


def column(*numbers):
    return np.array(numbers, dtype=float)[:, None]


def slow(real, generated, k):
    """Return the four scores by their definitions, image by image."""

    distances = np.array([[math.dist(x, y) for y in generated] for x in real])

    def radii(sample):
        return [sorted(math.dist(a, b) for b in sample)[k] for a in sample]

    within = np.array([row <= r for row, r in zip(distances, radii(real), strict=True)])
    theirs = np.array([row <= r for row, r in zip(distances.T, radii(generated), strict=True)])
    precision, recall, coverage = (
        np.mean([any(row) for row in rows]) for rows in (within.T, theirs.T, within)
    )
    return precision, recall, np.sum(within) / (k * len(generated)), coverage


def values(found):
    return found.precision[0], found.recall[0], found.density[0], found.coverage[0]


def test_the_four_scores_of_points_on_a_line_are_those_counted_by_hand():
    real = column(*range(0, 80, 2))
    generated = column(*range(1, 41))
    found = neighbourhoods(real, generated, k=1)
    # Real balls are +-2 and hold up to 5 numbers from 1 to 40: of 0 two, of 2 four, of 4 ... 38
    # five, of 40 three, of 42 one. Generated balls are +-1 and hold the even numbers to 40 and 0.
    assert values(found) == pytest.approx((1, 21 / 40, (2 + 4 + 18 * 5 + 3 + 1) / 40, 22 / 40))


@pytest.mark.parametrize("chunk", [1, 700, 4_000_000])
def test_the_four_scores_are_their_definitions_whatever_the_chunks(chunk, monkeypatch):
    monkeypatch.setattr(precision_recall_module, "CHUNK", chunk)
    rng = np.random.default_rng(1)
    real, generated = rng.normal(size=(43, 3)), rng.normal(0.8, 0.7, size=(40, 3))
    assert values(neighbourhoods(real, generated, 3)) == pytest.approx(slow(real, generated, 3))


def test_disjoint_supports_have_nothing_in_common():
    rng = np.random.default_rng(2)
    found = neighbourhoods(rng.normal(size=(50, 2)), rng.normal(1e3, 1, size=(50, 2)))
    assert values(found) == (0, 0, 0, 0)


def test_the_errors_are_those_of_the_scores_without_a_block():
    rng = np.random.default_rng(6)
    real, generated = rng.normal(size=(45, 3)), rng.normal(0.8, 0.7, size=(41, 3))
    blocks = zip(*(np.array_split(np.arange(len(s)), 20) for s in (real, generated)), strict=True)
    left = [slow(np.delete(real, a, 0), np.delete(generated, b, 0), 2) for a, b in blocks]
    found = neighbourhoods(real, generated, 2)
    errors = [getattr(found, name)[1] for name in ("precision", "recall", "density", "coverage")]
    assert errors == pytest.approx([jackknife_error(values) for values in np.transpose(left)])


def test_a_sample_covers_itself():
    sample = np.random.default_rng(3).normal(size=(50, 2))
    found = neighbourhoods(sample, sample)
    # the ball of an image holds itself and its five neighbours
    assert values(found) == pytest.approx((1, 1, 6 / 5, 1))


def test_a_sample_of_one_mode_of_two_is_precise_and_recalls_half():
    rng = np.random.default_rng(4)
    modes = rng.normal(size=(60, 2)), rng.normal(1e3, 1, size=(60, 2))
    found = neighbourhoods(np.concatenate(modes), modes[0])
    assert (found.precision[0], found.recall[0], found.coverage[0]) == (1, 0.5, 0.5)


def test_the_four_scores_are_blind_to_order():
    rng = np.random.default_rng(5)
    real, generated = rng.normal(size=(40, 3)), rng.normal(0.5, 1, size=(45, 3))
    mixed = neighbourhoods(rng.permutation(real), rng.permutation(generated))
    assert values(mixed) == pytest.approx(values(neighbourhoods(real, generated)))


def test_too_few_neighbours_are_refused():
    with pytest.raises(DataError, match="with errors need 40 images a side, not 50 and 39"):
        neighbourhoods(np.zeros((50, 2)), np.zeros((39, 2)))


def noise_images(n, seed):
    return np.random.default_rng(seed).integers(0, 256, size=(n, 4, 4, 1), dtype=np.uint8)


@pytest.mark.parametrize("chunk", [1, 700, 4_000_000])
def test_the_nearest_training_image_is_found_exactly(chunk, monkeypatch):
    monkeypatch.setattr(memorisation_module, "CHUNK", chunk)
    images, training = noise_images(20, 1), noise_images(35, 2)
    images[7] = training[30]
    differences = images[:, None].astype(float) - training[None]
    distances = np.sqrt(np.mean(differences**2, axis=(2, 3, 4)))
    found = nearest(images, training)
    assert np.array_equal(found.rows, distances.argmin(axis=1))
    assert found.distances == pytest.approx(distances.min(axis=1), rel=1e-12)
    assert found.distances[7] == 0


def test_copies_are_counted_and_named():
    training, held_out, generated = (noise_images(n, n) for n in (300, 200, 100))
    generated[:5] = training[[9, 8, 7, 6, 5]]
    found = memorisation(generated, training, held_out)
    assert found.generated.rows[:5].tolist() == [9, 8, 7, 6, 5]
    assert found.copies[0] == 0.05
    assert found.held_out_copies[0] == 0
    assert found.share[0] >= 0.05
    assert found.floor[0] == pytest.approx(0.01)


def test_slightly_changed_copies_are_near_though_no_copies():
    training, held_out, generated = (noise_images(n, n) for n in (300, 200, 100))
    generated[:30] = training[:30] ^ 1
    found = memorisation(generated, training, held_out)
    assert found.copies[0] == 0
    assert found.share[0] - 3 * found.share[1] > found.floor[0] + 3 * found.floor[1]


def test_images_of_the_same_law_are_no_nearer_than_unseen_ones():
    found = memorisation(noise_images(1000, 3), noise_images(300, 4), noise_images(1000, 5))
    # 10 +- 3 of either are expected below the quantile: five sigma of the difference
    assert abs(found.share[0] - 0.01) < 5 * np.hypot(found.share[1], found.floor[1])


def test_images_of_other_sizes_have_no_distance():
    with pytest.raises(DataError, match=r"\(4, 4, 1\) have no distance"):
        nearest(noise_images(3, 0), np.zeros((3, 5, 4, 1), np.uint8))
