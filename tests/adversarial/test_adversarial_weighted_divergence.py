"""The distance to weighted selection rows: its law between samples of one truth."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fatgan.adversarial.divergence import Divergence
from fatgan.adversarial.shares import Counts, WeightedShares
from fatgan.errors import DataError


def normal(n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n, 2))


def reweighted(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Wide normal rows with the weights that make them of unit width, between 0 and 2.25."""
    rows = 1.5 * normal(n, seed)
    return rows, 1.5**2 * np.exp(-0.5 * np.sum(rows**2, axis=1) * (1 - 1 / 1.5**2))


def subtracted(n: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Normal rows, and as many shifted ones of weight 1/2 as of weight -1/2."""
    rows = normal(n, seed)
    weights = np.where(np.arange(n) % 2, 1.0, np.where(np.arange(n) % 4, 0.5, -0.5))
    rows[weights < 1] += 0.7
    return rows, weights


def measured(sample, pairs: int, width: float = 1.0, n: int = 600) -> np.ndarray:
    """Return values and errors of many pairs, shape (2, pairs)."""
    training = 1.2 * normal(4000, 0)
    return np.array(
        [
            Divergence(training, *sample(n, 1000 + seed)).measure(
                [width * normal(4 * n, 5000 + seed)]
            )
            for seed in range(pairs)
        ]
    ).T


@pytest.mark.parametrize("sample", [reweighted, subtracted])
def test_the_law_between_samples_of_one_truth(sample):
    """Mean 0 and the stated error, in 200 pairs: each bound is off by chance once in 15,000."""
    values, errors = measured(sample, 200)
    law = np.median(errors[values <= 0])  # without an excess
    assert abs(values.mean()) < 4 * law / math.sqrt(200)
    # a chi2 of some ten degrees of freedom has an excess kurtosis of about 1
    assert abs(values.std() / law - 1) < 4 * math.sqrt((2 + 1) / 200) / 2


def test_a_wrong_width_is_seen_and_without_the_weights_all_is_wrong():
    values, errors = measured(reweighted, 10, width=1.3)
    assert values.mean() > 4 * errors.mean() / math.sqrt(10)
    rows, _ = reweighted(600, 1)
    value, error = Divergence(normal(4000, 0), rows).measure([normal(2400, 2)])
    assert value > 4 * error


@pytest.mark.parametrize("weight", [1.0, 0.2])
def test_equal_weights_change_nothing(weight):
    training, rows, made = normal(3000, 1), normal(1000, 2), normal(4000, 3)
    plain = Divergence(training, rows).measure([made])
    assert Divergence(training, rows, np.full(1000, weight)).measure([made]) == plain


def test_rows_of_weight_one_have_the_distance_of_their_counts():
    """But for products of two errors: to 2 % of the error."""
    rng = np.random.default_rng(4)
    cells, generated = rng.integers(20, size=4000), rng.multinomial(16_000, np.full(20, 0.05))
    plain = Counts(np.bincount(cells)).distance(generated)
    found = WeightedShares.of(cells, 20, np.ones(4000)).distance(generated)
    assert found.value == pytest.approx(plain.value, abs=0.02 * plain.error)
    assert found.error == pytest.approx(plain.error, rel=0.02)


def test_a_cell_of_negative_weight_keeps_the_distance_finite():
    shares = WeightedShares.of(np.array([0, 0, 1, 2]), 4, np.array([1.0, 1.0, 1.0, -1.0]))
    value, error = shares.distance(np.array([5, 5, 0, 0]))
    assert math.isfinite(value)
    assert error > 0


def test_rows_count_by_what_their_weights_make_them_worth():
    training, rows = normal(20_000, 1), normal(8000, 2)
    halved = np.tile([1.0, 0.0], 4000)
    assert len(Divergence(training, rows, halved).partition) == 16
    assert len(Divergence(training, rows).partition) == 32
    one = np.zeros(8000)
    one[:30] = 1.0
    with pytest.raises(DataError, match=r"8,000 rows, which their weights make worth 30, are too"):
        Divergence(training, rows, one)
    with pytest.raises(DataError, match="sum to -8000"):
        Divergence(training, rows, -np.ones(8000))
