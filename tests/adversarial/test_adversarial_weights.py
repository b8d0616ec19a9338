"""Rows drawn by their weights: the law of the draws, of any sign, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
import tensorflow as tf
from scipy import stats

from fatgan.adversarial.feed import ResidentFeed
from fatgan.adversarial.keys import key, uniform
from fatgan.adversarial.weights import checked_weights, drawing_law
from fatgan.errors import DataError

ROWS = np.arange(60, dtype="float32")[:, None]


def feed(weights: np.ndarray | None, conditions: np.ndarray | None = None) -> ResidentFeed:
    return ResidentFeed(ROWS, 20, seed=5, weights=weights, conditions=conditions)


def numbers(made: ResidentFeed, draws: int = 40_000) -> np.ndarray:
    """The row numbers of one step with so many rows."""
    return made.draw(tf.constant(3), draws // made.batch).numpy().ravel()


@pytest.mark.parametrize("weight", [1.0, 0.3])
def test_equal_weights_draw_what_none_draw(weight):
    plain, equal = feed(None), feed(np.full(60, weight))
    np.testing.assert_array_equal(numbers(equal), numbers(plain))
    assert equal.gather(equal.draw(tf.constant(1), 2)).weights is None


def test_rows_are_drawn_by_weight_and_those_of_none_never():
    """chi2 of 40,000 draws; off by chance once in 10,000."""
    weights = np.random.default_rng(1).exponential(size=60)
    weights[[0, 17, 59]] = 0.0
    made = feed(weights)
    counts = np.bincount(numbers(made), minlength=60)
    assert not counts[weights == 0].any()
    expected = 40_000 * (weights / weights.sum())[weights > 0]
    assert stats.chisquare(counts[weights > 0], expected).pvalue > 1e-4
    assert made.gather(made.draw(tf.constant(1), 2)).weights is None


def test_weighted_draws_are_a_function_of_seed_and_step():
    weights = np.linspace(0.5, 2.0, 60)
    first = feed(weights).draw(tf.constant(4), 2)
    assert first.dtype == tf.int32
    assert first.shape == (2, 20)
    np.testing.assert_array_equal(feed(weights).draw(tf.constant(4), 2), first)
    assert not np.array_equal(feed(weights).draw(tf.constant(5), 2), first)


def test_every_row_of_a_large_sample_can_be_drawn():
    """Float32 draws 2^23 numbers below 1: of 2^25 rows it would never reach three quarters."""
    places = uniform((1000,), key(1, "rows", 2), tf.float64).numpy() * 2**23
    assert np.mean(places % 1 != 0) > 0.99
    assert not np.any(uniform((1000,), key(1, "rows", 2)).numpy() * 2**23 % 1)


def test_the_mean_of_a_batch_is_the_weighted_mean_with_weights_of_both_signs():
    """Of 40,000 draws, for two functions; off by chance once in 15,000 each (4 sigma)."""
    weights = np.random.default_rng(2).normal(1.0, 1.5, size=60)
    assert weights.min() < 0
    made = feed(weights)
    drawn = made.gather(made.draw(tf.constant(3), 2000))
    factors, x = drawn.weights.numpy().ravel(), drawn.rows.numpy().ravel()
    np.testing.assert_array_equal(factors < 0, weights[x.astype(int)] < 0)
    expected = np.abs(weights).sum() / weights.sum()
    np.testing.assert_allclose(np.abs(factors), expected, rtol=1e-6)
    for f in (lambda x: np.ones_like(x), lambda x: np.sin(x)):
        truth = np.sum(weights * f(ROWS[:, 0])) / weights.sum()
        terms = factors * f(x)
        assert abs(terms.mean() - truth) < 4 * terms.std() / np.sqrt(len(terms))


def test_conditions_are_drawn_by_the_sums_of_their_weights():
    """In one setting of two a third of the rows count negative: generated events, which have
    the drawn conditions and no weights, must meet each as often as it weighs."""
    setting = np.repeat([0.0, 1.0], 30)
    weights = np.ones(60)
    weights[30:40] = -1.0
    law = drawing_law(weights, np.stack([setting, 7 * setting], axis=1))
    probability = np.diff(law.cumulative, prepend=0.0)
    assert probability[:30].sum() == pytest.approx(30 / 40)
    np.testing.assert_allclose(law.factors[:30], 1.0)
    np.testing.assert_allclose(law.factors[30:], np.repeat([-3.0, 3.0], [10, 20]))
    # the mean over all is still the weighted mean
    np.testing.assert_allclose(probability * law.factors, weights / weights.sum(), atol=1e-8)


def test_a_setting_without_weight_is_not_drawn():
    law = drawing_law(np.array([1.0, 2.0, -1.0, 0.0]), np.array([[0.0], [0], [0], [1]]))
    assert law.cumulative[2] == 1.0
    assert law.factors[3] == 0


def test_what_belongs_to_a_row_stays_with_it():
    conditions = np.stack([ROWS[:, 0] ** 2, -ROWS[:, 0]], axis=1)
    made = feed(np.where(ROWS[:, 0] % 3 == 0, -1.0, 2.0))
    with_both = feed(np.where(ROWS[:, 0] == 3, -0.1, 2.0), conditions // 1000)
    for item in (made, with_both):
        batch = item.gather(item.draw(tf.constant(2), 3))
        assert batch.weights.shape == (3, 20)
        one = batch.at(1)
        np.testing.assert_array_equal(one.rows, batch.rows[1])
        np.testing.assert_array_equal(one.weights, batch.weights[1])
    np.testing.assert_array_equal(one.conditions[:, 1], -one.rows[:, 0] // 1000)
    assert made.gather(made.draw(tf.constant(2), 3)).at(0).conditions is None


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        (np.ones(59), r"weights of shape \(59,\) for 60 rows"),
        (np.ones((60, 1)), r"weights of shape \(60, 1\) for 60 rows"),
        (np.r_[np.ones(58), np.nan, np.inf], "2 of 60 weights are not finite"),
        (np.zeros(60), "weights of 60 rows sum to 0"),
        (np.r_[np.ones(20), -np.ones(40)], "weights of 60 rows sum to -20"),
    ],
)
def test_weights_that_cannot_be(weights, words):
    with pytest.raises(DataError, match=words):
        feed(weights)


def test_settings_that_weigh_nothing_and_conditions_of_other_rows_are_refused():
    setting = np.repeat([[0.0], [1.0], [2.0]], 20, axis=0)
    weights = np.r_[np.ones(20), np.tile([1.0, -1.0], 10), np.ones(20)]
    with pytest.raises(DataError, match="weights of 1 of 3 settings of the conditions sum to 0"):
        feed(weights, setting)
    with pytest.raises(DataError, match="59 conditions for 60 rows"):
        feed(None, setting[1:])


def test_there_is_nothing_to_heed_in_no_weights_and_in_equal_ones():
    assert checked_weights(None, 3) is None
    assert checked_weights([2, 2, 2], 3) is None
    np.testing.assert_array_equal(checked_weights([2, 2, 1], 3), [2.0, 2.0, 1.0])
