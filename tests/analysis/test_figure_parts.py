"""The parts of figures: axes, histograms, contours, classifier weights, training curves."""

import numpy as np
import pytest

from analysis.figures.axes import whole_axis
from analysis.figures.contours import fraction_levels
from analysis.figures.histograms import Counts, count, joined_bins, pull, ratio
from analysis.figures.training import draw_training, running_median
from analysis.summaries import SPECTRA
from fatgan.events import EventTable


@pytest.fixture(scope="module")
def pair(truth):
    return truth(3000, 1), truth(2000, 2)


@pytest.mark.parametrize("name", SPECTRA)
@pytest.mark.parametrize("adaptive", [True, False])
def test_axes_hold_all_events(pair, name, adaptive):
    a, b = (table[name] for table in pair)
    axis = whole_axis(name, a, b, 50, adaptive=adaptive)
    assert (np.diff(axis.edges) > 0).all()
    for table in pair:
        assert axis.outside(table[name]) == (0, 0)
        assert count(table, axis).w.sum() == len(table)
    for ticks in (axis.ticks(), axis.ticks(3, 0.22)):
        assert len(ticks) >= 2
        assert axis.edges[0] <= ticks[0] < ticks[-1] <= axis.edges[-1]


def test_scale_fits_the_spectrum():
    rng = np.random.default_rng(0)
    tailed = np.concatenate([rng.normal(0, 1, 1000), [-80.0, 90.0]])
    assert whole_axis("px", tailed, tailed, 10).scale == "asinh"
    assert whole_axis("phi", *rng.uniform(-3, 3, (2, 100)), 10).scale == "linear"
    assert whole_axis("Q2", *rng.uniform(1, 3, (2, 100)), 10).scale == "log"


def test_wild_events_do_not_squeeze_the_axis(pair):
    wild = np.append(pair[1]["px"], np.full(5, 1e9))
    axis = whole_axis("px", pair[0]["px"], wild, 50)
    assert axis.edges[-1] < 1e5
    assert axis.outside(wild) == (0, 5)


def test_weighted_counts_are_numpys(pair):
    table = pair[0]
    weights = np.random.default_rng(1).normal(1, 1, len(table))
    weighted = EventTable(*table.momenta, table.collision, weights=weights)
    x, Q2 = (whole_axis(name, table[name], table[name], 12) for name in ("x", "Q2"))
    counts = count(weighted, x, Q2)
    for found, w in ((counts.w, weights), (counts.w2, weights**2)):
        expected = np.histogram2d(table["x"], table["Q2"], [x.edges, Q2.edges], weights=w)[0]
        assert found == pytest.approx(expected, abs=1e-9)
    assert counts.total == pytest.approx(weights.sum())
    assert (counts.entries[counts.w <= 0] == 0).all()


def test_ratio_and_pull_of_known_counts():
    a = Counts(np.array([100.0, 0, 400]), np.array([100.0, 0, 400]), 500.0)
    b = Counts(np.array([60.0, 0, 200]), np.array([120.0, 0, 400]), 260.0)
    assert ratio(a, b) == pytest.approx([60 / 260 * 5, np.nan, 200 / 260 * 1.25], nan_ok=True)
    error = np.sqrt(100 / 500**2 + 120 / 260**2)
    assert pull(a, b)[0] == pytest.approx((60 / 260 - 0.2) / error)
    assert np.isnan(pull(a, b)[1])
    assert b.entries.tolist() == [30, 0, 100]


def test_pulls_of_one_truth_are_standard_normal(truth):
    pulls = []
    for seed in range(4):
        a, b = truth(20_000, 10 + seed), truth(10_000, 20 + seed)
        rng = np.random.default_rng(seed)
        b = EventTable(*b.momenta, b.collision, weights=rng.exponential(size=len(b)))
        axis = whole_axis("phi", a["phi"], b["phi"], 50)
        pulls.append(pull(count(a, axis), count(b, axis)))
    # of 200 nearly independent pulls: 1 +- 0.05, so at 4 sigma a false alarm in 16,000 runs
    assert np.std(pulls) == pytest.approx(1, abs=0.2)


def test_ratio_bins_are_joined_until_filled():
    w = np.array([1.0, 2, 3, 100, 5, 5, 40, 1])
    counts = Counts(w, w, float(w.sum()))
    starts = joined_bins(counts, 10)
    assert starts[0] == 0
    assert counts.joined(starts).entries.min() >= 10
    assert joined_bins(Counts(np.zeros(4), np.zeros(4), 1.0), 10).tolist() == [0]


def test_contours_hold_their_fractions():
    density = np.array([[4.0, 3.0], [2.0, 1.0]])
    assert fraction_levels(density, (0.4, 0.7, 0.9)).tolist() == [4, 3, 2]


def test_training_shows_every_term():
    history = [{"step": 5 * i, "critic_loss": 1.0, "generator_loss": 2.0} for i in range(1, 41)]
    history[-1]["new term"] = 3.0
    figure = draw_training(history)
    assert [axes.get_ylabel() for axes in figure.axes] == ["loss", "new term"]
    assert figure.axes[0].get_xlim() == (0, 200)
    assert figure.axes[0].get_title() == "200 steps"
    gap = [{"step": 1.0, "critic_loss": float("nan"), "penalty": 0.5, "mmd": 0.0}]
    # what is zero all along is nothing to see
    assert [axes.get_ylabel() for axes in draw_training(gap).axes] == ["loss", "penalty"]


def test_running_median_passes_over_spikes():
    values = np.ones(100)
    values[50], values[:10] = 1e6, np.nan
    smooth = running_median(values)
    assert np.isnan(smooth[:7]).all()
    assert (smooth[10:] == 1).all()


def test_checks_are_points_with_errors():
    history = [{"step": i, "critic_loss": 1.0} for i in range(1, 41)]
    for entry in history[::10]:
        entry |= {"distance": 2.0 / entry["step"] ** 2, "distance_error": 0.001}
    figure = draw_training(history)
    assert [axes.get_ylabel() for axes in figure.axes] == ["loss", "distance"]
    assert len(figure.axes[1].containers[0].lines[0].get_xdata()) == 4
