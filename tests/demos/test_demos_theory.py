"""Demonstrations without a training: their facts are closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import wasserstein_distance

from fatgan.demos import disjoint, divergences, earth_mover


@pytest.fixture(scope="module")
def lines() -> dict[str, float]:
    return disjoint.draw(seed=3).facts


def test_jensen_shannon_of_disjoint_lines_is_ln_2_at_every_distance(lines):
    assert lines["js_apart_min"] == pytest.approx(np.log(2), abs=1e-12)
    assert lines["js_apart_max"] == pytest.approx(np.log(2), abs=1e-12)
    assert lines["js_together"] == 0


def test_the_other_divergences_of_disjoint_lines_are_flat_too(lines):
    assert lines["kl_apart"] == np.inf
    assert lines["total_variation_apart"] == pytest.approx(1, abs=1e-12)


def test_the_earth_mover_distance_of_the_lines_has_slope_one(lines):
    # 200 points are paired with an error along the lines of 0.03, a second-order one in theta
    assert lines["earth_mover_slope"] == pytest.approx(1, abs=0.02)
    assert lines["earth_mover_error"] < 0.12


def test_the_course_toy_takes_work_five_by_both_ways():
    facts = earth_mover.draw().facts
    assert facts["work"] == pytest.approx(5, abs=1e-9)
    assert facts["work_cumulative"] == pytest.approx(5, abs=1e-12)


def test_the_course_toy_has_the_divergences_of_its_fractions():
    facts = earth_mover.draw().facts
    kl = 0.3 * np.log(3) + 0.1 * np.log(1 / 4) + 0.4 * np.log(4 / 3)
    assert facts["kl"] == pytest.approx(kl, abs=1e-12)
    assert facts["total_variation"] == pytest.approx(0.3, abs=1e-12)
    assert 0 < facts["js"] < np.log(2)


def test_a_moving_plan_empties_and_fills_every_bin_at_the_least_work():
    rng = np.random.default_rng(5)
    p, q = rng.dirichlet(np.ones(6)), rng.dirichlet(np.ones(6))
    places = np.arange(6.0)
    steps = np.abs(places[:, None] - places)
    plan = divergences.moving_plan(p, q, steps)
    assert plan.min() >= 0
    np.testing.assert_allclose(plan.sum(axis=1), p, atol=1e-9)
    np.testing.assert_allclose(plan.sum(axis=0), q, atol=1e-9)
    expected = wasserstein_distance(places, places, p, q)
    assert (plan * steps).sum() == pytest.approx(expected, abs=1e-9)
    assert divergences.cumulative_cost(p, q) == pytest.approx(expected, abs=1e-12)
