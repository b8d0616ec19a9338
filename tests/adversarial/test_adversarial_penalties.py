"""Penalties against critics of known slope, and against numerical differentiation."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest
import tensorflow as tf

from fatgan.adversarial.penalties import (
    PENALTIES,
    Free,
    GradientPenalty,
    NoPenalty,
    WeightClipping,
    ZeroCentred,
)

SLOPE = np.array([1.5, -2.0, 0.5])


@pytest.fixture(params=PENALTIES, ids=lambda item: item().name)
def penalty(request):
    return request.param()


def batches(n: int = 40, shape: tuple[int, ...] = (3,)) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """Return real, fake and shares, in float64 so that differences have digits."""
    rng = np.random.default_rng(2)
    real, fake = rng.normal(1, 1, (n, *shape)), rng.normal(-1, 2, (n, *shape))
    return tf.constant(real), tf.constant(fake), tf.constant(rng.uniform(size=n))


def linear(points: tf.Tensor) -> tf.Tensor:
    return tf.linalg.matvec(points, tf.constant(SLOPE))[:, None] + 0.3


def curved(points: tf.Tensor) -> tf.Tensor:
    inner = tf.linalg.matvec(points, tf.constant(SLOPE))
    return (tf.tanh(inner) + 0.3 * tf.reduce_sum(points**2, axis=1) * tf.sin(points[:, 0]))[:, None]


def numerical_slopes(points: np.ndarray) -> np.ndarray:
    """|grad|^2 of the curved critic by central differences, shape (n,)."""
    step = 1e-5 * np.eye(points.shape[1])
    rise = [(curved(points + s) - curved(points - s)).numpy()[:, 0] / 2e-5 for s in step]
    return np.sum(np.square(rise), axis=0)


def test_scores_are_the_critics(penalty):
    real, fake, share = batches()
    real_scores, fake_scores, _ = penalty.score(curved, real, fake, share)
    np.testing.assert_allclose(real_scores, curved(real))
    np.testing.assert_allclose(fake_scores, curved(fake))


@pytest.mark.parametrize("penalty", [NoPenalty(), WeightClipping()], ids=lambda item: item.name)
def test_no_penalty_is_zero(penalty):
    assert float(penalty.score(linear, *batches())[2]) == 0


def test_clipping_keeps_every_weight_within_its_limit():
    kernel, bias = (tf.Variable([[-3.0, 0.05], [0.2, -0.2]]), tf.Variable([0.1, -0.7]))
    WeightClipping(limit=0.2).constrain([kernel, bias])
    np.testing.assert_allclose(kernel, [[-0.2, 0.05], [0.2, -0.2]])
    np.testing.assert_allclose(bias, [0.1, -0.2])


def test_the_others_leave_the_weights_alone(penalty):
    if isinstance(penalty, WeightClipping):
        pytest.skip("it is what clips them")
    weights = tf.Variable(SLOPE)
    penalty.constrain([weights])
    np.testing.assert_array_equal(weights, SLOPE)


@pytest.mark.parametrize("kind", [GradientPenalty, ZeroCentred], ids=lambda item: item().name)
def test_the_slope_of_several_outputs_is_that_of_their_jacobian(kind):
    """Its Frobenius norm: outputs cannot hide a slope behind another of the opposite sign."""
    jacobian = np.array([[1.5, -2.0, 0.5], [-1.5, 2.0, -0.5]])

    def critic(points: tf.Tensor) -> tf.Tensor:
        return tf.matmul(points, tf.constant(jacobian.T))

    real, fake, share = batches()
    real_scores, fake_scores, value = kind().score(critic, real, fake, share)
    np.testing.assert_allclose(real_scores, critic(real))
    np.testing.assert_allclose(fake_scores, critic(fake))
    norm = np.linalg.norm(jacobian)
    expected = 10 * (norm - 1) ** 2 if kind is GradientPenalty else 0.1 * norm**2
    assert float(value) == pytest.approx(expected)


@pytest.mark.parametrize(("weight", "target"), [(10.0, 1.0), (0.1, 0.0)])
def test_gradient_penalty_of_a_linear_critic(weight, target):
    value = GradientPenalty(weight=weight, target=target).score(linear, *batches())[2]
    assert float(value) == pytest.approx(weight * (np.linalg.norm(SLOPE) - target) ** 2)


def test_zero_centred_penalty_of_a_linear_critic():
    value = ZeroCentred(gamma=0.4).score(linear, *batches())[2]
    assert float(value) == pytest.approx(0.4 / 2 * 2 * SLOPE @ SLOPE)


def test_gradient_penalty_by_numerical_differentiation():
    real, fake, share = batches()
    between = share[:, None] * real + (1 - share[:, None]) * fake
    expected = 10 * np.mean((np.sqrt(numerical_slopes(between.numpy())) - 1) ** 2)
    value = GradientPenalty().score(curved, real, fake, share)[2]
    assert float(value) == pytest.approx(expected, rel=1e-6)


def test_zero_centred_penalty_by_numerical_differentiation():
    """Half of gamma for the real events, half for the fakes: R1 + R2."""
    real, fake, share = batches()
    r1, r2 = (numerical_slopes(half.numpy()).mean() for half in (real, fake))
    value = ZeroCentred(gamma=0.3).score(curved, real, fake, share)[2]
    assert float(value) == pytest.approx(0.3 / 2 * (r1 + r2), rel=1e-6)


def test_the_penalty_teaches_the_critic(penalty):
    """Its slope in the critic's weights (a second derivative) by numerical differentiation."""
    real, fake, share = batches()
    start = np.array([0.4, 0.1, -0.7])

    def value(weights: tf.Tensor) -> tf.Tensor:
        def critic(points: tf.Tensor) -> tf.Tensor:
            return tf.tanh(tf.linalg.matvec(points, weights))[:, None]

        return penalty.score(critic, real, fake, share)[2]

    weights = tf.Variable(start)
    with tf.GradientTape() as tape:
        total = tf.cast(value(weights), tf.float64)
    slope = tape.gradient(total, weights, unconnected_gradients="zero").numpy()
    steps = 1e-5 * np.eye(3)
    expected = [float(value(start + s) - value(start - s)) / 2e-5 for s in steps]
    np.testing.assert_allclose(slope, expected, rtol=1e-4, atol=1e-6)
    assert isinstance(penalty, Free) or np.abs(slope).max() > 1e-3


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_a_flat_critic_has_finite_slopes(penalty, dtype):
    """The root of the squared gradient has an infinite slope at zero: an epsilon is inside it."""
    real, fake, share = (tf.cast(item, dtype) for item in batches())
    weights = tf.Variable(tf.zeros((3,), dtype))
    with tf.GradientTape() as tape:
        value = penalty.score(
            lambda points: tf.linalg.matvec(points, weights)[:, None], real, fake, share
        )[2]
        total = tf.cast(value, dtype)
    slope = tape.gradient(total, weights, unconnected_gradients="zero")
    assert np.isfinite(float(total))
    assert np.isfinite(slope.numpy()).all()


@pytest.mark.parametrize("shape", [(3,), (4, 5, 2)], ids=["events", "images"])
def test_interpolates_lie_on_the_lines_between_partners(shape):
    real, fake, share = batches(30, shape)
    seen: list[np.ndarray] = []

    def critic(points: tf.Tensor) -> tf.Tensor:
        seen.append(points.numpy())
        return tf.reduce_sum(points, axis=range(1, len(shape) + 1))[:, None]

    GradientPenalty().score(critic, real, fake, share)
    (between,) = [points for points in seen if len(points) == 30]
    along = ((between - fake) / (real - fake)).numpy().reshape(30, -1)
    # one number per event: the same along all of its features
    np.testing.assert_allclose(along, np.broadcast_to(share[:, None], along.shape), atol=1e-9)


def test_fields_rebuild_it(penalty):
    assert type(penalty)(**asdict(penalty)) == penalty


def test_names_are_unique():
    assert len({item().name for item in PENALTIES}) == len(PENALTIES)
