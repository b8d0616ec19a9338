"""The quantile function beyond the outermost training values."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from scipy.special import ndtr, ndtri

from fatgan.representations.scaling import QuantileScaling
from fatgan.representations.tails import ANCHOR, quantile_table

GRID = np.linspace(-8, 8, 4097)


@given(
    npst.arrays(np.float64, st.integers(2, 60), elements=st.floats(-5, 5)),
    st.floats(0, 3),
    st.floats(0, 3),
)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_tables_never_fall_and_stay_inside(column, below, above):
    """Few rows, ties, constants, data on the limits."""
    limits = column.min() - below, column.max() + above
    table = quantile_table(column, GRID, limits)
    assert np.all(np.diff(table) >= 0)
    assert limits[0] <= table[0]
    assert table[-1] <= limits[1]


def test_limits_are_widened_to_the_data():
    column = np.linspace(0, 1, 101)
    table = quantile_table(column, GRID, (0.4, 0.6))
    assert table[0] == pytest.approx(0, abs=1e-12)
    assert table[-1] == pytest.approx(1, abs=1e-12)


@pytest.mark.parametrize("law", ["normal", "exponential", "uniform"])
def test_the_body_is_the_empirical_quantile_function(law):
    rng = np.random.default_rng(1)
    column = {"normal": rng.normal, "exponential": rng.exponential, "uniform": rng.uniform}[law](
        size=5000
    )
    table = quantile_table(column, GRID, (-50, 50))
    body = (ndtr(GRID) > 0.003) & (ndtr(GRID) < 0.997)
    expected = np.quantile(column, ndtr(GRID[body]), method="weibull")
    np.testing.assert_allclose(table[body], expected, atol=1e-12)


LAWS = {
    "exponential": (lambda u: -np.log(u), lambda v: np.exp(-v), 25.0, 0.0),
    "flat up to the limit": (lambda u: 1 - u, lambda v: 1 - v, 1.0, 0.0),
    # as u of the dis coordinates at x = 1: the slope of ln(survival) grows towards the limit
    "vanishing at the limit": (lambda u: 1 - u ** (1 / 6), lambda v: (1 - v) ** 6, 1.0, 0.15),
    "normal": (lambda u: -ndtri(u), lambda v: ndtr(-v), 25.0, 0.15),
}
"""Quantile function, survival function, limit, and the bias that the law may leave."""


@pytest.mark.parametrize("law", LAWS)
def test_the_rate_beyond_the_largest_training_value(law):
    """The mean rate of 2 million draws beyond the maximum of 20,000, over 400 samples.

    Whatever the law, the true rate beyond that maximum is 100 in the mean. Rate and truth differ
    by about 80 from sample to sample: within 4 sigma of zero (a false alarm in 16,000) their mean
    difference is below 16. Of a tail that steepens, the outermost values themselves see a slope
    that is a little too long; the slope of the last 0.2 % would be 60 % off.
    """
    quantile, survival, limit, bias = LAWS[law]
    rate, truth = [], []
    for seed in range(400):
        column = quantile(np.random.default_rng(seed).uniform(size=20_000))
        scaling = QuantileScaling.fit(column, (-limit, limit))
        z = scaling.forward(np.array([column.max()]))[0]
        rate.append(2e6 * ndtr(-z))
        truth.append(2e6 * survival(column.max()))
    difference = np.subtract(rate, truth)
    error = difference.std() / np.sqrt(len(difference))
    assert error < 6
    assert abs(difference.mean()) < 4 * error + 100 * bias
    assert np.mean(truth) == pytest.approx(100, abs=4 * 100 / np.sqrt(400))


def test_draws_beyond_the_maximum_fall_off_like_the_truth():
    """Draws that follow: the counts of one sample are Poisson of its table's rate (4 sigma)."""
    column = np.random.default_rng(3).exponential(1.0, 20_000)
    scaling = QuantileScaling.fit(column, (0.0, 25.0))
    values = scaling.inverse(np.random.default_rng(4).normal(size=2_000_000))
    beyond = values[values > column.max()]
    z = scaling.forward(np.array([column.max()]))[0]
    rate = 2e6 * ndtr(-z)
    assert abs(len(beyond) - rate) < 4 * np.sqrt(rate)
    # memoryless: the mean excess is the decay length, 1, as well as 40 events of the tail know it
    assert (beyond - column.max()).mean() == pytest.approx(1.0, abs=4 / np.sqrt(len(beyond)) + 0.4)
    assert len(np.unique(beyond)) == len(beyond)


def test_the_tail_is_right_for_both_ends_alike():
    column = np.random.default_rng(5).exponential(1.0, 20_000)
    up = quantile_table(column, GRID, (0.0, 25.0))
    down = quantile_table(-column, GRID, (-25.0, 0.0))
    np.testing.assert_allclose(-down[::-1], up, atol=1e-12)


@pytest.mark.parametrize("found", [False, True], ids=["declared edge", "found edge"])
def test_no_atom_and_no_hole_at_a_hard_edge(found):
    """Uniform above an edge at 2: the density goes flat into it.

    A single sample knows the slope at the edge from its 10 lowest values only; the mean of 400
    samples is within 15 % of flat (its error is 2.4 %; as the exponential is convex, 5 % too many
    are nearest to the edge), and a tail that takes the mean excess for the decay length is 40 %
    off.
    """
    shares = []
    for seed in range(400):
        column = 2 + np.random.default_rng(seed).uniform(0, 1, 20_000)
        scaling = QuantileScaling.fit(column, (column.min() if found else 2.0, 3.0))
        lower, upper = scaling.table[0], np.sort(column)[ANCHOR]
        assert lower == pytest.approx(column.min() if found else 2.0, abs=1e-6)
        edges = np.linspace(lower, upper, 5)[1:]
        share = ndtr(scaling.forward(edges))
        shares.append(np.diff(share, prepend=0.0) / share[-1])
    assert np.mean(shares, axis=0) == pytest.approx(0.25, rel=0.15)


def test_what_is_drawn_at_a_hard_edge_does_not_pile_up():
    column = 2 + np.random.default_rng(6).uniform(0, 1, 20_000)
    scaling = QuantileScaling.fit(column, (2.0, 3.0))
    values = scaling.inverse(np.random.default_rng(7).normal(size=2_000_000))
    assert values.min() >= 2
    assert len(np.unique(values)) == len(values)
    # the first 1/200 of the range holds about 100 training values, and 10,000 draws (4 sigma)
    expected = 100 * np.count_nonzero(column < 2.005)
    assert abs(np.count_nonzero(values < 2.005) - expected) < 4 * np.sqrt(expected)


@pytest.mark.parametrize("limit", [4.0, 11.0, 12.5])
def test_tails_end_at_the_kinematic_limit(limit):
    column = np.random.default_rng(8).exponential(1.0, 20_000)
    column = column[column < limit]
    table = quantile_table(column, GRID, (0.0, limit))
    assert table[-1] == pytest.approx(limit, abs=0.05)
    assert table[-1] <= limit
    # and they end smoothly: what is drawn near the limit is not stuck on it
    rate = 1 - ndtr(GRID[np.searchsorted(table, limit - 1e-6)])
    assert rate < 1e-4


def test_rounded_data_with_ties_keep_their_values():
    column = np.round(np.random.default_rng(9).exponential(1.0, 5000), 1)
    table = quantile_table(column, GRID, (0.0, 20.0))
    middle = table[np.searchsorted(GRID, ndtri(0.5))]
    assert middle == pytest.approx(np.median(column), abs=0.05)
    assert table[-1] <= 20.0
