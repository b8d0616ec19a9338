"""Records, verdict, report: safe for JSON, self-contained, whole."""

import base64
import json
import re
import subprocess
import sys

import pytest

import analysis
from analysis import Record, validation, verdict, write_report
from analysis.verdicts import light, plus_minus
from fatgan.errors import DataError


def record(value=0.5, error=0.01, floor=0.5, floor_error=0.01, name="C2ST AUC", **more):
    fields = {"observable": None, "n_reference": 100, "n_sample": 100, "seed": 0, **more}
    return Record(name, value=value, error=error, floor=floor, floor_error=floor_error, **fields)


def test_records_are_safe_for_json(validated):
    folder, records, _ = validated
    read = json.loads((folder / "metrics.json").read_text(), parse_constant=pytest.fail)
    assert [Record.from_dict(entries) for entries in read] == records
    needed = {"name", "observable", "value", "error", "floor", "floor_error"}
    needed |= {"n_reference", "n_sample", "seed"}
    assert all(needed <= set(entries) for entries in read)


def test_a_record_takes_no_nan():
    with pytest.raises(DataError, match="W1/sigma of Q2: its value is nan"):
        record(float("nan"), name="W1/sigma", observable="Q2")


def test_sigmas_and_lights():
    assert record(0.53, floor_repeats=10**9).sigmas == pytest.approx(3)
    assert record(0.5).sigmas == 0
    assert record(1, 1, 0, 0, name="outside y < 1").sigmas == float("inf")


@pytest.mark.parametrize(
    ("value", "area", "distance"),
    [
        (0.4, "poor", "good"),
        (0.465, "fair", "good"),
        (0.48, "good", "good"),
        (0.535, "fair", "fair"),
        (0.6, "poor", "poor"),
    ],
)
def test_only_the_classifier_counts_below_its_floor(value, area, distance):
    assert light(record(value, floor_repeats=10**9)) == area
    assert light(record(value, floor_repeats=10**9, name="KS")) == distance


def test_verdict_names_the_worst_and_the_bounds():
    good = record()
    assert "cannot tell" in verdict([good])
    bad = record(9, 1, 1, 0.2, name="chi2/ndf", observable="x", floor_repeats=60)
    out = record(2, 1.4, 0, 0, name="outside y < 1", observable="y")
    assert "worst: chi2/ndf of x 39.7 sigmas above" in verdict([good, bad])
    assert "2 outside y < 1" in verdict([good, out])
    assert verdict([good]).startswith("C2ST AUC 0.500 ± 0.010 (floor 0.500 ± 0.010)")
    low = verdict([record(0.2), good])
    assert "not independent" in low
    assert "worst: C2ST AUC 21.2 sigmas below its floor" in low
    assert "classifier tells" in verdict([record(0.8)])
    assert verdict([]) == "No score was computed."


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [(0.50312, 0.00131, "0.5031 ± 0.0013"), (1234.5, 35, "1234 ± 35"), (3, 0, "3")],
)
def test_numbers_are_rounded_to_their_error(value, error, text):
    assert plus_minus(value, error) == text


def test_report_is_self_contained(validated):
    folder, _, _ = validated
    page = (folder / "report.html").read_text()
    assert not re.search(r"https?://|<script|@import|url\(", page)
    sources = re.findall(r'src="([^"]*)"', page)
    embedded = {base64.b64decode(s.split(",")[1]) for s in sources}
    assert all(s.startswith("data:image/png;base64,") for s in sources)
    assert embedded == {p.read_bytes() for p in (folder / "figures").glob("*.png")}


def test_report_says_what_was_compared(validated):
    folder, records, _ = validated
    page = (folder / "report.html").read_text()
    assert "truth &lt;1&gt;" in page  # escaped
    assert verdict(records)[:30] in page
    assert "events.root" in page
    assert "&#34;seed&#34;: 7" in page
    for name in ("C2ST AUC", "phi harmonic 6", "x-Q2 chi2/ndf", "below Q2 edge", "chi2/ndf"):
        assert name in page


def test_progress_names_scores_and_figures(validated):
    _, _, steps = validated
    assert "KS" in steps
    assert "figure: overview" in steps
    assert len(steps) == validation.steps()


def test_nothing_half_written_is_left(validated, tmp_path):
    folder, records, _ = validated
    assert not [p for p in folder.rglob("*") if p.name.startswith(".")]
    with pytest.raises(DataError, match=r"gone.png: No such file"):
        write_report(
            records,
            {"gone": tmp_path / "gone.png"},
            tmp_path / "report",
            title="t",
            reference_label="a",
            sample_label="b",
            context={},
        )
    assert not (tmp_path / "report").exists()


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be written"):
        write_report(
            [], {}, tmp_path / "file", title="", reference_label="", sample_label="", context={}
        )


def test_exports_stay_functions_once_their_modules_are_imported():
    for name in analysis.__all__:
        assert callable(getattr(analysis, name)), name


def test_import_is_light():
    code = (
        "import sys, analysis\n"
        "heavy = {'tensorflow', 'keras', 'sklearn', 'matplotlib', 'scipy'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "analysis.validate, analysis.draw_all\n"
        "heavy = {'tensorflow', 'keras', 'matplotlib.pyplot'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
