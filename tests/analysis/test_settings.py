"""The report over beam settings: one row and one point each, whole files, clear refusals."""

import base64
import json
import math
import re
from functools import partial

import numpy as np
import pytest

import analysis
from analysis import Sample, compare
from analysis.figures.plane import draw_x_Q2
from analysis.figures.spectra import draw_overview, draw_spectrum
from analysis.settings import KINDS, SettingPair, SettingRecord, steps, validation
from analysis.settings.records import SCORES
from analysis.settings.table import HEADS, cells, summary
from fatgan.errors import ConfigError, DataError
from fatgan.events import Collision, EventTable
from fatgan.events.collisions import Collisions

HIGH, LOW = Collision.parse("27.5x920", lepton_pdg=-11), Collision.parse("10x10")
EVENTS = 120


@pytest.fixture(scope="module")
def report(truth, tmp_path_factory):
    """Folder, records, steps: truth at 20 GeV, and at 318 GeV three events no truth can have."""
    folder = tmp_path_factory.mktemp("settings") / "report"
    steps_begun = []
    px, py, pz = (column.copy() for column in truth(EVENTS, 2, collision=HIGH).momenta)
    pz[:3] = -2000.0  # more than the beams have: x and y are negative
    broken = EventTable(px, py, pz, HIGH)
    pairs = [
        SettingPair.of("extrapolated", truth(EVENTS, 1, collision=HIGH), broken),
        SettingPair.of("trained", truth(EVENTS, 3, collision=LOW), truth(EVENTS, 4, collision=LOW)),
    ]
    with pytest.MonkeyPatch.context() as patch:  # small figures, in a twentieth of the time
        for name, observable in (("spectra", "phi"), ("x_Q2", "x")):
            patch.setitem(validation.FIGURES, name, partial(draw_spectrum, observable))
        records = analysis.validate_settings(
            pairs,
            folder,
            seed=3,
            labels=("truth", "model"),
            context={"model": "a <b>"},
            progress=steps_begun.append,
        )
    return folder, records, steps_begun


def test_settings_are_in_the_order_of_their_energies(report):
    _, records, _ = report
    assert [r.label for r in records] == ["e- 10x10", "e+ 27.5x920"]
    assert [r.kind for r in records] == ["trained", "extrapolated"]
    assert [r.lepton_pdg for r in records] == [11, -11]
    assert records[0].sqrt_s == pytest.approx(math.sqrt(LOW.s))
    assert {record.score for record in records[0].scores} == set(SCORES)


def test_scores_are_those_of_a_comparison(report, truth):
    _, records, _ = report
    pair = truth(EVENTS, 3, collision=LOW), truth(EVENTS, 4, collision=LOW)
    names = ["C2ST AUC", "chi2/ndf", "x-Q2 chi2/ndf"]
    expected = compare(*pair, seed=3, scores=names)
    assert [r for r in records[0].scores if r.score in names] == expected
    spectra = [r for r in expected if r.score == "chi2/ndf"]
    assert records[0].mean_chi2 == pytest.approx(np.mean([r.value for r in spectra]))
    assert records[0].worst_spectrum.p_value == min(r.p_value for r in spectra)


def test_unphysical_events_are_counted_once_each(report):
    _, records, _ = report
    assert [r.unphysical for r in records] == [0, 3]
    broken = [r.value for r in records[1].scores if r.name.startswith("outside")]
    assert sum(broken) == 6
    assert summary(records)[-1] == "unphysical events: 3 of 240"


def test_numbers_are_written_and_read_back(report):
    folder, records, _ = report
    read = json.loads((folder / "settings.json").read_text(), parse_constant=pytest.fail)
    assert [SettingRecord.from_dict(entries) for entries in read] == records


def test_the_page_shows_every_setting_and_needs_nothing_else(report):
    folder, records, _ = report
    page = (folder / "report.html").read_text()
    assert not re.search(r"https?://|<script[^>]|@import|url\(", page)
    embedded = {base64.b64decode(s.split(",")[1]) for s in re.findall(r'src="([^"]*)"', page)}
    assert embedded == {p.read_bytes() for p in (folder / "figures").glob("*.png")}
    assert len(embedded) == 1 + 2 * len(records)
    assert "model at 2 beam settings" in page
    assert "a &lt;b&gt;" in page
    for record in records:
        row = page[page.index(f'<th scope="row">{record.label}</th>') :].split("</tr>")[0]
        assert all(cell.text in row and cell.note in row for cell in cells(record))


def test_markdown_says_the_same_and_links_the_figures(report):
    folder, records, _ = report
    text = (folder / "settings.md").read_text()
    rows = [line for line in text.splitlines() if line.startswith(("| e-", "| e+"))]
    assert len(rows) == len(records)
    for record, row in zip(records, rows, strict=True):
        assert row.count("|") == len(HEADS) + 1
        assert all(cell.text in row and cell.note in row for cell in cells(record))
    links = re.findall(r"!\[.*\]\((.*)\)", text)
    names = {link.removeprefix("figures/").replace("%2B", "+") for link in links}
    assert names == {p.name for p in (folder / "figures").iterdir()}


def test_each_setting_has_the_published_panels():
    assert validation.FIGURES == {"spectra": draw_overview, "x_Q2": draw_x_Q2}


def test_progress_is_told_every_step(report):
    _, records, begun = report
    assert len(begun) == steps(len(records))
    assert "e- 10x10: C2ST AUC (MLP)" in begun
    assert "e+ 27.5x920: figure x_Q2" in begun


def test_pairs_that_make_no_report_are_refused_before_the_first_is_scored(truth, tmp_path):
    a, b = truth(40, 1), truth(40, 2)
    good = SettingPair.of("trained", a, b)
    assert good.label == "e- 27.5x920"
    cases = [
        ([], DataError, "no beam settings"),
        ([good, good], DataError, "2 beam settings share the label 'e- 27.5x920'"),
        ([SettingPair("a", 9.0, "trianed", a, b)], ConfigError, "did you mean 'trained'"),
        ([SettingPair("a", -9.0, "trained", a, b)], ConfigError, r"sqrt\(s\) is -9"),
        ([good, SettingPair("a", 999.0, "trained", a, a)], DataError, "40 of the sample's 40"),
    ]
    for pairs, error, complaint in cases:
        with pytest.raises(error, match=complaint):
            analysis.validate_settings(pairs, tmp_path / "report", progress=pytest.fail)
    with pytest.raises(ConfigError, match="known: png, pdf"):
        analysis.validate_settings([good], tmp_path / "report", formats=("gif",))
    assert not (tmp_path / "report").exists()
    assert list(KINDS) == ["trained", "interpolated", "extrapolated"]


def test_a_table_of_several_beams_is_sent_to_the_report_over_settings(truth):
    table = truth(40, 1)
    half = np.repeat([27.5, 18.0], 20)
    several = EventTable(*table.momenta, Collisions(half, np.full(40, 920.0)))
    for pair in ((several, truth(40, 2)), (truth(40, 2), several)):
        with pytest.raises(DataError, match=r"several beam settings \(.*validate_settings"):
            compare(*pair)
    with pytest.raises(DataError, match="several beam settings"):
        SettingPair.of("trained", Sample(several, "data"), table)
