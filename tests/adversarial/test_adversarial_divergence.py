"""The distance of a check: its cells, its law between samples of one truth, closed forms."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from fatgan.adversarial.divergence import Divergence
from fatgan.adversarial.partition import Partition
from fatgan.errors import DataError


def normal(n: int, seed: int) -> np.ndarray:
    """Rows of three correlated normal numbers."""
    mixing = np.array([[1.0, 0.6, 0.0], [0.0, 0.5, 0.2], [0.0, 0.0, 2.0]])
    return (np.random.default_rng(seed).normal(size=(n, 3)) @ mixing).astype("float32")


def test_cells_hold_equal_numbers_of_the_rows_they_are_made_from():
    rows = normal(6400, 1)
    np.testing.assert_array_equal(Partition(rows, 6).count(rows), np.full(64, 100))


def test_the_first_cut_is_the_median_of_the_widest_feature():
    rows = normal(1001, 1)
    rows[:5, 0] = 1e6  # far out, but few
    np.testing.assert_array_equal(
        Partition(rows, 1).cells(rows), rows[:, 2] > np.median(rows[:, 2])
    )


def test_rows_that_agree_share_a_cell():
    rows = np.repeat([[1.0, 2.0], [1.0, 3.0]], [900, 100], axis=0)
    counts = Partition(rows, 4).count(rows)
    assert len(counts) == 16
    assert sorted(counts[counts > 0]) in ([100, 900], [1000])


def test_the_law_between_samples_of_one_truth():
    """Mean 0 and the stated error, in 200 pairs: each bound is off by chance once in 15,000."""
    training, values = normal(3000, 0), []
    law = 2000 / (400 * 1600) * math.sqrt(2 * 15)
    for seed in range(200):
        divergence = Divergence(training, normal(400, 1000 + seed))
        value, error = divergence.measure([normal(1600, 2000 + seed)])
        values.append(value)
        # without an excess the error is that of the law
        assert error == pytest.approx(law) if value <= 0 else error > law
    assert abs(np.mean(values)) < 4 * law / math.sqrt(200)
    # a chi2 of 15 degrees of freedom has excess kurtosis 12/15
    assert abs(np.std(values) / law - 1) < 4 * math.sqrt((2 + 12 / 15) / 200) / 2
    beyond = np.mean(np.array(values) > law)
    expected = stats.chi2.sf(15 + math.sqrt(30), 15)
    assert abs(beyond - expected) < 4 * math.sqrt(expected / 200)


@pytest.mark.parametrize("amplitude", [0.2, 0.8])
def test_a_known_density_ratio_gives_its_divergence(amplitude):
    """Uniform against 1 + a cos(2 pi u), with w = m/(n + m) of the mixture from the second:

    the mean of (a cos)^2/(1 + w a cos) is (1/sqrt(1 - w^2 a^2) - 1)/w^2. In 32 cells it is less
    by 0.3 %. Over 20 pairs; each bound is off by chance once in 15,000.
    """
    n, m, pairs = 8_000, 32_000, 20
    measured = []
    for seed in range(pairs):
        draw = np.random.default_rng([seed, 7])
        u = draw.uniform(size=(2 * m + 20_000, 1))
        v = draw.uniform(size=len(u)) * (1 + amplitude)
        bent = u[v < 1 + amplitude * np.cos(2 * np.pi * u[:, 0])][:m]
        flat = draw.uniform(size=(2 * n, 1))
        measured.append(Divergence(flat[:n], flat[n:]).measure([bent]))
    values, errors = np.array(measured).T
    w = m / (n + m)
    expected = (1 / math.sqrt(1 - (w * amplitude) ** 2) - 1) / w**2
    noise = errors.mean()
    assert abs(values.mean() - expected) < 4 * noise / math.sqrt(pairs) + 0.005 * expected
    assert abs(values.std() / noise - 1) < 4 / math.sqrt(2 * pairs)


def test_samples_that_never_meet():
    training = np.random.default_rng(1).uniform(size=(4000, 1))
    n, m = 400, 1000
    low = np.linspace(0.0, 0.4, n)[:, None]
    divergence = Divergence(training, low)
    # the others share one cell more
    ndf = np.count_nonzero(divergence.partition.count(low))
    value, _ = divergence.measure([np.full((m, 1), 0.99)])
    assert value == pytest.approx((n + m) ** 2 / (n * m) * (1 - ndf / (n + m - 1)))


def test_chi2_is_that_of_a_contingency_table():
    training, a, b = normal(3000, 1), normal(1000, 2), 1.1 * normal(5000, 3)
    divergence = Divergence(training, a)
    cells = divergence.partition
    reference = stats.chi2_contingency([cells.count(a), cells.count(b)], correction=False)
    value, error = divergence.measure([b])
    excess = reference.statistic - reference.dof * 6000 / 5999
    assert value == pytest.approx(6000 / 5e6 * excess)
    assert error == pytest.approx(6000 / 5e6 * math.sqrt(2 * reference.dof + 4 * excess))


def test_pieces_add():
    divergence, rows = Divergence(normal(3000, 1), normal(1000, 2)), normal(3000, 3)
    assert divergence.measure([rows[:10], rows[10:2000], rows[2000:]]) == divergence.measure([rows])


@pytest.mark.parametrize(("rows", "cells"), [(40, 2), (500, 16), (10_000, 32), (40_000, 128)])
def test_more_rows_are_counted_in_more_cells(rows, cells):
    assert len(Divergence(normal(5000, 1), np.zeros((rows, 3))).partition) == cells


def test_too_few_rows():
    with pytest.raises(DataError, match="39 rows are too few"):
        Divergence(normal(3000, 1), normal(39, 2))
    divergence = Divergence(normal(3000, 1), normal(1000, 2))
    assert divergence.measure([]) is None
    assert divergence.measure([normal(999, 3)]) is None
    assert divergence.measure([normal(1000, 3)]) is not None
