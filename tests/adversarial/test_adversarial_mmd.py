"""Both estimates of the MMD against loops, and as a statistic."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf

from fatgan.adversarial.mmd import MMD, linear_mmd2, unbiased_mmd2

WIDTHS = (0.1, 0.3, 1.0)


def kernel(a: np.ndarray, b: np.ndarray, widths: tuple[float, ...]) -> float:
    """The sum of Gaussian kernels of two points."""
    return sum(np.exp(-np.sum((a - b) ** 2) / (2 * w * w)) for w in widths)


def double_loop(x: np.ndarray, y: np.ndarray, widths: tuple[float, ...]) -> float:
    """The definition, pair by pair."""
    n = len(x)
    pairs = [(i, j) for i in range(n) for j in range(n)]
    own = sum(kernel(x[i], x[j], widths) + kernel(y[i], y[j], widths) for i, j in pairs if i != j)
    return own / (n * (n - 1)) - 2 * sum(kernel(x[i], y[j], widths) for i, j in pairs) / n**2


def draws(count: int, n: int, shift: float, seed: int, estimator=unbiased_mmd2) -> np.ndarray:
    """``count`` estimates from samples of size n, of which one is shifted."""
    rng = np.random.default_rng(seed)
    pairs = rng.normal(size=(count, 2, n, 2)).astype("float32")
    pairs[:, 1, :, 0] += shift

    @tf.function
    def estimates(pairs: tf.Tensor) -> tf.Tensor:
        return tf.map_fn(lambda pair: estimator(pair[0], pair[1], WIDTHS), pairs)

    return estimates(tf.constant(pairs)).numpy()


@pytest.mark.parametrize("dimension", [1, 3])
@pytest.mark.parametrize("widths", [WIDTHS, (0.5,)])
def test_it_is_the_double_loop(dimension, widths):
    rng = np.random.default_rng(1)
    x, y = rng.normal(0, 1, (20, dimension)), rng.normal(0.5, 1.5, (20, dimension))
    found = unbiased_mmd2(tf.constant(x, tf.float32), tf.constant(y, tf.float32), widths)
    assert float(found) == pytest.approx(double_loop(x, y, widths), abs=1e-5)


def test_far_from_the_origin_the_distances_keep_their_digits():
    """Features of order one lie within 8; |x|^2 + |y|^2 - 2 x.y loses digits there."""
    rng = np.random.default_rng(2)
    x, y = (7 + rng.normal(0, 0.3, (20, 3)) for _ in range(2))
    found = unbiased_mmd2(tf.constant(x, tf.float32), tf.constant(y, tf.float32), WIDTHS)
    assert float(found) == pytest.approx(double_loop(x, y, WIDTHS), abs=1e-3)


def test_equal_distributions_have_mean_zero():
    """1000 estimates from 32 rows; off by chance once in 15,000 (4 sigma)."""
    values = draws(1000, 32, 0.0, seed=3)
    error = values.std() / np.sqrt(len(values))
    # a biased estimate would be 3 kernels x 2/n = 0.19 above zero
    assert error < 0.01
    assert abs(values.mean()) < 4 * error


@pytest.mark.parametrize("n", [20, 21])
def test_the_linear_estimate_is_the_mean_over_disjoint_pairs(n):
    """Of an odd number of rows the last is left out."""
    rng = np.random.default_rng(7)
    x, y = rng.normal(0, 1, (n, 3)), rng.normal(0.5, 1.5, (n, 3))
    found = linear_mmd2(tf.constant(x, tf.float32), tf.constant(y, tf.float32), WIDTHS)
    half = n // 2
    terms = [
        kernel(x[i], x[j], WIDTHS)
        + kernel(y[i], y[j], WIDTHS)
        - kernel(x[i], y[j], WIDTHS)
        - kernel(x[j], y[i], WIDTHS)
        for i, j in zip(range(half), range(half, 2 * half), strict=True)
    ]
    assert float(found) == pytest.approx(np.mean(terms), abs=1e-6)


def test_the_linear_estimate_has_the_expectation_of_the_closed_form():
    """Normal samples a shift apart; 300 estimates from 256 rows, off once in 15,000 (4 sigma).

    E k(a, b) of a - b with mean d and variance 2 in each of two dimensions is
    w^2/(w^2 + 2) exp(-d^2/(2 w^2 + 4)).
    """
    shift = 0.8
    expected = sum(
        2 * w**2 / (w**2 + 2) * (1 - np.exp(-(shift**2) / (2 * w**2 + 4))) for w in WIDTHS
    )
    values = draws(300, 256, shift, seed=8, estimator=linear_mmd2)
    error = values.std() / np.sqrt(len(values))
    assert error < 0.1 * expected
    assert abs(values.mean() - expected) < 4 * error
    null = draws(300, 256, 0.0, seed=9, estimator=linear_mmd2)
    assert abs(null.mean()) < 4 * null.std() / np.sqrt(len(null))


def test_a_shift_is_seen():
    """A shift of 0.3 sigma in 512 rows lies 5 sigma above equal samples, in the mean of 20."""
    null, shifted = draws(50, 512, 0.0, seed=4), draws(20, 512, 0.3, seed=5)
    assert shifted.mean() > null.mean() + 5 * null.std()


def test_its_slope_pulls_the_samples_together():
    x = tf.random.stateless_normal((256, 2), (1, 2))
    y = tf.Variable(tf.random.stateless_normal((256, 2), (3, 4)) + tf.constant([0.5, 0.0]))
    with tf.GradientTape() as tape:
        value = MMD()(x, y)
    slope = tape.gradient(value, y).numpy().mean(axis=0)
    assert slope[0] > 5 * abs(slope[1])  # downhill is to the left, and nowhere else


def test_equal_points_have_finite_slopes():
    x = tf.Variable(tf.ones((8, 2)))
    with tf.GradientTape() as tape:
        value = MMD()(x, x + 0.0)
    assert np.isfinite(float(value))
    assert np.isfinite(tape.gradient(value, x).numpy()).all()


def test_it_and_its_slope_are_the_same_when_compiled_by_xla():
    rng = np.random.default_rng(10)
    x, y = (tf.constant(rng.normal(size=(64, 2)), tf.float32) for _ in range(2))

    def value_and_slope(x: tf.Tensor, y: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        with tf.GradientTape() as tape:
            tape.watch(y)
            value = MMD(rows=32)(x, y)
        return value, tape.gradient(value, y)

    expected = value_and_slope(x, y)
    for found, known in zip(
        tf.function(value_and_slope, jit_compile=True)(x, y), expected, strict=True
    ):
        np.testing.assert_allclose(found, known, rtol=1e-4, atol=1e-6)


def test_weight_and_rows():
    rng = np.random.default_rng(6)
    x, y = (tf.constant(rng.normal(size=(64, 2)), tf.float32) for _ in range(2))
    for name, estimate in (("unbiased", unbiased_mmd2), ("linear", linear_mmd2)):
        expected = 2.5 * estimate(x[:16], y[:16], WIDTHS)
        found = MMD(weight=2.5, widths=WIDTHS, rows=16, estimator=name)(x, y)
        assert float(found) == pytest.approx(float(expected))
