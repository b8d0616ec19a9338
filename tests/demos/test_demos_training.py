"""Demonstrations with a training, on small budgets: their facts against theory."""

from __future__ import annotations

import numpy as np
import pytest

from fatgan.demos import clipping, inverse_cdf, mode_collapse, optimal_discriminator, vanishing
from fatgan.demos.targets import grid


def test_the_value_of_the_best_discriminator_is_that_of_the_jensen_shannon_identity():
    facts = optimal_discriminator.draw(seed=2, steps=300).facts
    assert facts["identity_gap"] < 1e-6
    assert facts["value_best"] == pytest.approx(-2 * np.log(2) + 2 * facts["js"], abs=1e-6)
    # nothing is better than the best, and 300 updates come near it
    assert facts["value_best"] - 0.05 < facts["value_trained"] < facts["value_best"]
    assert facts["error_trained"] < 0.05


def test_equal_gaussians_would_leave_the_discriminator_at_one_half(monkeypatch):
    monkeypatch.setattr(optimal_discriminator, "FAKE", optimal_discriminator.REAL)
    assert optimal_discriminator.jensen_shannon() == pytest.approx(0, abs=1e-9)
    best = optimal_discriminator.value(optimal_discriminator.log_odds)
    assert best == pytest.approx(-2 * np.log(2), abs=1e-9)


def test_a_better_discriminator_stops_the_minimax_generator_only():
    facts = vanishing.draw(seed=2, steps=1500).facts
    assert facts["minimax_norm_ratio"] < 1e-3
    assert facts["minimax_spread_ratio"] < 1e-3
    assert facts["non_saturating_norm_ratio"] > 3
    assert facts["non_saturating_spread_ratio"] > 3


def test_clipped_weights_pile_up_and_the_penalty_brings_the_slope_to_one():
    facts = clipping.draw(seed=2, steps=500).facts
    assert facts["clipped_share_at_limit"] > 0.3
    assert facts["penalty_share_at_limit"] < 0.01
    assert facts["penalty_slope"] == pytest.approx(1, abs=0.15)
    assert facts["penalty_slope_error"] < 0.2 < facts["clipped_slope_error"]


def test_a_learned_map_comes_near_the_inverse_cdf():
    facts = inverse_cdf.draw(seed=1, steps=600).facts
    assert facts["map_error"] < 0.2 < facts["map_error_at_start"]
    assert facts["monotone_share"] > 0.95
    assert facts["mean"] == pytest.approx(4, abs=0.2)


def test_a_mode_is_covered_by_a_quarter_of_its_share_of_good_points():
    target = grid(side=2, spacing=2.0, width=0.1)
    points = np.concatenate(
        [
            np.repeat(target.centres[:1], 80, axis=0),
            np.repeat(target.centres[1:2], 7, axis=0),
            np.repeat(target.centres[2:3], 3, axis=0),
            np.zeros((10, 2)),  # between the modes
        ]
    )
    assert mode_collapse.coverage(points, target) == (2, 0.9)


def test_samples_of_the_target_cover_every_mode():
    # of 25 modes with 200 points each none is below 50; 3 widths hold 98.9 % of a plane Gaussian
    points = mode_collapse.TARGET.sample(5000, np.random.default_rng(4))
    modes, good = mode_collapse.coverage(points, mode_collapse.TARGET)
    assert modes == 25
    assert good == pytest.approx(1 - np.exp(-4.5), abs=0.008)  # 5 standard deviations


def test_a_short_training_on_the_grid_says_what_it_covers():
    shown = mode_collapse.draw(seed=1, steps=10, names=("minibatch",), jit=False)
    assert set(shown.facts) == {"minibatch_modes", "minibatch_good"}
    assert 0 <= shown.facts["minibatch_modes"] <= 25
    assert 0 <= shown.facts["minibatch_good"] <= 1
    assert len(shown.figure.axes) == 1
