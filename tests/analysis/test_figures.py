"""Figures: all there, over the whole range, nothing hidden."""

import io
from concurrent.futures import Future

import numpy as np
import pytest
from PIL import Image

from analysis.classification import CLASSIFIERS, Classified, Side
from analysis.comparison import Comparison
from analysis.figures import CAPTIONS, FIGURES, draw_all
from analysis.figures.axes import whole_axis
from analysis.figures.style import styled
from analysis.samples import Sample
from analysis.scores.correlations import correlation_matrix
from analysis.summaries import SPECTRA
from fatgan.errors import ConfigError, DataError
from fatgan.events import EventTable

HISTORY = [
    {"step": n, "seconds": n / 9, "critic_loss": 1 / n, "generator_loss": 1.0, "mmd": 0.0}
    for n in range(1, 60)
]
SOME = ("x_Q2", "correlation_matrices", "classifier_map", "classifier_weights", "spectrum_phi")


def comparison_of(reference, sample, labels=("data", "model")):
    """Without a fit: a classifier that knows the sign of phi and nothing else."""
    comparison = Comparison(reference, sample, labels=labels)
    n = min(len(reference), len(sample))
    sides = []
    for table in (reference, sample):
        weights = np.ones(n) if table.weights is None else table.weights[:n]
        probability = np.where(table["phi"][:n] > 0, 0.6, 0.4)
        fold = np.arange(n) % 2
        sides.append(Side(np.arange(n), probability, weights / weights.mean(), fold))
    for name in CLASSIFIERS:
        comparison._classified[name] = Future()
        comparison._classified[name].set_result(Classified(*sides))
    return comparison


@pytest.fixture(scope="module")
def comparison(truth):
    return comparison_of(truth(3000, 1), truth(2000, 2))


def drawn(name, comparison):
    with styled():
        return FIGURES[name](comparison)


def rendered(name, comparison):
    """Lay a figure out and paint it, at a resolution that is quick."""
    painted = io.BytesIO()
    drawn(name, comparison).savefig(painted, dpi=30)
    return np.asarray(Image.open(painted).convert("L"))


def texts(figure):
    found = [text.get_text() for axes in figure.axes for text in axes.texts]
    found += [axes.get_title() for axes in figure.axes]
    legends = [*figure.legends, *(axes.get_legend() for axes in figure.axes if axes.get_legend())]
    return found + [text.get_text() for legend in legends for text in legend.get_texts()]


def reweighted(table, seed, negative=0.0):
    rng = np.random.default_rng(seed)
    weights = rng.exponential(size=len(table))
    weights[rng.uniform(size=len(table)) < negative] *= -1
    return EventTable(*table.momenta, table.collision, weights=weights)


def test_every_figure_is_drawn(validated):
    folder, _, steps = validated
    assert [step for step in steps if step.startswith("figure")] == [
        f"figure: {n}" for n in FIGURES
    ]
    for name in FIGURES:
        path = folder / "figures" / f"{name}.png"
        image = np.asarray(Image.open(path).convert("L"))
        assert min(image.shape) > 400
        assert image.std() > 10
        assert path.stat().st_size < 250_000


def test_history_adds_the_training(comparison, tmp_path, monkeypatch):
    monkeypatch.setattr("analysis.figures.FIGURES", {"x_Q2": FIGURES["x_Q2"]})
    steps = []
    paths = draw_all(comparison, tmp_path / "new", ("png", "pdf"), steps.append, HISTORY)
    assert steps == ["figure: x_Q2", "figure: training"]
    assert paths == {name: tmp_path / "new" / f"{name}.png" for name in ("x_Q2", "training")}
    for path in paths.values():
        assert path.read_bytes().startswith(b"\x89PNG")
        assert path.with_suffix(".pdf").read_bytes().startswith(b"%PDF")


def test_every_figure_but_the_spectra_has_a_caption():
    assert {n for n in FIGURES if not n.startswith("spectrum_")} | {"training"} == set(CAPTIONS)
    assert {f"spectrum_{name}" for name in SPECTRA} < set(FIGURES)


def test_streams_say_how_many_events_are_drawn(truth):
    rows = truth(2000, 2)
    long = Sample(rows, "model", total=10**8, stream=lambda: iter([rows]))
    comparison = Comparison(truth(2000, 1), long)
    for name in ("x_Q2", "correlation_matrices", "spectrum_px"):
        words = " ".join(texts(drawn(name, comparison))).replace("\n", " ")
        assert "data (2,000 events)" in words, name
        assert "model (2,000 of 100,000,000 events)" in words, name


def test_labels_are_no_formulas(truth):
    comparison = comparison_of(truth(100, 1), truth(100, 2), labels=("a$b_{", "c$^"))
    for name in ("x_Q2", "classifier_map", "classifier_weights", "spectrum_px"):
        assert rendered(name, comparison).std() > 10, name


def test_wild_events_are_counted_not_drawn(truth):
    sample = truth(2000, 2)
    px, py, pz = (column.copy() for column in sample.momenta)
    px[:5] = 1e9
    wild = EventTable(px, py, pz, sample.collision)
    assert "5 →" in texts(drawn("spectrum_px", Comparison(truth(3000, 1), wild)))


@pytest.mark.parametrize("name", ["px", "Q2", "theta", "phi"])
def test_truth_has_a_flat_ratio_and_small_pulls(truth, name):
    comparison = Comparison(truth(50_000, 3), truth(50_000, 4))
    _, ratio, pull = drawn(f"spectrum_{name}", comparison).axes
    assert (ratio.get_ylabel(), pull.get_ylabel()) == ("ratio", "pull")
    assert ratio.get_ylim() == pytest.approx((0.8, 1.2))
    # the ends are 4 and 8 sigma: of 60 pulls none is beyond 8 by chance
    assert max(pull.get_ylim()) <= 8


def test_ripple_shows_in_ratio_and_pull(truth):
    comparison = Comparison(truth(50_000, 3), truth(50_000, 4, ripple=0.6))
    _, ratio, pull = drawn("spectrum_phi", comparison).axes
    assert max(ratio.get_ylim()) > 1.2
    assert max(pull.get_ylim()) > 8


def test_matrices_show_the_numbers_of_the_score(comparison):
    panels = drawn("correlation_matrices", comparison).axes[:3]
    tables = comparison.reference.rows, comparison.sample.rows
    a, b = (correlation_matrix(table, tables[0]) for table in tables)
    for axes, values in zip(panels, (a, b, 100 * (b - a)), strict=True):
        shown = np.array([float(text.get_text().replace("−", "-")) for text in axes.texts])
        assert np.abs(shown.reshape(values.shape) - values).max() < 0.051
        assert np.asarray(axes.images[0].get_array()) == pytest.approx(values)


def test_classifier_map_is_the_mean_weight(truth):
    table = truth(4000, 1)
    weights = np.random.default_rng(0).uniform(0.5, 2, len(table))
    sample = EventTable(*truth(4000, 2).momenta, table.collision, weights=weights)
    comparison = comparison_of(table, sample)
    panel = drawn("classifier_map", comparison).axes[2]
    assert panel.get_xlabel() == r"$\phi$ [rad]"
    shown = np.ma.masked_array(panel.collections[0].get_array()).compressed()
    axes = [whole_axis(name, table[name], sample[name], 30) for name in ("phi", "pT")]
    ratio = comparison.classified("trees").sample.ratio
    sums = [
        np.histogram2d(sample["phi"], sample["pT"], [axis.edges for axis in axes], weights=w)[0].T
        for w in (weights, weights * ratio, weights**2)
    ]
    events, weighted, squares = sums
    enough = events**2 >= 25 * squares
    enough &= events > 0
    assert enough.sum() > 20
    assert shown == pytest.approx(weighted[enough] / events[enough])


def test_weighted_events_are_drawn(truth):
    sides = reweighted(truth(1000, 1), 1, 0.2), reweighted(truth(1000, 2), 2, 0.2)
    comparison = comparison_of(*sides)
    for name in SOME:
        assert rendered(name, comparison).std() > 10, name


def test_degenerate_samples_are_drawn(truth):
    few = truth(20, 1)
    px, py, pz = truth(20, 2).momenta
    constant = EventTable(np.full(20, 3.0), np.zeros(20), np.full(20, -20.0), few.collision)
    other = EventTable(60 * px, 60 * py, 0.001 * pz - 30, few.collision)
    for sample in (constant, other):
        comparison = comparison_of(few, sample)
        for name in SOME:
            assert rendered(name, comparison).std() > 10, name


def test_unknown_formats_are_refused(comparison, tmp_path):
    for formats, complaint in ((("gif",), "known: png, pdf"), ((), "no figure format")):
        with pytest.raises(ConfigError, match=complaint):
            draw_all(comparison, tmp_path, formats)


def test_history_without_steps_is_refused(comparison, tmp_path):
    for history in ([], [{"mmd": 1.0}]):
        with pytest.raises(DataError, match="no entries with steps"):
            draw_all(comparison, tmp_path, history=history)
