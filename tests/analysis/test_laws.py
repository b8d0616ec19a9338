"""Laws: p-values against scipy's, their joins and their limits."""

import math

import numpy as np
import pytest
from scipy import stats

from analysis.laws import Closed, Drawn, Given, Normal, combined, significance, two_sided


@pytest.fixture(scope="module")
def draws():
    return stats.chi2(3).rvs(4000, random_state=1)


def test_drawn_law_has_the_moments_of_its_draws(draws):
    law = Drawn(draws)
    assert (law.mean, law.spread) == (draws.mean(), draws.std(ddof=1))
    assert law.draws == 4000


@pytest.mark.parametrize("level", [0.9, 0.5, 0.1, 0.02])
def test_p_value_in_the_bulk_is_the_share_of_draws_beyond(draws, level):
    """False alarm: 1e-6 per level (binomial, 5 sigmas)."""
    found = Drawn(draws).p_value(float(stats.chi2(3).isf(level)))
    assert found == pytest.approx(level, abs=5 * math.sqrt(level * (1 - level) / 4000))


@pytest.mark.parametrize("level", [1e-4, 1e-6])
def test_p_value_beyond_all_draws_is_of_the_fitted_tail(draws, level):
    """chi2 is a Pearson III law, so that only the draws' skewness is uncertain, to 10 %."""
    found = Drawn(draws).p_value(float(stats.chi2(3).isf(level)))
    assert abs(math.log10(found / level)) < 0.6


def test_p_values_fall_all_the_way(draws):
    found = [Drawn(draws).p_value(value) for value in np.linspace(0, 60, 500)]
    assert np.all(np.diff(found) <= 0)
    assert 0 < found[-1] < 1e-8
    assert found[0] == 1


def test_p_values_of_the_law_itself_are_uniform():
    """Each value with its own 100 draws; false alarm 1e-4."""
    rng = np.random.default_rng(2)
    found = [Drawn(row[1:]).p_value(row[0]) for row in rng.gamma(2, size=(1000, 101))]
    # (1 + k)/101 is uniform on a lattice: a step of it is spread evenly
    found = np.array(found) - rng.random(1000) / 101
    assert stats.kstest(found, "uniform").pvalue > 1e-4


def test_draws_without_spread_leave_no_doubt():
    law = Drawn(np.full(50, 0.1 + 0.2))
    assert law.spread == pytest.approx(0, abs=1e-15)
    assert law.p_value(0.3) == 1
    assert law.p_value(0.2) == 1
    assert law.p_value(0.4) == 0
    assert Drawn(np.array([1.0])).p_value(2.0) == 0


def test_closed_law_is_the_upper_tail():
    law = Closed(stats.chi2(7, scale=1 / 7))
    assert (law.mean, law.spread, law.draws) == (1, pytest.approx(math.sqrt(2 / 7)), 0)
    assert law.p_value(2.5) == pytest.approx(stats.chi2(7).sf(17.5))


def test_normal_law_has_two_sides():
    law = Normal(0.5, 0.01)
    assert law.p_value(0.52) == law.p_value(0.48) == pytest.approx(2 * stats.norm.sf(2))
    assert [Normal(1.0, 0.0).p_value(value) for value in (1.0, 1.1)] == [1, 0]


def test_given_p_values_are_probabilities():
    assert [Given(0, 1, p).p_value(3) for p in (-1e-18, 0.3, 1 + 1e-12)] == [0, 0.3, 1]


def test_two_sided_count_equals_scipys_test_of_a_fair_coin():
    coin = stats.binom(20, 0.5)
    for count in range(21):
        # mid-p leaves half of the count's own chance out, on both sides
        found = min(1.0, two_sided(coin, count) + float(coin.pmf(count)))
        assert found == pytest.approx(stats.binomtest(count, 20).pvalue)


def test_combined_p_value_is_bonferronis():
    assert combined([0.2, 0.01, 0.5]) == pytest.approx(0.03)
    assert combined([0.6, 0.7]) == 1
    assert combined([]) == 1


@pytest.mark.parametrize("sigmas", [-1.0, 0.0, 3.0, 8.0])
def test_significance_inverts_the_normal_tail(sigmas):
    assert significance(float(stats.norm.sf(sigmas))) == pytest.approx(sigmas, abs=1e-12)


def test_significance_of_the_impossible_is_infinite():
    assert significance(0.0) == math.inf
