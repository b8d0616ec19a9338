"""Noise is a function of (seed, purpose, step, part), and so are the batches."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from scipy import stats
from toys import toy_model

from fatgan.adversarial.feed import ResidentFeed
from fatgan.adversarial.keys import host_generator, integers, key, normal, uniform
from fatgan.errors import DataError

BASE = (7, "noise", 3, 1)
OTHERS = [
    (8, "noise", 3, 1),
    (-7, "noise", 3, 1),
    (7 + 2**70, "noise", 3, 1),
    (7, "share", 3, 1),
    (7, "noise", 4, 1),
    (7, "noise", 3, 2),
    (7, "noise", 1, 3),
    (7, "noise", 4, 0),
]


DRAWS = {
    "normal": lambda n, *entries: normal((n,), key(*entries)).numpy(),
    "uniform": lambda n, *entries: uniform((n,), key(*entries)).numpy(),
    "host": lambda n, *entries: host_generator(*entries).standard_normal(n),
}
"""How n numbers are drawn for a key, in training and in generation."""


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
def test_the_same_key_gives_the_same_numbers(draw):
    np.testing.assert_array_equal(draw(50, *BASE), draw(50, *BASE))


@pytest.mark.parametrize("draw", DRAWS.values(), ids=DRAWS)
@pytest.mark.parametrize("other", OTHERS, ids=str)
def test_any_other_key_gives_independent_numbers(draw, other):
    """Correlation of 10,000 pairs; off by chance once in 15,000 each (4 sigma)."""
    one, two = draw(10_000, *BASE), draw(10_000, *other)
    assert np.intersect1d(one, two).size < 100
    assert abs(np.corrcoef(one, two)[0, 1]) < 4 / np.sqrt(10_000)


def test_in_a_graph_with_a_step_that_is_a_tensor():
    @tf.function
    def draw(step: tf.Tensor) -> tf.Tensor:
        return normal((40,), key(7, "noise", step, 1))

    for step in (3, 4, 2**31 - 1):
        eager = normal((40,), key(7, "noise", step, 1))
        np.testing.assert_array_equal(draw(tf.constant(step, tf.int64)), eager)


def test_numbers_are_random_from_step_to_step_too():
    """The first two numbers of 4000 steps in a row: uniform and without memory (alarm 1e-4)."""

    @tf.function
    def draw(steps: tf.Tensor) -> tf.Tensor:
        return tf.map_fn(
            lambda step: uniform((2,), key(1, "noise", step)),
            steps,
            fn_output_signature=tf.float32,
        )

    numbers = draw(tf.range(4000)).numpy()
    assert stats.kstest(numbers[:, 0], "uniform").pvalue > 1e-4
    for one, two in ((numbers[:-1, 0], numbers[1:, 0]), (numbers[:, 0], numbers[:, 1])):
        assert abs(np.corrcoef(one, two)[0, 1]) < 4 / np.sqrt(4000)


def test_ranges():
    low_high = uniform((100_000,), key(*BASE)).numpy()
    assert low_high.min() >= 0
    assert low_high.max() < 1
    assert stats.kstest(low_high, "uniform").pvalue > 1e-4
    assert stats.kstest(normal((100_000,), key(*BASE)).numpy(), "norm").pvalue > 1e-4
    assert set(np.unique(integers((10_000,), key(*BASE), below=7))) == set(range(7))


def test_a_steps_draws_are_its_own_and_the_shares_uniform():
    model = toy_model(critic_steps=2)
    noise, share = model.draws(5, 1000)
    assert noise.shape == (3, 1000, 3)
    assert share.shape == (2, 1000)
    assert stats.kstest(np.ravel(share), "uniform").pvalue > 1e-4
    np.testing.assert_array_equal(model.draws(5, 1000)[0], noise)
    assert len(np.unique(noise)) > 0.99 * 9000
    assert not np.intersect1d(noise[..., 0], model.draws(6, 1000)[0][..., 0]).size > 20
    assert not np.array_equal(toy_model(seed=1, critic_steps=2).draws(5, 1000)[0], noise)


def rows(n: int) -> np.ndarray:
    return np.arange(2 * n, dtype="float32").reshape(n, 2)


def batches(feed: ResidentFeed, step: int, count: int = 2) -> np.ndarray:
    return feed.gather(feed.draw(tf.constant(step), count)).rows.numpy()


def test_batches_are_rows_and_depend_on_seed_and_step_only():
    feed = ResidentFeed(rows(100), 20, seed=3)
    first = batches(feed, 4)
    assert first.shape == (2, 20, 2)
    np.testing.assert_array_equal(first[..., 1], first[..., 0] + 1)  # whole rows
    batches(feed, 9)
    np.testing.assert_array_equal(batches(feed, 4), first)
    np.testing.assert_array_equal(batches(ResidentFeed(rows(100), 20, seed=3), 4), first)
    assert not np.array_equal(batches(feed, 5), first)
    assert not np.array_equal(batches(ResidentFeed(rows(100), 20, seed=4), 4), first)
    assert not np.array_equal(first[0], first[1])


def test_every_row_is_drawn_as_often():
    """chi2 of 20,000 draws of 50 rows; off by chance once in 10,000."""
    feed = ResidentFeed(rows(50), 50, seed=1)
    counts = np.zeros(50)
    for step in range(200):
        counts += np.bincount(feed.draw(tf.constant(step), 2).numpy().ravel(), minlength=50)
    assert stats.chisquare(counts).pvalue > 1e-4


@pytest.mark.parametrize("n", [0, 1, 19])
def test_fewer_rows_than_a_batch_are_refused(n):
    with pytest.raises(DataError, match=rf"{n} training rows are fewer than one batch of 20"):
        ResidentFeed(rows(n), 20, seed=0)


def test_exactly_one_batch_is_enough():
    assert batches(ResidentFeed(rows(20), 20, seed=0), 0, 1).shape == (1, 20, 2)
