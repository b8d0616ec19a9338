"""Objectives against NumPy."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest

from fatgan.adversarial.objectives import (
    OBJECTIVES,
    Adaptive,
    EmbeddedMMD,
    Fisher,
    LeastSquares,
    Minimax,
)


def softplus(x: np.ndarray) -> np.ndarray:
    return np.logaddexp(0.0, x)


def mmd2(x: np.ndarray, y: np.ndarray, widths: tuple[float, ...] = (1, 2, 4, 8, 16)) -> float:
    """The unbiased estimate of MMD^2, by the definition."""

    def kernel(a: np.ndarray, b: np.ndarray) -> np.ndarray:
        distance2 = np.sum((a[:, None] - b) ** 2, axis=-1)
        return sum(np.exp(-distance2 / (2 * w * w)) for w in widths)

    n = len(x)
    own = sum(k.sum() - np.trace(k) for k in (kernel(x, x), kernel(y, y)))
    return own / (n * (n - 1)) - 2 * kernel(x, y).mean()


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def relu(x: np.ndarray) -> np.ndarray:
    return np.maximum(x, 0)


def lagrangian(r: np.ndarray, f: np.ndarray, multiplier: float = 0.0, rho: float = 1e-3) -> float:
    """Eq. 9 of arXiv:1705.09675, which the critic maximises."""
    omega = 0.5 * (r**2).mean() + 0.5 * (f**2).mean()
    return r.mean() - f.mean() + multiplier * (1 - omega) - 0.5 * rho * (omega - 1) ** 2


REFERENCE = {
    "wasserstein": (lambda r, f: f.mean() - r.mean(), lambda r, f: -f.mean()),
    "relativistic": (lambda r, f: softplus(f - r).mean(), lambda r, f: softplus(r - f).mean()),
    "minimax": (
        lambda r, f: -np.log(sigmoid(r)).mean() - np.log(1 - sigmoid(f)).mean(),
        lambda r, f: -np.log(sigmoid(f)).mean(),
    ),
    "least_squares": (
        lambda r, f: 0.5 * ((r - 1) ** 2).mean() + 0.5 * (f**2).mean(),
        lambda r, f: 0.5 * ((f - 1) ** 2).mean(),
    ),
    "hinge": (lambda r, f: relu(1 - r).mean() + relu(1 + f).mean(), lambda r, f: -f.mean()),
    # the Jensen-Shannon one: T = ln 2D, f*(T) = -ln(2 - 2D) with D = sigmoid(score)
    "f_divergence": (
        lambda r, f: -np.log(2 * sigmoid(r)).mean() - np.log(2 - 2 * sigmoid(f)).mean(),
        lambda r, f: -np.log(2 * sigmoid(f)).mean(),
    ),
    "fisher": (lambda r, f: -lagrangian(r, f), lambda r, f: -f.mean()),
    "embedded_mmd": (lambda r, f: -mmd2(r, f), lambda r, f: mmd2(r, f)),
}
"""(critic's loss, generator's loss); a new objective says here what it is."""


@pytest.fixture(params=OBJECTIVES, ids=lambda item: item().name)
def objective(request):
    return request.param()


@pytest.fixture
def scores():
    rng = np.random.default_rng(1)
    return rng.normal(1, 5, (300, 1)), rng.normal(-1, 5, (300, 1))


def critic_loss(objective, real, fake):
    """The critic's loss, at the start of the training where it depends on its course."""
    carried = (objective.start,) if isinstance(objective, Adaptive) else ()
    return objective.critic_loss(real, fake, *carried)


def test_losses_are_the_formulas(objective, scores):
    critic, generator = REFERENCE[objective.name]
    assert float(critic_loss(objective, *scores)) == pytest.approx(critic(*scores), rel=1e-5)
    assert float(objective.generator_loss(*scores)) == pytest.approx(generator(*scores), rel=1e-5)


def test_the_saturating_generator_minimises_what_the_critic_maximises(scores):
    real, fake = scores
    found = float(Minimax(saturating=True).generator_loss(real, fake))
    assert found == pytest.approx(np.log(1 - sigmoid(fake)).mean(), rel=1e-5)
    assert Minimax(saturating=True).generator_loss(real, fake + 0.5) < found


@pytest.mark.parametrize(("a", "b", "c"), [(-1.0, 1.0, 0.0), (0.5, 2.0, -3.0)])
def test_squares_draw_to_any_numbers(scores, a, b, c):
    real, fake = scores
    objective = LeastSquares(a=a, b=b, c=c)
    critic = 0.5 * ((real - b) ** 2).mean() + 0.5 * ((fake - a) ** 2).mean()
    assert float(objective.critic_loss(real, fake)) == pytest.approx(critic)
    assert float(objective.generator_loss(real, fake)) == pytest.approx(
        0.5 * ((fake - c) ** 2).mean()
    )


def test_with_the_chi2_choice_the_generator_minimises_pearsons():
    """Two events of which real has shares (p, 1 - p), fake (q, 1 - q), the critic at its best.

    2 C(G) = chi2_Pearson(real + fake || 2 fake), eq. 7 of arXiv:1611.04076, its generator's loss
    with the term of the real events, which no generator changes.
    """
    p, q = np.array([0.7, 0.3]), np.array([0.2, 0.8])
    objective = LeastSquares(a=-1, b=1, c=0)
    best = (objective.b * p + objective.a * q) / (p + q)
    loss = 0.5 * np.sum((p + q) * (best - objective.c) ** 2)
    assert 2 * loss == pytest.approx(np.sum((2 * q - (p + q)) ** 2 / (p + q)))


def test_the_multiplier_of_the_constraint(scores):
    """It climbs while the second moment is above 1 and falls while it is below."""
    real, fake = scores
    objective = Fisher(rho=0.1)
    found = float(objective.critic_loss(real, fake, 0.7))
    assert found == pytest.approx(-lagrangian(real, fake, 0.7, 0.1))
    omega = 0.5 * (real**2).mean() + 0.5 * (fake**2).mean()
    assert float(objective.second_moment(real, fake)) == pytest.approx(omega)
    assert float(objective.updated(0.7, real, fake)) == pytest.approx(0.7 + 0.1 * (omega - 1))
    assert float(objective.updated(0.7, real / 100, fake / 100)) < 0.7


def test_embeddings_of_several_dimensions():
    rng = np.random.default_rng(2)
    real, fake = rng.normal(0, 1, (30, 4)), rng.normal(0.5, 2, (30, 4))
    objective = EmbeddedMMD(outputs=4, widths=(0.5, 3.0))
    expected = mmd2(real, fake, (0.5, 3.0))
    assert float(objective.generator_loss(real, fake)) == pytest.approx(expected, rel=1e-5)
    assert float(objective.critic_loss(real, fake)) == pytest.approx(-expected, rel=1e-5)


def test_the_players_want_opposite_things(objective):
    """Fakes that score higher are better for the generator and worse for the critic.

    So between what squares draw fake and real to, 0 and 1; the others want it anywhere.
    """
    rng = np.random.default_rng(3)
    real, fake = rng.uniform(0.8, 1.0, (300, 1)), rng.uniform(0.0, 0.3, (300, 1))
    assert objective.generator_loss(real, fake + 0.5) < objective.generator_loss(real, fake)
    assert critic_loss(objective, real, fake + 0.5) > critic_loss(objective, real, fake)


def test_losses_of_huge_scores_are_finite(objective):
    real, fake = (np.full((2, 1), sign * 1e4, "float32") for sign in (1, -1))
    for pair in ((real, fake), (fake, real)):
        assert np.isfinite(float(critic_loss(objective, *pair)))
        assert np.isfinite(float(objective.generator_loss(*pair)))


def test_fields_rebuild_it(objective):
    assert type(objective)(**asdict(objective)) == objective


def test_names_are_unique():
    assert len({item().name for item in OBJECTIVES}) == len(OBJECTIVES)


@pytest.mark.parametrize("kind", OBJECTIVES, ids=lambda kind: kind.__name__)
def test_the_generators_loss_looks_at_real_scores_if_and_only_if_it_says_so(kind):
    objective = kind()
    rng = np.random.default_rng(5)
    fake, real, other = rng.normal(size=(3, 16, objective.outputs)).astype("float32")
    if objective.compares:
        losses = [float(objective.generator_loss(scores, fake)) for scores in (real, other)]
        assert losses[0] != losses[1]
    else:
        assert np.isfinite(float(objective.generator_loss(None, fake)))
