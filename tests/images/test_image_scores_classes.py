"""Inception Score, scores of classes and the error of a share against closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from fatgan.errors import DataError
from fatgan.images.scores.binomial import binomial_error
from fatgan.images.scores.classes import class_scores
from fatgan.images.scores.inception_score import inception_score


def test_sure_and_equally_frequent_classes_score_their_number():
    mean, spread = inception_score(np.tile(np.eye(7), (20, 1)))
    assert mean == pytest.approx(7)
    assert spread == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("row", [np.full(10, 0.1), np.eye(10)[3]])
def test_images_that_are_all_alike_score_one(row):
    assert inception_score(np.tile(row, (50, 1)))[0] == pytest.approx(1)


def test_the_score_of_one_part_is_its_formula():
    rows = np.random.default_rng(1).dirichlet(np.ones(4), size=30)
    mean = rows.mean(axis=0)
    expected = math.exp(np.mean([stats.entropy(row, mean) for row in rows]))
    assert inception_score(rows, splits=1) == (pytest.approx(expected), 0)
    assert inception_score(rows[::-1], splits=1)[0] == pytest.approx(expected)


def test_mean_and_spread_are_those_of_the_parts():
    rows = np.random.default_rng(2).dirichlet(np.ones(4), size=40)
    parts = [inception_score(part, splits=1)[0] for part in np.split(rows, 10)]
    expected = np.mean(parts), np.std(parts, ddof=1)
    assert inception_score(rows) == pytest.approx(expected)


def test_fewer_images_than_parts_are_refused():
    with pytest.raises(DataError, match="10 parts needs as many images, not 9"):
        inception_score(np.eye(9))


def test_sure_images_classes_and_entropy_are_counted():
    rows = np.array([[0.95, 0.05, 0], [0.05, 0.95, 0], [0.6, 0.4, 0], [0.3, 0.7, 0]])
    found = class_scores(rows)
    assert found.confident[0] == 0.5
    assert found.present[0] == 2
    assert found.entropy[0] == pytest.approx(math.log(2))


def test_one_class_alone_has_no_entropy():
    found = class_scores(np.tile([0.0, 1.0, 0.0], (50, 1)))
    assert found.present == (1, 0)
    assert found.entropy[0] == 0


@pytest.mark.parametrize("shares", [[0.25] * 4, [0.7, 0.2, 0.05, 0.05]])
def test_the_errors_of_class_scores_are_the_spread_between_samples(shares):
    rng = np.random.default_rng(3)
    samples = [class_scores(np.eye(4)[rng.choice(4, 60, p=shares)]) for _ in range(400)]
    for name in ("present", "entropy"):
        values, errors = np.transpose([getattr(sample, name) for sample in samples])
        # a spread of 400 values is known to 4 % for normal ones; few classes are ever missed
        assert np.mean(errors) == pytest.approx(values.std(), rel=0.3, abs=0.1)


@pytest.mark.parametrize(("count", "number"), [(0, 100), (37, 100), (100, 100), (2, 5)])
def test_the_error_of_a_share_is_the_deviation_of_jeffreys_posterior(count, number):
    expected = stats.beta(count + 0.5, number - count + 0.5).std()
    assert binomial_error(count / number, number) == pytest.approx(expected)
