"""Records, verdict, report: safe for JSON, self-contained, whole."""

import base64
import json
import re
import subprocess
import sys

import pytest

import analysis
from analysis import Record, validation, verdict, write_report
from analysis.scores import DEFAULT
from analysis.verdicts import plus_minus
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


def test_sigmas():
    assert record(0.53, floor_repeats=10**9).sigmas == pytest.approx(3)
    assert record(0.5).sigmas == 0
    assert record(1, 1, 0, 0, name="outside y < 1").sigmas == float("inf")


def test_the_verdict_is_written_for_machines(validated):
    folder, records, _ = validated
    read = json.loads((folder / "verdict.json").read_text())
    keys = ["distinguishable", "worst", "passed", "scores", "n_reference", "n_sample"]
    assert list(read) == [*keys, "p_value", "alpha", "sentence"]
    assert read["sentence"] == str(verdict(records))
    assert (read["n_reference"], read["n_sample"]) == (1000, 1200)
    assert read["scores"] == len(DEFAULT)


def test_report_is_self_contained(validated):
    folder, _, _ = validated
    page = (folder / "report.html").read_text()
    assert not re.search(r"https?://|<script[^>]|@import|url\(", page)
    sources = re.findall(r'src="([^"]*)"', page)
    embedded = {base64.b64decode(s.split(",")[1]) for s in sources}
    assert all(s.startswith("data:image/png;base64,") for s in sources)
    assert embedded == {p.read_bytes() for p in (folder / "figures").glob("*.png")}


def test_report_says_what_was_compared(validated):
    folder, records, _ = validated
    page = (folder / "report.html").read_text()
    assert "truth &lt;1&gt;" in page  # escaped
    assert str(verdict(records))[:30] in page
    assert "events.root" in page
    assert "&#34;seed&#34;: 7" in page
    for name in ("C2ST AUC", "phi harmonic 6", "x-Q2 chi2/ndf", "below Q2 edge", "chi2/ndf"):
        assert name in page


def test_every_score_says_how_many_events_it_used(validated):
    folder, records, _ = validated
    page = (folder / "report.html").read_text()
    for name in {record.score for record in records}:
        row = page[page.index(f'<th scope="row">{name}</th>') :].split("</tr>")[0]
        used = {f"{record.n_sample:,}" for record in records if record.score == name}
        assert row.rsplit("<td>", 1)[1].split("<")[0].split(" against ")[0] in used


def test_markdown_says_the_same(validated):
    folder, records, _ = validated
    text = (folder / "report.md").read_text()
    plain = text.replace("\\", "")
    assert str(verdict(records)) in plain
    assert "truth <1>" in plain
    assert r"truth \<1\>" in text  # escaped
    for record in records:
        assert plus_minus(record.value, record.error) in plain or record.score == "bounds"
    links = re.findall(r"!\[.*\]\((.*)\)", text)
    assert {folder / link for link in links} == set((folder / "figures").glob("*.png"))
    tables = [block for block in text.split("\n\n") if block.startswith("|")]
    assert len(tables) == 5
    for table in tables:
        widths = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(widths) == 1, table


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
        "analysis.compare, analysis.rank, analysis.verdict\n"
        "heavy = {'tensorflow', 'keras', 'sklearn', 'matplotlib'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
        "analysis.validate, analysis.draw_all\n"
        "heavy = {'tensorflow', 'keras'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
