"""f-GAN: each divergence between two normal laws, from the critic's scores alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import get_args, get_type_hints

import numpy as np
import pytest
import tensorflow as tf
from scipy.integrate import quad
from scipy.optimize import minimize
from scipy.stats import norm

from fatgan.adversarial.objectives import FDivergence

P, Q = norm(0.0, 1.0), norm(0.7, 1.2)

# f(u), and the score at which g_f is f'(u): the best that a critic can say where p/q = u.
FUNCTIONS: dict[str, tuple[Callable, Callable]] = {
    "kl": (lambda u: u * np.log(u), lambda u: 1 + np.log(u)),
    "reverse_kl": (lambda u: -np.log(u), np.log),
    "js": (lambda u: u * np.log(u) - (u + 1) * np.log((u + 1) / 2), np.log),
    "pearson": (lambda u: (u - 1) ** 2, lambda u: 2 * (u - 1)),
    "squared_hellinger": (lambda u: (np.sqrt(u) - 1) ** 2, lambda u: np.log(u) / 2),
    "total_variation": (lambda u: np.abs(u - 1) / 2, lambda u: 50 * np.sign(u - 1)),
}
SLOPES: dict[str, Callable] = {
    "kl": lambda u: 1 + np.log(u),
    "reverse_kl": lambda u: -1 / u,
    "js": lambda u: np.log(2 * u / (1 + u)),
    "pearson": lambda u: 2 * (u - 1),
    "squared_hellinger": lambda u: 1 - 1 / np.sqrt(u),
    "total_variation": lambda u: np.sign(u - 1) / 2,
}
each_divergence = pytest.mark.parametrize("name", FUNCTIONS)


def truth(name: str) -> float:
    """The integral of q f(p/q)."""
    f, _ = FUNCTIONS[name]
    value, _ = quad(lambda x: Q.pdf(x) * f(P.pdf(x) / Q.pdf(x)), -9, 10, limit=200)
    return value


def quantiles(law: norm, n: int = 100_000) -> np.ndarray:
    """n numbers of equal probability: their mean of anything smooth is its expectation."""
    return law.ppf((np.arange(n) + 0.5) / n)


def ratio(x: np.ndarray) -> np.ndarray:
    return P.pdf(x) / Q.pdf(x)


def test_all_divergences_of_the_objective_are_here():
    assert set(get_args(get_type_hints(FDivergence)["divergence"])) == set(FUNCTIONS)


@each_divergence
def test_the_best_critic_reaches_the_divergence(name):
    _, best = FUNCTIONS[name]
    real, fake = (best(ratio(quantiles(law))) for law in (P, Q))
    objective = FDivergence(divergence=name)
    # a thousandth of q is beyond the last quantile of p
    assert float(objective.bound(real, fake)) == pytest.approx(truth(name), rel=2e-3)
    assert float(objective.critic_loss(real, fake)) == -float(objective.bound(real, fake))


@each_divergence
def test_another_critic_stays_below_it(name):
    _, best = FUNCTIONS[name]
    real, fake = (best(ratio(quantiles(law))) + np.sin(3 * quantiles(law)) for law in (P, Q))
    assert float(FDivergence(divergence=name).bound(real, fake)) < truth(name)


@each_divergence
def test_a_critic_that_learns_finds_the_divergence(name):
    """A polynomial in x, by plain ascent of the bound: within 2 %.

    The best score is one of degree 2, or its sign, but for Pearson's, which is an exponential.
    """
    degree = 6 if name == "pearson" else 2
    x = [quantiles(law, 2000) for law in (P, Q)]
    powers = [tf.constant(np.polynomial.hermite_e.hermevander(item / 1.5, degree)) for item in x]
    objective = FDivergence(divergence=name)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        held = tf.constant(weights)
        with tf.GradientTape() as tape:
            tape.watch(held)
            real, fake = (tf.linalg.matvec(item, held) for item in powers)
            value = objective.critic_loss(real, fake)
        return float(value), tape.gradient(value, held).numpy()

    start = np.zeros(degree + 1)
    start[1] = -0.1
    found = -minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 100}).fun
    assert found == pytest.approx(truth(name), rel=0.02)


@each_divergence
def test_both_losses_of_the_generator(name):
    """E[T(fake)] or the bound itself, T = f'(u) and f*(f'(u)) = u f'(u) - f(u)."""
    f, best = FUNCTIONS[name]
    u = np.exp(np.random.default_rng(1).normal(0, 0.5, 100))
    slope = SLOPES[name](u)
    plain, saturating = (FDivergence(divergence=name, saturating=flag) for flag in (False, True))
    real = np.zeros(100)
    assert float(plain.generator_loss(real, best(u))) == pytest.approx(-slope.mean(), rel=1e-6)
    conjugate = (u * slope - f(u)).mean()
    assert float(saturating.generator_loss(real, best(u))) == pytest.approx(-conjugate, rel=1e-6)


@each_divergence
@pytest.mark.parametrize("saturating", [False, True])
def test_huge_scores_give_finite_losses_and_slopes(name, saturating):
    objective = FDivergence(divergence=name, saturating=saturating)
    for sign in (1, -1):
        scores = tf.constant([[sign * 1e4], [sign * 90.0], [0.0]], tf.float32)
        with tf.GradientTape(persistent=True) as tape:
            tape.watch(scores)
            losses = (
                objective.critic_loss(scores, -scores),
                objective.generator_loss(-scores, scores),
            )
        for loss in losses:
            assert np.isfinite(float(loss))
            assert np.isfinite(tape.gradient(loss, scores).numpy()).all()
