"""Losses and the MMD of weighted events: those of events repeated as often as they weigh."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import tensorflow as tf

from fatgan.adversarial.mmd import MMD, linear_mmd2, unbiased_mmd2
from fatgan.adversarial.objectives import OBJECTIVES, Adaptive, EmbeddedMMD, Fisher

WIDTHS = (0.3, 1.0)
N = 40


@pytest.fixture(params=OBJECTIVES, ids=lambda item: item().name)
def objective(request):
    return request.param()


def scores(outputs: int = 1) -> tuple[tf.Tensor, tf.Tensor]:
    rng = np.random.default_rng(3)
    return tuple(tf.constant(rng.normal(m, 1, (N, outputs)), tf.float32) for m in (0.5, -0.5))


def losses(objective: Any, real: Any, fake: Any, *weights: Any) -> tuple[float, float]:
    """Both players' losses, the critic's with a multiplier where there is one."""
    carried = (0.4,) if isinstance(objective, Adaptive) else ()
    return (
        float(objective.critic_loss(real, fake, *carried, *weights)),
        float(objective.generator_loss(real, fake, *weights)),
    )


def repeated(real: tf.Tensor, fake: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Return weights 1, 2, 3, ... scaled to a mean of 1, and both samples so repeated."""
    times = 1 + np.arange(N) % 3
    weights = tf.constant(times / times.mean(), tf.float32)
    return weights, tf.repeat(real, times, axis=0), tf.repeat(fake, times, axis=0)


def test_unit_weights_change_no_bit(objective):
    pair = scores(objective.outputs)
    assert losses(objective, *pair, tf.ones(N)) == losses(objective, *pair, None)
    assert losses(objective, *pair) == losses(objective, *pair, None)


def test_a_weighted_event_is_one_that_occurs_more_often(objective):
    """Fake events weigh alike; a pair of both weighs as its real one."""
    if isinstance(objective, EmbeddedMMD):
        return  # it looks at all pairs: below
    real, fake = scores()
    weights, many, partners = repeated(real, fake)
    others = partners if objective.compares else fake
    found = losses(objective, real, fake, weights)
    assert found == pytest.approx(losses(objective, many, others), rel=1e-5)
    assert found != pytest.approx(losses(objective, real, fake), rel=1e-3)


def test_the_multiplier_follows_the_weighted_moment():
    real, fake = scores()
    weights, many, _ = repeated(real, fake)
    found = Fisher(rho=1.0).updated(0.2, real, fake, weights)
    assert float(found) == pytest.approx(float(Fisher(rho=1.0).updated(0.2, many, fake)), rel=1e-5)


def kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    distance2 = np.sum((a[:, None] - b) ** 2, axis=-1)
    return sum(np.exp(-distance2 / (2 * w * w)) for w in WIDTHS)


def test_the_weighted_mmd_is_its_definition():
    real, fake = scores(2)
    w = np.random.default_rng(4).normal(1, 1, N)
    x, y = real.numpy().astype(float), fake.numpy().astype(float)
    apart = ~np.eye(N, dtype=bool)
    own = np.sum((np.outer(w, w) * kernel(x, x) + kernel(y, y))[apart]) / (N * (N - 1))
    across = w[:, None] * kernel(x, y)
    weights = tf.constant(w, tf.float32)
    found = unbiased_mmd2(real, fake, WIDTHS, weights)
    assert float(found) == pytest.approx(own - 2 * across.mean(), rel=1e-4)
    found = unbiased_mmd2(real, fake, WIDTHS, weights, paired=True)
    assert float(found) == pytest.approx(own - 2 * across[apart].mean(), rel=1e-4)
    assert losses(EmbeddedMMD(outputs=2, widths=WIDTHS), real, fake, weights) == pytest.approx(
        (2 * across.mean() - own, own - 2 * across.mean()), rel=1e-4
    )
    one, two = slice(0, N // 2), slice(N // 2, N)
    pairs = w[one] * w[two] * np.diag(kernel(x[one], x[two])) + np.diag(kernel(y[one], y[two]))
    pairs -= w[one] * np.diag(kernel(x[one], y[two])) + w[two] * np.diag(kernel(x[two], y[one]))
    found = linear_mmd2(real, fake, WIDTHS, weights)
    assert float(found) == pytest.approx(pairs.mean(), abs=1e-5)


def null(estimate: Any, sample: Any, count: int = 400) -> np.ndarray:
    """``count`` estimates between samples of one weighted, or conditional, truth."""
    rng = np.random.default_rng(5)
    drawn = [
        tf.constant(np.stack(items), tf.float32)
        for items in zip(*(sample(rng) for _ in range(count)), strict=True)
    ]
    return tf.function(
        lambda: tf.map_fn(
            lambda items: estimate(*items), tuple(drawn), fn_output_signature=tf.float32
        )
    )().numpy()


@pytest.mark.parametrize("estimator", ["unbiased", "linear"])
def test_negative_weights_take_a_component_away(estimator):
    """Two normal laws, one of them subtracted again, are the other; mean of 400 at 4 sigma."""

    def sample(rng: np.random.Generator) -> tuple[np.ndarray, ...]:
        # weights 1, 1 and -1 of thirds of the rows: 3 |w| for each unit of the sum
        kind = rng.integers(3, size=64)
        real = rng.normal(size=(64, 1)) + np.where(kind == 0, 0.0, 1.5)[:, None]
        return real, rng.normal(size=(64, 1)), np.choose(kind, [3.0, 3.0, -3.0])

    compare = MMD(widths=(1.0,), rows=64, estimator=estimator)
    values = null(lambda x, y, w: compare(x, y, w), sample)
    error = values.std() / np.sqrt(len(values))
    assert abs(values.mean()) < 4 * error
    if estimator == "unbiased":  # which has the power to see it
        assert null(lambda x, y, w: compare(x, y), sample).mean() > 10 * error


@pytest.mark.parametrize("estimator", ["unbiased", "linear"])
def test_common_conditions_leave_the_estimate_unbiased(estimator):
    """400 estimates of 16 rows whose narrow laws hang on their conditions, at 4 sigma."""

    def sample(rng: np.random.Generator) -> tuple[np.ndarray, ...]:
        conditions = rng.normal(size=(16, 1))
        real, fake = (5 * conditions + 0.3 * rng.normal(size=(16, 1)) for _ in range(2))
        return real, fake, conditions

    compare = MMD(widths=(1.0,), rows=16, estimator=estimator)
    values = null(lambda x, y, c: compare(x, y, None, c), sample)
    error = values.std() / np.sqrt(len(values))
    assert abs(values.mean()) < 4 * error
    if estimator == "unbiased":
        # with the pairs of one condition it would be as far below 0 as these are near
        biased = null(
            lambda x, y, c: unbiased_mmd2(tf.concat([x, c], 1), tf.concat([y, c], 1), (1.0,)),
            sample,
        )
        assert biased.mean() < -10 * error


def test_conditions_are_compared_with_the_events():
    """Equal events at other conditions are another joint law."""
    rng = np.random.default_rng(6)
    x = tf.constant(rng.normal(size=(64, 1)), tf.float32)
    swapped = tf.reverse(x, axis=[0])
    compare = MMD(widths=(0.5,), rows=64)
    assert float(compare(x, swapped, None, x)) > float(compare(x, swapped)) + 0.1
    first = MMD(widths=(0.5,), rows=32)
    expected = first(x[:32], swapped[:32], tf.range(32.0), x[:32])
    assert float(first(x, swapped, tf.range(64.0), x)) == float(expected)
