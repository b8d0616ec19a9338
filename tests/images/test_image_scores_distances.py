"""Frechet and kernel distance against closed forms and slow references."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import linalg, stats

from fatgan.errors import DataError
from fatgan.images.scores.frechet import frechet, frechet_distance
from fatgan.images.scores.jackknife import jackknife_error
from fatgan.images.scores.kernel_distance import kernel_distance


def exact_sample(mean, covariance, n, seed):
    """Return rows whose mean and covariance are the given ones, not only on average."""
    rows = np.random.default_rng(seed).normal(size=(n, len(mean)))
    rows -= rows.mean(axis=0)
    white = rows @ np.linalg.inv(np.linalg.cholesky(np.cov(rows.T))).T
    return white @ np.linalg.cholesky(covariance).T + mean


def random_covariance(d, seed):
    root = np.random.default_rng(seed).normal(size=(d, d))
    return root @ root.T / d + 0.1 * np.eye(d)


def test_the_frechet_distance_of_two_gaussians_is_its_closed_form():
    means = np.array([0.0, 1.0, -2.0, 0.5]), np.array([0.3, 1.0, -1.0, 0.0])
    covariances = random_covariance(4, 1), random_covariance(4, 2)
    x, y = (
        exact_sample(*pair, 60, seed)
        for seed, pair in enumerate(zip(means, covariances, strict=True))
    )
    root = linalg.sqrtm(covariances[0] @ covariances[1]).real
    expected = np.sum((means[0] - means[1]) ** 2) + np.trace(sum(covariances) - 2 * root)
    assert frechet_distance(x, y) == pytest.approx(expected, rel=1e-9)


def test_the_frechet_distance_of_commuting_covariances_is_that_of_their_deviations():
    deviations = np.array([1.0, 2.0, 0.5]), np.array([3.0, 0.1, 0.5])
    x, y = (exact_sample(np.zeros(3), np.diag(s**2), 50, 3) for s in deviations)
    expected = np.sum((deviations[0] - deviations[1]) ** 2)
    assert frechet_distance(x, y) == pytest.approx(expected, rel=1e-9)


def test_the_frechet_distance_holds_where_there_are_fewer_images_than_features():
    rng = np.random.default_rng(4)
    x, y = rng.normal(size=(8, 20)), rng.normal(1, 2, size=(11, 20))
    root = linalg.sqrtm(np.cov(x.T) @ np.cov(y.T) + 1e-14 * np.eye(20)).real
    traces = np.trace(np.cov(x.T) + np.cov(y.T) - 2 * root)
    expected = np.sum((x.mean(axis=0) - y.mean(axis=0)) ** 2) + traces
    assert frechet_distance(x, y) == pytest.approx(expected, rel=1e-5)


def test_the_frechet_distance_is_symmetric_blind_to_order_and_zero_for_equal_samples():
    rng = np.random.default_rng(5)
    x, y = rng.normal(size=(100, 6)), rng.normal(0.2, 1.1, size=(80, 6))
    value = frechet_distance(x, y)
    assert frechet_distance(y, x) == pytest.approx(value, rel=1e-9)
    assert frechet_distance(rng.permutation(x), y) == pytest.approx(value, rel=1e-9)
    assert frechet_distance(x, x[::-1]) == pytest.approx(0, abs=1e-10)


def test_the_frechet_distance_of_single_images_is_refused():
    with pytest.raises(DataError, match="two images a side, not 1 and 5"):
        frechet_distance(np.zeros((1, 2)), np.zeros((5, 2)))


@pytest.mark.parametrize("score", [frechet, kernel_distance])
def test_the_errors_of_distances_are_the_spread_between_samples(score):
    rng = np.random.default_rng(6)
    pairs = [(rng.normal(size=(100, 3)), rng.normal(0.5, 1.2, (100, 3))) for _ in range(80)]
    values, errors = np.transpose([score(x, y) for x, y in pairs])
    # the spread of 80 values is known to 8 %: five sigma
    assert np.mean(errors) == pytest.approx(values.std(ddof=1), rel=0.4)


def test_the_jackknife_of_a_mean_is_its_standard_error():
    values = np.random.default_rng(7).normal(size=40)
    without = [np.delete(values, i).mean() for i in range(40)]
    assert jackknife_error(without) == pytest.approx(stats.sem(values))


def test_the_kernel_distance_is_the_sum_over_all_pairs():
    rng = np.random.default_rng(8)
    x, y = rng.normal(size=(41, 3)), rng.normal(0.5, 1, size=(45, 3))

    def kernel(a, b):
        return (sum(p * q for p, q in zip(a, b, strict=True)) / 3 + 1) ** 3

    def slow(x, y):
        within = (np.mean([kernel(a, b) for a, b in itertools.permutations(s, 2)]) for s in (x, y))
        return sum(within) - 2 * np.mean([kernel(a, b) for a, b in itertools.product(x, y)])

    value, error = kernel_distance(x, y)
    assert value == pytest.approx(slow(x, y), rel=1e-9)
    blocks = [np.array_split(np.arange(len(s)), 20) for s in (x, y)]
    left = [slow(np.delete(x, a, 0), np.delete(y, b, 0)) for a, b in zip(*blocks, strict=True)]
    assert error == pytest.approx(jackknife_error(left), rel=1e-6)


def test_the_kernel_distance_is_symmetric_and_blind_to_order():
    rng = np.random.default_rng(9)
    x, y = rng.normal(size=(60, 4)), rng.normal(size=(50, 4))
    value = kernel_distance(x, y)[0]
    assert kernel_distance(y, x)[0] == pytest.approx(value, rel=1e-9)
    assert kernel_distance(rng.permutation(x), y)[0] == pytest.approx(value, rel=1e-9)


def test_the_kernel_distance_between_halves_of_one_sample_is_zero_on_average():
    rng = np.random.default_rng(10)
    halves = (np.split(rng.normal(1, 1, size=(200, 5)), 2) for _ in range(100))
    values = np.array([kernel_distance(x, y)[0] for x, y in halves])
    # false alarms: one in 16,000
    assert abs(values.mean()) < 4 * stats.sem(values)
    assert values.min() < 0 < values.max()


def test_the_kernel_distance_of_few_images_is_refused():
    with pytest.raises(DataError, match="40 images a side, not 39 and 50"):
        kernel_distance(np.zeros((39, 2)), np.zeros((50, 2)))
