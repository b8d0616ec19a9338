"""Summaries: the same whatever the chunks, the weights' way of writing, or the cells."""

import math
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.summaries import SPECTRA, Content, Grid, permuted_shares, summarise
from analysis.summaries.grid import bin_number, equal_population_edges
from analysis.summaries.summary import Harmonics
from fatgan.events import EventTable, Fiducial

EXAMPLES = settings(max_examples=25, deadline=None, derandomize=True)
VALUES = st.lists(st.sampled_from([-2.0, -1.0, 0.0, 0.5, 1.0, 3.0]), min_size=1, max_size=40)
EDGES = st.lists(st.sampled_from([-1.5, -1.0, 0.0, 0.5, 0.75, 2.0]), max_size=6, unique=True)


def same(a, b):
    for field in fields(a):
        mine, theirs = getattr(a, field.name), getattr(b, field.name)
        if isinstance(mine, Content | Harmonics):
            same(mine, theirs)
        elif field.name == "spectra":
            for name in SPECTRA:
                same(mine[name], theirs[name])
        elif isinstance(mine, dict | int):
            assert mine == theirs
        else:
            assert np.allclose(mine, theirs, rtol=1e-12, atol=1e-9), field.name


def weights_for(values, seed=0):
    return np.random.default_rng(seed).integers(-1, 4, len(values)).astype(float)


def weighted(table, weights):
    return EventTable(*table.momenta, table.collision, weights=weights)


@EXAMPLES
@given(VALUES, EDGES, st.integers(0, 40), st.booleans())
def test_content_of_chunks_is_that_of_the_whole(values, edges, cut, has_weights):
    values, edges = np.array(values), np.sort(edges)
    w = weights_for(values) if has_weights else None
    parts = [slice(None, cut), slice(cut, None)]
    chunks = [Content.of(values[p], None if w is None else w[p], edges) for p in parts]
    same(chunks[0] + chunks[1], Content.of(values, w, edges))


@EXAMPLES
@given(VALUES, EDGES)
def test_cells_hold_their_lower_edge_and_sum_what_is_in_them(values, edges):
    values, edges = np.array(values), np.sort(edges)
    w = weights_for(values)
    content = Content.of(values, w, edges)
    outer = np.concatenate([[-10], edges, [10]])
    for column, weights in ((content.count, None), (content.w, w), (content.w2, w**2)):
        assert np.allclose(column, np.histogram(values, outer, weights=weights)[0])
    assert np.allclose(content.x, np.histogram(values, outer, weights=values)[0])
    assert np.allclose(content.moments, [w.sum(), w @ values, w @ values**2])


@EXAMPLES
@given(VALUES, EDGES)
def test_weights_of_one_are_no_weights(values, edges):
    values, edges = np.array(values), np.sort(edges)
    ones = Content.of(values, np.ones(len(values)), edges)
    same(ones, Content.of(values, None, edges))
    assert not ones.weighted


@EXAMPLES
@given(VALUES, EDGES)
def test_joined_cells_are_those_of_fewer_edges(values, edges):
    values, edges = np.array(values), np.sort(edges)
    kept = np.arange(len(edges)) % 2 == 0
    starts = np.append(0, np.flatnonzero(kept) + 1)
    joined = Content.of(values, weights_for(values), edges).joined(starts)
    same(joined, Content.of(values, weights_for(values), edges[kept]))


@EXAMPLES
@given(VALUES, EDGES)
def test_weights_repeat_events_but_for_their_variance(values, edges):
    values, edges = np.array(values), np.sort(edges)
    w = np.abs(weights_for(values)) + 1
    found = Content.of(values, w, edges)
    repeated = Content.of(np.repeat(values, w.astype(int)), None, edges)
    assert np.allclose(found.w, repeated.w)
    assert np.allclose(found.moments, repeated.moments)
    assert found.sigma == pytest.approx(repeated.sigma)
    # an event of weight 3 is one event, with the variance of 9
    assert np.all(found.w2 >= repeated.w2)
    assert found.count.sum() == len(values)


@pytest.mark.parametrize("has_weights", [False, True])
def test_summary_of_chunks_is_that_of_the_whole(truth, has_weights):
    table = truth(600, 1)
    if has_weights:
        table = weighted(table, np.random.default_rng(0).normal(1, 1, 600))
    grid, region = Grid.of(table, truth(500, 2), (600, 500)), Fiducial(4.1, cut="y < 0.5")
    whole = summarise([table], grid, region)
    same(summarise([table[:7], table[7:7], table[7:301], table[301:]], grid, region), whole)
    assert whole.events == 600
    assert 0 < whole.outside["outside declared cut"] < 600
    assert whole.plane.count.sum() == 600


def test_summary_of_weights_of_one_is_that_of_none(truth):
    table = truth(500, 3)
    ones = weighted(table, np.ones(500))
    region = Fiducial.found(table)
    grids = [Grid.of(t, truth(500, 4), (500, 500)) for t in (table, ones)]
    same(summarise([ones], grids[0], region), summarise([table], grids[0], region))
    populations = [
        summarise([table], g, region).spectra["x"].joined(g.spectra["x"].bins).count for g in grids
    ]
    assert np.abs(populations[0] - populations[1]).max() <= 1


def test_bins_and_plane_cells_hold_equal_numbers_of_the_reference(truth):
    table = truth(5000, 5)
    grid = Grid.of(table, truth(5000, 6), (5000, 5000))
    summary = summarise([table], grid, Fiducial.found(table))
    for name in SPECTRA:
        count = summary.spectra[name].joined(grid.spectra[name].bins).count
        assert (count.min(), count.max()) == (100, 100), name
    assert len(summary.plane.count) == 15 * 15
    assert summary.plane.count.min() >= 5000 // 225 - 1
    assert summary.plane.count.max() <= 5000 // 225 + 2


def test_values_that_repeat_have_bins_of_their_own():
    column = np.concatenate([np.zeros(500), np.linspace(1, 2, 500)])
    edges = equal_population_edges(column, 10)
    counts = np.bincount(np.searchsorted(edges, column, side="right"))
    assert counts.max() == 500
    assert counts[(counts > 0) & (counts < 500)].tolist() == [100] * 5
    assert len(equal_population_edges(np.full(30, 7.0), 10)) <= 2


def test_weighted_bins_hold_equal_weight():
    rng = np.random.default_rng(1)
    x = rng.uniform(0, 1, 100_000)
    # density 2x: the quantiles are roots
    assert equal_population_edges(x, 4, 2 * x) == pytest.approx(
        np.sqrt([0.25, 0.5, 0.75]), abs=0.01
    )


@pytest.mark.parametrize(
    ("sizes", "expected"), [((20, 10**6), 2), ((300, 400), 30), ((10**6, 10**6), 50)]
)
def test_fewer_events_fill_fewer_bins(sizes, expected):
    assert bin_number(*sizes, 50) == expected


def test_harmonics_covariances_equal_numpys(truth):
    table = truth(2000, 7, ripple=0.5)
    w = np.random.default_rng(2).uniform(0.5, 2, 2000)
    sums = Harmonics.of(weighted(table, w))
    for order in (1, 3):
        z = np.exp(1j * order * table["phi"])
        mean = np.average(z, weights=w)
        shares = w * (z - mean)
        expected = np.array([shares.real, shares.imag])
        assert sums.means[order - 1] == pytest.approx(mean)
        assert sums.covariances()[order - 1] == pytest.approx(expected @ expected.T, rel=1e-9)


@pytest.mark.parametrize("has_weights", [False, True])
def test_permuted_shares_have_the_variances_of_the_difference(has_weights):
    """Of 4000 draws; false alarm about 1e-6 (8 % are 5 sigmas of a variance, in 5 cells)."""
    rng = np.random.default_rng(3)
    sides = []
    for size in (3000, 1000):
        w = rng.uniform(0, 2, size) if has_weights else None
        values = rng.integers(0, 5, size).astype(float)
        sides.append(Content.of(values, w, np.arange(0.5, 4)))
    drawn = permuted_shares(*sides, 4000, rng)
    p = np.average([c.shares for c in sides], axis=0, weights=[c.effective for c in sides])
    variances = np.sum([c.variances for c in sides], axis=0)
    expected = variances * (1 - p) ** 2 + p**2 * (variances.sum() - variances)
    for shares in drawn:
        assert shares.sum(axis=1) == pytest.approx(1, abs=1e-12)
        assert shares.mean(axis=0) == pytest.approx(p, abs=5 * 0.4 / math.sqrt(4000 * 1000))
    assert (drawn[0] - drawn[1]).var(axis=0) == pytest.approx(expected, rel=0.12)


def test_permuted_shares_keep_every_event():
    a, b = (Content.of(np.arange(n) % 3.0, None, np.array([0.5, 1.5])) for n in (30, 12))
    first, second = permuted_shares(a, b, 50, np.random.default_rng(0))
    assert 30 * first + 12 * second == pytest.approx(np.tile(a.count + b.count, (50, 1)))


def test_permuted_shares_with_negative_cells_are_numbers():
    values, edges = np.repeat([0.0, 1.0, 2.0], 50), np.array([0.5, 1.5])
    w = np.repeat([1.0, 0.5, -0.1], 50)
    sides = Content.of(values, None, edges), Content.of(values, w, edges)
    for shares in permuted_shares(*sides, 500, np.random.default_rng(0)):
        assert shares.sum(axis=1) == pytest.approx(1, abs=1e-12)


def test_a_variance_of_unphysical_values_is_a_number(truth):
    table = truth(300, 8)
    px, py, pz = (column.copy() for column in table.momenta)
    pz[:100] = 3000.0
    broken = EventTable(px, py, pz, table.collision)
    summary = summarise([broken], Grid.of(table, broken, (300, 300)), Fiducial.found(table))
    assert all(np.isfinite(content.sigma) for content in summary.spectra.values())
    assert summary.outside["outside x <= 1"] == 100
    assert all(content.count.sum() == 300 for content in summary.spectra.values())
