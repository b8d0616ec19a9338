"""Correlations and mutual information against NumPy, SciPy and scikit-learn."""

import numpy as np
import pytest
from permuted import measured, weighted
from scipy import stats
from sklearn.metrics import mutual_info_score

from analysis.scores.correlations import (
    PAIRED,
    Correlations,
    MutualInformation,
    correlation_matrix,
    mutual_information_matrix,
)
from analysis.summaries import SPECTRA
from analysis.summaries.columns import column
from fatgan.events import EventTable


def test_correlation_matrices_equal_numpy_and_scipy(pair, truth):
    table = pair.sample.rows
    columns = np.stack([column(name, table) for name in SPECTRA])
    np.testing.assert_allclose(correlation_matrix(table), np.corrcoef(columns), atol=1e-10)
    expected = stats.spearmanr(columns.T).statistic
    np.testing.assert_allclose(correlation_matrix(table, ranked=True), expected, atol=1e-10)
    w = np.random.default_rng(0).uniform(0, 2, len(table))
    covariance = np.cov(columns, aweights=w)
    sigma = np.sqrt(np.diag(covariance))
    np.testing.assert_allclose(
        correlation_matrix(weighted(table, w)), covariance / np.outer(sigma, sigma), atol=1e-10
    )
    twice = EventTable.concatenate([table, table])
    np.testing.assert_allclose(
        correlation_matrix(weighted(table, np.full(200, 2.0)), ranked=True),
        correlation_matrix(twice, ranked=True),
        atol=1e-10,
    )


def test_linear_correlations_are_the_difference_of_the_matrices(pair):
    tables = pair.reference.rows, pair.sample.rows
    a, b = (np.corrcoef([column(name, t) for name in SPECTRA]) for t in tables)
    upper = np.triu_indices(len(SPECTRA), 1)
    expected = np.sqrt(np.mean((a - b)[upper] ** 2))
    found = measured(Correlations(), pair)["linear correlations"]
    assert found.value == pytest.approx(expected, rel=1e-6)


def coded(values, like):
    return np.searchsorted(np.quantile(like, np.arange(1, 10) / 10), values, side="right")


def test_mutual_information_equals_scikit_learn(pair):
    tables = pair.reference.rows, pair.sample.rows
    matrices = []
    for table in tables:
        codes = [coded(column(n, table), column(n, tables[0])) for n in PAIRED]
        matrices.append([[mutual_info_score(i, j) for i in codes] for j in codes])
        np.testing.assert_allclose(
            mutual_information_matrix(table, tables[0]), matrices[-1], atol=1e-10
        )
    np.testing.assert_allclose(np.diag(matrices[0]), np.log(10))


def test_mutual_information_score_is_the_difference_in_common_cells(pair):
    tables = pair.reference.rows, pair.sample.rows
    pooled = EventTable.concatenate(tables)
    a, b = (mutual_information_matrix(table, pooled) for table in tables)
    expected = np.sqrt(np.mean((a - b)[np.triu_indices(len(PAIRED), 1)] ** 2))
    (found,) = MutualInformation().measure(pair)
    assert found.value == pytest.approx(expected, rel=1e-9)
