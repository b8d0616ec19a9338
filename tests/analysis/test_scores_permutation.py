"""Scores with a permutation law against independent references, and what they must see."""

import numpy as np
import ot
import pytest
from scipy import linalg, stats
from scipy.spatial.distance import cdist, pdist
from sklearn.metrics import mutual_info_score

from analysis.comparison import Comparison
from analysis.features import SMOOTH
from analysis.scores import mmd, permutation, sliced
from analysis.scores.correlations import (
    PAIRED,
    Correlations,
    MutualInformation,
    correlation_matrix,
    mutual_information_matrix,
)
from analysis.scores.mmd import GaussianMMD
from analysis.scores.permutation import Blocks
from analysis.scores.physics_distances import (
    FrechetDistance,
    KernelDistance,
    frechet_of_normals,
)
from analysis.scores.sliced import DIRECTIONS, SlicedDistances, uniform_directions
from analysis.summaries import SPECTRA
from analysis.summaries.columns import column
from fatgan.events import EventTable

ALL = (
    SlicedDistances(),
    FrechetDistance(),
    KernelDistance(),
    GaussianMMD(),
    Correlations(),
    MutualInformation(),
)
DIMENSIONS = len(SMOOTH)


def weighted(table, weights):
    return EventTable(*table.momenta, table.collision, weights=weights)


def measured(score, comparison):
    return {m.name: m for m in score.measure(comparison)}


def records(comparison):
    return [m.record(s.name, comparison.seed) for s in ALL for m in s.measure(comparison)]


@pytest.fixture
def quick(monkeypatch):
    """Fewer directions, frequencies and blocks, for tests that need many pairs of samples."""
    monkeypatch.setattr(permutation, "BLOCKS", 30)
    monkeypatch.setattr(sliced, "DIRECTIONS", 4)
    monkeypatch.setattr(mmd, "FREQUENCIES", 32)


@pytest.fixture(scope="module")
def pair(truth):
    """As many events as are exact in every score, a multiple of the length of blocks."""
    return Comparison(truth(200, 1), truth(200, 2, edge=4.2), seed=5)


@pytest.fixture(scope="module")
def normals(truth):
    """Features of normal laws of unit covariance, one of them shifted."""
    rng = np.random.default_rng(8)
    n, m, shift = 3000, 2000, np.linspace(-1.5, 2.0, DIMENSIONS)
    comparison = Comparison(truth(n, 1), truth(m, 2))
    features = rng.normal(size=(n, DIMENSIONS)), rng.normal(shift, size=(m, DIMENSIONS))
    vars(comparison)["standardised"] = features
    return comparison, shift


def directions_of(comparison):
    return uniform_directions(DIRECTIONS, DIMENSIONS, comparison.rng(SlicedDistances.name))


def test_sliced_distances_equal_pot_and_scipy(pair):
    a, b = pair.standardised
    axes = directions_of(pair)
    found = measured(SlicedDistances(), pair)
    expected = ot.sliced_wasserstein_distance(a, b, projections=axes.T, p=1)
    assert found["sliced W1"].value == pytest.approx(float(expected), rel=1e-9)
    projected = [(a @ axis, b @ axis) for axis in axes]
    expected = np.mean([stats.ks_2samp(*both).statistic for both in projected])
    assert found["sliced KS"].value == pytest.approx(expected, rel=1e-9)
    expected = np.mean([stats.energy_distance(*both) ** 2 for both in projected])
    assert found["sliced energy distance"].value == pytest.approx(expected, rel=1e-9)


def test_sliced_distances_honour_weights(truth):
    rng = np.random.default_rng(0)
    tables = [weighted(truth(200, seed), rng.uniform(0.9, 1.1, 200)) for seed in (1, 2)]
    comparison = Comparison(*tables)
    assert Blocks(comparison).sizes == (200, 200)
    projected = [[s @ axis for s in comparison.standardised] for axis in directions_of(comparison)]
    w = [table.weights for table in tables]
    expected = np.mean([stats.wasserstein_distance(*both, *w) for both in projected])
    assert measured(SlicedDistances(), comparison)["sliced W1"].value == pytest.approx(expected)


def test_sliced_distances_of_shifted_normals_are_the_closed_forms(normals):
    comparison, shift = normals
    moved = np.abs(directions_of(comparison) @ shift)
    found = measured(SlicedDistances(), comparison)
    # 500 cells and a finite sample; 4 sigmas are a false alarm of 6e-5 each
    for name, expected in (
        ("sliced W1", moved),
        ("sliced KS", 2 * stats.norm.cdf(moved / 2) - 1),
        (
            "sliced energy distance",
            2 * stats.foldnorm.mean(moved / 2**0.5, scale=2**0.5) - 4 / np.pi**0.5,
        ),
    ):
        assert found[name].value == pytest.approx(expected.mean(), abs=4 * found[name].error)


def test_jackknife_error_is_the_closed_form(normals):
    comparison, shift = normals
    axes = directions_of(comparison)
    gradient = (np.sign(axes @ shift)[:, None] * axes).mean(axis=0)
    expected = np.linalg.norm(gradient) * (1 / 3000 + 1 / 2000) ** 0.5
    # of 250 blocks: 4.5 % uncertain; 4 sigmas
    assert measured(SlicedDistances(), comparison)["sliced W1"].error == pytest.approx(
        expected, rel=0.2
    )


def test_frechet_distance_of_normals_is_the_closed_form(normals):
    rng = np.random.default_rng(3)
    roots = rng.normal(size=(2, 4, 4))
    mu, nu = rng.normal(size=(2, 4))
    a, b = (root @ root.T for root in roots)
    expected = np.sum((mu - nu) ** 2) + np.trace(a + b - 2 * linalg.sqrtm(a @ b).real)
    assert frechet_of_normals(mu, a, nu, b) == pytest.approx(expected)
    comparison, shift = normals
    (found,) = FrechetDistance().measure(comparison)
    assert found.value == pytest.approx(shift @ shift, abs=4 * found.error)  # alarm 6e-5


def test_frechet_distance_has_no_bias_of_finite_size(truth):
    values = []
    for seed in range(10):
        comparison = Comparison(truth(400, 2 * seed), truth(400, 2 * seed + 1), seed=seed)
        (found,) = FrechetDistance().measure(comparison)
        values.append(found.value)
    spread = np.std(values, ddof=1) / 10**0.5
    plain = 2 * DIMENSIONS / 400  # of the means alone, without the line in 1/N
    assert np.mean(values) == pytest.approx(0, abs=4 * spread)
    assert spread < plain


def u_statistic(kernel, w):
    """The mean of a kernel over pairs of different events, with weights, by brute force."""
    pairs = np.outer(w, w)
    np.fill_diagonal(pairs, 0)
    return np.sum(pairs * kernel) / pairs.sum()


def brute_force_mmd2(a, b, kernel, w_a, w_b):
    cross = w_a @ kernel(a, b) @ w_b / (w_a.sum() * w_b.sum())
    return u_statistic(kernel(a, a), w_a) + u_statistic(kernel(b, b), w_b) - 2 * cross


@pytest.mark.parametrize("scheme", ["none", "both signs"])
def test_kernel_distance_equals_brute_force(truth, scheme):
    rng = np.random.default_rng(4)
    tables = truth(200, 1), truth(200, 2)
    w = np.ones((2, 200))
    if scheme == "both signs":
        w[:, :4] = -1  # as many effective events on both sides, and in one block each
        w = rng.permuted(w, axis=1)
        tables = [weighted(table, row) for table, row in zip(tables, w, strict=True)]
    comparison = Comparison(*tables)
    assert Blocks(comparison).sizes == (200, 200)
    (found,) = KernelDistance().measure(comparison)
    expected = brute_force_mmd2(
        *comparison.standardised, lambda x, y: (x @ y.T / DIMENSIONS + 1) ** 4, *w
    )
    assert found.value == pytest.approx(expected, rel=1e-9)


def test_mmd_equals_brute_force_within_the_error_of_its_features(normals):
    comparison, _ = normals
    a, b = comparison.standardised
    median = np.median(pdist(np.concatenate([a[:1000], b[:1000]])))
    for (name, found), factor in zip(
        measured(GaussianMMD(), comparison).items(), (2, 1, 0.5), strict=True
    ):
        assert name == f"MMD^2 ({factor:g} median)"
        scale = 2 * (factor * median) ** 2
        expected = brute_force_mmd2(
            a,
            b,
            lambda x, y, scale=scale: np.exp(-cdist(x, y, "sqeuclidean") / scale),
            np.ones(len(a)),
            np.ones(len(b)),
        )
        # 9 % is one standard deviation
        assert found.value == pytest.approx(expected, rel=0.35)


def test_fourier_features_give_kernels_of_three_widths():
    rng = np.random.default_rng(0)
    columns = rng.normal(size=(3, 50))
    features = mmd.fourier_features(columns, rng.normal(size=(20_000, 3)) / 4)
    for part, width in zip(np.split(features, 3), (4, 2, 1), strict=True):
        expected = np.exp(-cdist(columns.T, columns.T, "sqeuclidean") / (2 * width**2))
        # 1225 pairs, each with an error below 1/sqrt(40,000): a false alarm of 1e-5
        np.testing.assert_allclose(part.T @ part, expected, atol=6 / 200)
        np.testing.assert_allclose(np.sum(part**2, axis=0), 1, atol=1e-4)


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


@pytest.mark.usefixtures("quick")
def test_p_values_are_uniform_between_samples_of_one_truth(truth):
    found = {}
    for seed in range(20):
        a, b = truth(400, 2 * seed), truth(300, 2 * seed + 1)
        if seed % 2:
            b = weighted(b, np.where(np.arange(300) % 20 == 0, -1.0, 1.0))
        for record in records(Comparison(a, b, seed=seed)):
            found.setdefault(record.name, []).append(record.p_value)
    assert len(found) == 11
    for name, p_values in found.items():
        # 11 such tests: a false alarm of 1e-3 in all
        assert stats.kstest(p_values, "uniform").pvalue > 1e-4, name


@pytest.mark.usefixtures("quick")
def test_a_scaled_transverse_momentum_is_seen(truth):
    a, b = truth(8000, 1), truth(8000, 2)
    px, py, pz = b.momenta
    sample = EventTable(1.1 * px, 1.1 * py, pz, b.collision)
    found = {record.name: record for record in records(Comparison(a, sample))}
    for name, record in found.items():
        if "correlations" not in name and name not in ("kernel distance", "mutual information"):
            assert record.p_value < 1e-6, name
            assert record.value - record.floor > 5 * record.error, name


@pytest.mark.usefixtures("quick")
def test_shuffled_pairs_are_seen_as_lost_correlations(truth):
    a, b = truth(2000, 1), truth(2000, 2)
    px, py, pz = b.momenta
    sample = EventTable(px, py, np.random.default_rng(0).permutation(pz), b.collision)
    found = {record.name: record.p_value for record in records(Comparison(a, sample))}
    assert found["rank correlations"] < 1e-6
    assert found["mutual information"] < 1e-6


def awkward(kind, truth):
    a, b = truth(20, 1), truth(20, 2)
    rng = np.random.default_rng(0)
    px, py, pz = b.momenta
    if kind == "one event repeated":
        return a, b[np.zeros(20, dtype=int)]
    if kind == "disjoint":
        return a, EventTable(20 * px, 20 * py, pz, b.collision)
    if kind == "weights that nearly cancel":
        w = np.where(rng.permutation(20) < 9, -1.0, 1.0)
        return weighted(a, rng.permutation(w)), weighted(b, w)
    if kind == "one weight outweighs all":
        return a, weighted(b, np.where(np.arange(20) == 3, 1e9, 1.0))
    if kind == "unphysical":
        return a, EventTable(0 * px, 0 * py, pz, b.collision)
    return a, truth(700, 3)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "kind",
    [
        "one event repeated",
        "disjoint",
        "weights that nearly cancel",
        "one weight outweighs all",
        "unphysical",
        "unequal",
    ],
)
def test_records_of_awkward_samples_are_finite(truth, kind):
    for record in records(Comparison(*awkward(kind, truth))):
        assert 0 <= record.p_value <= 1
        assert record.floor_repeats == 200


def test_blocks_leave_few_events_out_and_cap_the_larger_side(truth):
    for (n, m), sizes in {
        (20, 700): (20, 100),
        (399, 301): (399, 300),
        (1000, 3456): (1000, 3450),
    }.items():
        assert Blocks(Comparison(truth(n, 1), truth(m, 2))).sizes == sizes


def test_the_same_seed_gives_the_same_records(pair):
    again = Comparison(pair.reference, pair.sample, seed=5)
    assert records(again) == records(pair)
