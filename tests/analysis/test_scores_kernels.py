"""The Fréchet distance and the kernels: closed forms, brute force, and no bias of finite size."""

import numpy as np
import pytest
from permuted import measured, weighted
from scipy import linalg
from scipy.spatial.distance import cdist, pdist

from analysis.comparison import Comparison
from analysis.features import SMOOTH
from analysis.scores import mmd
from analysis.scores.mmd import GaussianMMD
from analysis.scores.permutation import Blocks
from analysis.scores.physics_distances import FrechetDistance, KernelDistance, frechet_of_normals

DIMENSIONS = len(SMOOTH)


def test_frechet_distance_of_normals_is_the_closed_form(normals):
    rng = np.random.default_rng(3)
    roots = rng.normal(size=(2, 4, 4))
    mu, nu = rng.normal(size=(2, 4))
    a, b = (root @ root.T for root in roots)
    expected = np.sum((mu - nu) ** 2) + np.trace(a + b - 2 * linalg.sqrtm(a @ b).real)
    assert frechet_of_normals(mu, a, nu, b) == pytest.approx(expected)
    comparison, shift = normals
    (found,) = FrechetDistance().measure(comparison)
    assert found.value == pytest.approx(shift @ shift, abs=4 * found.error)  # alarm 6e-5


def test_frechet_distance_has_no_bias_of_finite_size(truth):
    values = []
    for seed in range(10):
        comparison = Comparison(truth(400, 2 * seed), truth(400, 2 * seed + 1), seed=seed)
        (found,) = FrechetDistance().measure(comparison)
        values.append(found.value)
    spread = np.std(values, ddof=1) / 10**0.5
    plain = 2 * DIMENSIONS / 400  # of the means alone, without the line in 1/N
    assert np.mean(values) == pytest.approx(0, abs=4 * spread)
    assert spread < plain


def u_statistic(kernel, w):
    """The mean of a kernel over pairs of different events, with weights, by brute force."""
    pairs = np.outer(w, w)
    np.fill_diagonal(pairs, 0)
    return np.sum(pairs * kernel) / pairs.sum()


def brute_force_mmd2(a, b, kernel, w_a, w_b):
    cross = w_a @ kernel(a, b) @ w_b / (w_a.sum() * w_b.sum())
    return u_statistic(kernel(a, a), w_a) + u_statistic(kernel(b, b), w_b) - 2 * cross


@pytest.mark.parametrize("scheme", ["none", "both signs"])
def test_kernel_distance_equals_brute_force(truth, scheme):
    rng = np.random.default_rng(4)
    tables = truth(200, 1), truth(200, 2)
    w = np.ones((2, 200))
    if scheme == "both signs":
        w[:, :4] = -1  # as many effective events on both sides, and in one block each
        w = rng.permuted(w, axis=1)
        tables = [weighted(table, row) for table, row in zip(tables, w, strict=True)]
    comparison = Comparison(*tables)
    assert Blocks(comparison).sizes == (200, 200)
    (found,) = KernelDistance().measure(comparison)
    expected = brute_force_mmd2(
        *comparison.standardised, lambda x, y: (x @ y.T / DIMENSIONS + 1) ** 4, *w
    )
    assert found.value == pytest.approx(expected, rel=1e-9)


def test_mmd_equals_brute_force_within_the_error_of_its_features(normals):
    comparison, _ = normals
    a, b = comparison.standardised
    median = np.median(pdist(np.concatenate([a[:1000], b[:1000]])))
    for (name, found), factor in zip(
        measured(GaussianMMD(), comparison).items(), (2, 1, 0.5), strict=True
    ):
        assert name == f"MMD^2 ({factor:g} median)"
        scale = 2 * (factor * median) ** 2
        expected = brute_force_mmd2(
            a,
            b,
            lambda x, y, scale=scale: np.exp(-cdist(x, y, "sqeuclidean") / scale),
            np.ones(len(a)),
            np.ones(len(b)),
        )
        # 9 % is one standard deviation
        assert found.value == pytest.approx(expected, rel=0.35)


def test_fourier_features_give_kernels_of_three_widths():
    rng = np.random.default_rng(0)
    columns = rng.normal(size=(3, 50))
    features = mmd.fourier_features(columns, rng.normal(size=(20_000, 3)) / 4)
    for part, width in zip(np.split(features, 3), (4, 2, 1), strict=True):
        expected = np.exp(-cdist(columns.T, columns.T, "sqeuclidean") / (2 * width**2))
        # 1225 pairs, each with an error below 1/sqrt(40,000): a false alarm of 1e-5
        np.testing.assert_allclose(part.T @ part, expected, atol=6 / 200)
        np.testing.assert_allclose(np.sum(part**2, axis=0), 1, atol=1e-4)
