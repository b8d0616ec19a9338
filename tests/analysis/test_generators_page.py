"""The page of several generators: all samples in one figure, facts and scores of each."""

import pytest

from analysis import compare
from analysis.figures.overlay import draw_overlay
from analysis.report.generators import write_generators
from fatgan.errors import DataError


@pytest.fixture(scope="module")
def tables(truth):
    return {"data": truth(600, 1), "<one>": truth(600, 2), "two": truth(600, 3, edge=5.0)}


def test_the_page_holds_samples_figure_and_scores(tables, tmp_path):
    quick = ["edges", "phi harmonics"]
    records = {
        label: compare(tables["data"], tables[label], scores=quick) for label in ("<one>", "two")
    }
    facts = {"data": {"events": "600"}, "<one>": {"cross-section": "5 nb"}, "two": {}}
    page = write_generators(
        tables, facts, tmp_path / "new", title="three", records=records
    ).read_text()
    assert "5 nb" in page
    assert "&lt;one&gt;" in page
    assert page.count("data:image/png;base64,") == 1
    assert {path.name for path in (tmp_path / "new").iterdir()} == {
        "generators.html",
        "generators.png",
    }
    for name in quick:
        assert name in page


def test_two_to_five_samples_are_shown(tables):
    with pytest.raises(DataError, match="1 samples: a figure shows two to 5"):
        draw_overlay({"data": tables["data"]})
    figure = draw_overlay({name: tables[name] for name in ("data", "two")}, ["Q2"])
    spectrum, ratios = figure.axes
    # nothing below its edge at 5 GeV^2, where the data begin at 4
    lowest = ratios.containers[0][0].get_ydata()[0]
    assert lowest < 0.5
    assert spectrum.get_xscale() == "log"
