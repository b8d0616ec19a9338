"""Les Houches files: beams of <init>, the scattered lepton, weights, and what is broken."""

from __future__ import annotations

import gzip

import pytest
from record_samples import ELECTRON, check_sample, refusal, turned

from fatgan.io import describe, read

pytest.importorskip("pylhe")

PROTON_FIRST = "2212 11 275.0 18.0"
HEAD = """<LesHouchesEvents version="1.0">
<!-- made by hand -->
<header>
</header>
<init>
 {beams} 0 0 0 0 3 1
 1.0e+01 1.0e-01 1.0 1
</init>
"""
EVENT = """<event>
 5 1 {weight} 20.0 0.0078 0.118
 {lepton} -1 0 0 0 0 0.0 0.0 {incoming} 17.0 0.0 0.0 9.0
 2 -1 0 0 501 0 0.0 0.0 20.0 20.0 0.0 0.0 9.0
 {out} 1 1 2 0 0 {px} {py} {pz} {E} 0.0 0.0 9.0
 2 1 1 2 501 0 -3.0 -4.0 23.0 24.0 0.0 0.0 9.0
 22 1 1 2 0 0 0.0 0.0 -1.0 1.0 0.0 0.0 9.0
</event>
"""


def lhe(beams=PROTON_FIRST, n=2, weights=None, electron=ELECTRON, lepton=11, out=None):
    px, py, pz, E = electron
    events = [
        EVENT.format(
            weight=weights[i] if weights else 1.0,
            lepton=lepton,
            out=lepton if out is None else out,
            incoming=-17.0 if pz < 0 else 17.0,
            px=px,
            py=py,
            pz=pz,
            E=E,
        )
        for i in range(n)
    ]
    return HEAD.format(beams=beams) + "".join(events) + "</LesHouchesEvents>\n"


def written(path, text):
    data = text.encode() if isinstance(text, str) else text
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


@pytest.mark.parametrize("name", ["f.lhe", "f.lhe.gz"])
def test_beams_are_those_of_init_and_not_the_incoming_partons(tmp_path, name):
    table = read(written(tmp_path / name, lhe()))
    check_sample(table)
    assert table.weights is None


def test_the_first_beam_is_along_z(tmp_path):
    text = lhe(beams="11 2212 18.0 275.0", electron=turned(ELECTRON))
    check_sample(read(written(tmp_path / "f", text)), frame="electron")


def test_positrons(tmp_path):
    text = lhe(beams="2212 -11 275.0 18.0", lepton=-11)
    assert read(written(tmp_path / "f", text)).collision.lepton_pdg == -11


def test_a_proton_at_rest_has_its_mass_whatever_its_digits(tmp_path):
    text = lhe(beams="11 2212 18.0 0.938", electron=turned(ELECTRON))
    assert describe(written(tmp_path / "f", text)).collision.label == "18x0"


def test_constant_weights_keep_the_sizes_of_slices(tmp_path):
    assert list(read(written(tmp_path / "f", lhe(weights=(1.5, 1.5)))).weights) == [1.5, 1.5]


def test_weights_keep_their_signs(tmp_path):
    assert list(read(written(tmp_path / "f", lhe(weights=(3.0, -3.0)))).weights) == [3.0, -3.0]


def test_a_missing_closing_tag_of_the_file_is_no_damage(tmp_path):
    check_sample(read(written(tmp_path / "f", lhe().replace("</LesHouchesEvents>\n", ""))))


def test_description(tmp_path):
    found = describe(written(tmp_path / "f", lhe(n=3)))
    assert (found.format, found.entries, found.collision.label) == ("lhe", 3, "18x275")


BROKEN = {
    "electrons": (lhe("-11 11 10 10"), "event 1: no hadron beam (ids -11, 11)"),
    "protons": (lhe("2212 2212 7000 7000"), "event 1: no lepton beam (ids 2212, 2212)"),
    "nucleus": (lhe("1000822080 11 275 18"), "event 1: hadron beam 1000822080 is a nucleus"),
    "muons": (lhe("2212 13 275 18"), "event 1: lepton beam 13: only"),
    "charged current": (lhe(out=12), "2 of 2 events have no scattered lepton"),
    "NaN": (lhe(electron=("nan", 4, -12, 13)), "column 'px' is NaN or infinite in 2 of 2"),
    "letters": (lhe(electron=("three", 4, -12, 13)), "event 1: damaged ("),
    "promises": (lhe().replace(" 5 1 1.0", " 6 1 1.0"), "event 1: 5 particles where its first"),
    "truncated": (lhe(n=3)[:-250], "event 3: the file ends within it, or is damaged there"),
    "no init": (lhe().replace("init>", "start>"), "No <init> block found"),
    "rubbish": (lhe().encode()[:-20] + bytes(range(128, 256)) * 9, "event 2: "),
    "rubbish at once": (b"<LesHouchesEvents>" + bytes(range(256)), ""),
    "no event": (lhe(n=0), ""),
}


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_used_is_refused_on_one_line(tmp_path, text, message):
    assert message in refusal(written(tmp_path / "f.lhe", text))


def test_a_truncated_compressed_file_is_refused(tmp_path):
    path = written(tmp_path / "f.lhe.gz", lhe(n=200))
    path.write_bytes(path.read_bytes()[:-100])
    assert "truncated or damaged gzip file" in refusal(path)
