"""Objectives against NumPy."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest

from fatgan.adversarial.objectives import OBJECTIVES, EmbeddedMMD, Minimax


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


def test_losses_are_the_formulas(objective, scores):
    critic, generator = REFERENCE[objective.name]
    assert float(objective.critic_loss(*scores)) == pytest.approx(critic(*scores), rel=1e-5)
    assert float(objective.generator_loss(*scores)) == pytest.approx(generator(*scores), rel=1e-5)


def test_the_saturating_generator_minimises_what_the_critic_maximises(scores):
    real, fake = scores
    found = float(Minimax(saturating=True).generator_loss(real, fake))
    assert found == pytest.approx(np.log(1 - sigmoid(fake)).mean(), rel=1e-5)
    assert Minimax(saturating=True).generator_loss(real, fake + 0.5) < found


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
    assert objective.critic_loss(real, fake + 0.5) > objective.critic_loss(real, fake)


def test_losses_of_huge_scores_are_finite(objective):
    real, fake = (np.full((2, 1), sign * 1e4, "float32") for sign in (1, -1))
    for pair in ((real, fake), (fake, real)):
        assert np.isfinite(float(objective.critic_loss(*pair)))
        assert np.isfinite(float(objective.generator_loss(*pair)))


def test_fields_rebuild_it(objective):
    assert type(objective)(**asdict(objective)) == objective


def test_names_are_unique():
    assert len({item().name for item in OBJECTIVES}) == len(OBJECTIVES)
