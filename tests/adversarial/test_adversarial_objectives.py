"""Objectives against NumPy."""

from __future__ import annotations

from dataclasses import asdict

import numpy as np
import pytest

from fatgan.adversarial.objectives import OBJECTIVES


def softplus(x: np.ndarray) -> np.ndarray:
    return np.logaddexp(0.0, x)


REFERENCE = {
    "wasserstein": (lambda r, f: f.mean() - r.mean(), lambda r, f: -f.mean()),
    "relativistic": (lambda r, f: softplus(f - r).mean(), lambda r, f: softplus(r - f).mean()),
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


def test_the_players_want_opposite_things(objective, scores):
    """Fakes that score higher are better for the generator and worse for the critic."""
    real, fake = scores
    assert objective.generator_loss(real, fake + 0.5) < objective.generator_loss(real, fake)
    assert objective.critic_loss(real, fake + 0.5) > objective.critic_loss(real, fake)


def test_losses_of_huge_scores_are_finite(objective):
    real, fake = (np.array([[sign * 1e4]], "float32") for sign in (1, -1))
    for pair in ((real, fake), (fake, real)):
        assert np.isfinite(float(objective.critic_loss(*pair)))
        assert np.isfinite(float(objective.generator_loss(*pair)))


def test_fields_rebuild_it(objective):
    assert type(objective)(**asdict(objective)) == objective


def test_names_are_unique():
    assert len({item().name for item in OBJECTIVES}) == len(OBJECTIVES)
