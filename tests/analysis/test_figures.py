"""Figures: all there, over the whole range, nothing hidden."""

from functools import partial

import numpy as np
import pytest

from analysis import draw_all
from analysis.figures.axes import whole_axis
from analysis.figures.plane import draw_x_Q2, fraction_levels
from analysis.figures.save import save
from analysis.figures.spectra import draw_overview, draw_spectrum, joined_bins
from analysis.scores.score import SPECTRA
from fatgan.errors import ConfigError, DataError
from fatgan.events import EventTable


@pytest.fixture(scope="module")
def pair(truth):
    return truth(3000, 1), truth(2000, 2)


def test_every_figure_is_drawn(validated):
    from PIL import Image

    folder, _, steps = validated
    names = ["overview", "x_Q2", "correlations", *(f"spectrum_{n}" for n in SPECTRA)]
    assert [step for step in steps if step.startswith("figure")] == [f"figure: {n}" for n in names]
    paths = [folder / "figures" / f"{name}.png" for name in names]
    for path in paths:
        image = np.asarray(Image.open(path).convert("L"))
        assert min(image.shape) > 400
        assert image.std() > 10
        assert path.stat().st_size < 150_000


@pytest.mark.parametrize("name", SPECTRA)
@pytest.mark.parametrize("adaptive", [True, False])
def test_axes_hold_all_events(pair, name, adaptive):
    a, b = (table[name] for table in pair)
    axis = whole_axis(name, a, b, 50, adaptive=adaptive)
    assert (np.diff(axis.edges) > 0).all()
    for column in (a, b):
        assert axis.outside(column) == (0, 0)
        assert np.histogram(column, axis.edges)[0].sum() == len(column)
    ticks = axis.ticks()
    assert len(ticks) >= 2
    assert axis.edges[0] <= ticks[0] < ticks[-1] <= axis.edges[-1]


def test_scale_fits_the_spectrum():
    rng = np.random.default_rng(0)
    tailed = np.concatenate([rng.normal(0, 1, 1000), [-80.0, 90.0]])
    assert whole_axis("px", tailed, tailed, 10).scale == "asinh"
    assert whole_axis("phi", *rng.uniform(-3, 3, (2, 100)), 10).scale == "linear"
    assert whole_axis("Q2", *rng.uniform(1, 3, (2, 100)), 10).scale == "log"


def test_wild_events_are_counted_not_drawn(pair):
    reference, sample = pair
    px, py, pz = (column.copy() for column in sample.momenta)
    px[:5] = 1e9
    wild = EventTable(px, py, pz, sample.collision)
    axis = whole_axis("px", reference["px"], wild["px"], 50)
    assert axis.edges[-1] < 1e5
    assert axis.outside(wild["px"]) == (0, 5)
    figure = draw_spectrum("px", reference, wild, ("a", "b"))
    assert "5 →" in [text.get_text() for axes in figure.axes for text in axes.texts]


def test_truth_has_a_flat_ratio(truth):
    figure = draw_overview(truth(50_000, 3), truth(50_000, 4), ("a", "b"))
    for axes in figure.axes[1:-1:2]:
        assert axes.get_ylabel() == "ratio"
        assert axes.get_ylim() == pytest.approx((0.8, 1.2))


def test_ratio_bins_are_joined_until_filled():
    counts = np.array([1, 2, 3, 100, 5, 5, 40, 1])
    starts = joined_bins(counts, 10)
    assert starts.tolist() == [0, 4, 6] or starts.tolist() == [0, 4]
    assert np.add.reduceat(counts, starts).min() >= 10
    assert joined_bins(np.zeros(4), 10).tolist() == [0]


def test_contours_hold_their_fractions():
    density = np.array([[4.0, 3.0], [2.0, 1.0]])
    assert fraction_levels(density, (0.4, 0.7, 0.9)).tolist() == [4, 3, 2]


def test_pdf(pair, tmp_path):
    path = save(draw_spectrum("px", *pair, ("a", "b")), tmp_path, "px", ("pdf", "png"))
    assert path.read_bytes().startswith(b"%PDF")
    assert (tmp_path / "px.png").exists()


def test_degenerate_tables_are_drawn(pair, tmp_path):
    reference = pair[0]
    one = reference[:1]
    for draw in (partial(draw_spectrum, "px"), draw_x_Q2):
        assert save(draw(one, one, ("a", "b")), tmp_path, "one").stat().st_size > 0
    with pytest.raises(DataError, match="sample has no events"):
        draw_all(reference, reference[:0], tmp_path)
    with pytest.raises(ConfigError, match="known: png, pdf"):
        save(draw_spectrum("px", one, one, ("a", "b")), tmp_path, "px", ("gif",))
