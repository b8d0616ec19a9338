"""The figure of areas against energy: every setting is told apart, nothing is hidden."""

from itertools import pairwise

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba

from analysis import Record
from analysis.figures.style import styled
from analysis.settings import SettingRecord
from analysis.settings.energies import AREAS, BEYOND, INSIDE, area_limits, draw_energies, spread


def setting(label, sqrt_s, kind="trained", lepton=11, trees=0.502, network=0.503, error=0.001):
    def record(name, value, floor, **more):
        fields = {"observable": None, "n_reference": 100, "n_sample": 100, "seed": 0, **more}
        return Record(name, value=value, error=error, floor=floor, floor_error=error, **fields)

    scores = (
        record("C2ST AUC", trees, 0.5),
        record("C2ST AUC (MLP)", network, 0.5),
        record("chi2/ndf", 1.2, 1.0, observable="x", p_value=0.2),
        record("chi2/ndf", 1.4, 1.0, observable="Q2", p_value=0.01),
        record("x-Q2 chi2/ndf", 1.1, 1.0),
    )
    return SettingRecord(label, sqrt_s, kind, lepton, 100, 100, 0, scores)


def drawn(settings):
    with styled():
        figure = draw_energies(settings)
        FigureCanvasAgg(figure).draw()
    return figure.axes[0]


def points(ax):
    """Place along the axis in pixels, area, and whether the symbol is open, from the left."""
    found = []
    for container in ax.containers:
        line = container.lines[0]
        (x,), (y,) = line.get_data()
        is_open = to_rgba(line.get_markerfacecolor()) == to_rgba("white")
        found.append((float(ax.transData.transform((x, y))[0]), float(y), is_open))
    return sorted(found)


def test_places_that_are_far_apart_stay_where_they_are():
    places = np.array([0.1, 0.4, 0.9])
    assert spread(places, 0.2) == pytest.approx(places)


def test_equal_places_are_spread_evenly_about_their_own():
    assert spread(np.full(3, 0.5), 0.1) == pytest.approx([0.4, 0.5, 0.6])
    assert spread(np.array([0.3, 0.3, 0.9]), 0.1) == pytest.approx([0.25, 0.35, 0.9])
    assert spread(np.array([0.0, 0.0]), 0.1) == pytest.approx([0.0, 0.1])
    assert spread(np.array([1.0, 1.0]), 0.1) == pytest.approx([0.9, 1.0])


def test_spread_places_keep_gap_order_and_ends():
    rng = np.random.default_rng(1)
    for number in (1, 7, 30):
        places = np.sort(rng.uniform(size=number))
        found = spread(places, 1 / number)
        assert (np.diff(found) >= 1 / number - 1e-12).all()
        assert 0 <= found[0] <= found[-1] <= 1


def test_electrons_and_positrons_of_one_energy_are_told_apart():
    ax = drawn([setting("e- 27.5x920", 318.1), setting("e+ 27.5x920", 318.1, lepton=-11)])
    found = points(ax)
    assert [is_open for *_, is_open in found] == [False, False, True, True]
    assert min(b[0] - a[0] for a, b in pairwise(found)) > 3  # pixels
    words = [text.get_text() for text in ax.figure.legends[0].get_texts()]
    assert "open symbols: positrons" in words
    alone = drawn([setting("10x10", 20.0)]).figure.legends[0]
    assert "open symbols: positrons" not in [text.get_text() for text in alone.get_texts()]


def test_names_of_many_settings_do_not_overlap():
    energies = np.geomspace(60, 120, 32)
    ax = drawn([setting(f"e- {energy:.1f}x{energy:.1f}", energy) for energy in energies])
    canvas = ax.figure.canvas
    names = [text.get_window_extent(canvas.get_renderer()) for text in ax.texts]
    assert len(names) == 32
    for a, b in pairwise(names):
        assert a.x1 <= b.x0 + 1
    width, height = canvas.get_width_height()
    assert all(0 <= box.x0 and box.x1 <= width and box.y1 <= height for box in names)


def test_the_range_of_the_training_is_shaded_and_the_rest_another_colour():
    settings = [
        setting("a", 20.0, "extrapolated"),
        setting("b", 40.0),
        setting("c", 60.0, "interpolated"),
        setting("d", 100.0),
        setting("e", 180.0, "extrapolated"),
    ]
    ax = drawn(settings)
    assert ax.get_facecolor() == to_rgba(BEYOND)
    (inside,) = (p for p in ax.patches if p.get_facecolor() == to_rgba(INSIDE))
    low, high = inside.get_extents().transformed(ax.transData.inverted()).intervalx
    assert 20 < low < 40
    assert 100 < high < 180
    assert (low, high) == pytest.approx((40, 100), rel=0.05)


def test_the_axis_of_areas_grows_only_where_it_must():
    assert area_limits([setting("a", 20.0)]) == AREAS
    low, high = area_limits([setting("a", 20.0, trees=0.49), setting("b", 30.0, network=0.61)])
    assert low < 0.489
    assert 0.611 < high < 0.63
    ax = drawn([setting("a", 20.0, trees=0.7)])
    assert ax.get_ylim()[1] > 0.7


def test_the_floor_is_drawn_as_a_band():
    ax = drawn([setting("a", 20.0, error=0.002), setting("b", 50.0, error=0.001)])
    band = ax.collections[0].get_paths()[0].vertices
    assert (band[:, 1].min(), band[:, 1].max()) == pytest.approx((0.498, 0.502))
    assert {0.499, 0.501} <= set(np.round(band[:, 1], 6))
