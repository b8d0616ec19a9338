"""EIC text of Pythia 6, BeAGLE and Sartre: three headers, two layouts, and what is broken."""

from __future__ import annotations

import gzip

import pytest
from record_samples import check_sample, refusal

from fatgan.io import describe, read

RULER = "============================================"
END = "=============== Event finished ==============="
PYTHIA = (
    " PYTHIA EVENT FILE ",
    "I, ievent, genevent, subprocess, nucleon,\n  targetparton, xtargparton, nrTracks",
    "0 {n} 1 99 2212 2 0.25 5",
)
SARTRE = (
    "Sartre EVENT FILE",
    "I, ievent, genevent, t, Q2, x, y, W2, nu, xpom, s, pol, dmod, bup",
    "0\t{n}\t1\t-0.1\t36\t0.006\t0.3\t5000\t2900\t0.01\t19800\t0\t0\t0",
)
BEAGLE = (
    " BEAGLE EVENT FILE ",
    "I, ievent, genevent, lepton, Atarg, Ztarg, pzlep, pztarg, pznucl, nrTracks",
    "0 {n} 1 11 {A} {Z} -18.0 275.0 275.0 5",
)
# status, id and px, py, pz, E, m of the particles: the last electron comes from a decay
PARTICLES = (
    ("21", "{lepton}", "0.000000 0.000000 {k} 18.000000 0.000511"),
    ("21", "{hadron}", "0.000000 0.000000 {P} 275.000000 0.938272"),
    ("21", "{lepton}", "3.000000 4.000000 {pz} 13.000000 0.000511"),
    ("1", "{out}", "{px} 4.000000 {pz} 13.000000 0.000511"),
    ("1", "{lepton}", "1.000000 0.000000 90.000000 90.005555 0.000511"),
    ("1", "211", "-4.000000 -4.000000 170.000000 170.100000 0.139570"),
)
NUMBERS = {
    "k": "-18.000000",
    "P": "274.998399",
    "pz": "-12.000000",
    "px": "3.000000",
    "lepton": 11,
    "out": 11,
    "hadron": 2212,
    "A": 1,
    "Z": 1,
}
ELECTRON_ALONG_Z = {"k": "18.000000", "P": "-274.998399", "pz": "12.000000"}


def eic_text(kind=PYTHIA, n=2, **changes):
    title, names, head = kind
    numbers = {**NUMBERS, **changes}
    lines = [title, RULER, names, RULER, " I  K(I,1)  K(I,2)  P(I,1)", RULER]
    for number in range(n):
        lines += [head.format(n=number + 1, **numbers), RULER]
        for i, (status, pdg, momentum) in enumerate(PARTICLES):
            # BeAGLE has one more parent in front and three numbers more behind
            parents, more = ("0 0 0 0", " 0 0 0") if kind is BEAGLE else ("0 0 0", "")
            line = f"{i + 1} {status} {pdg} {parents} {momentum} 0.0 0.0 0.0{more}"
            lines.append(line.format(**numbers))
        lines.append(END)
    return "\n".join(lines) + "\n"


def written(path, text):
    data = text.encode() if isinstance(text, str) else text
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


@pytest.mark.parametrize("kind", [PYTHIA, SARTRE, BEAGLE], ids=["Pythia", "Sartre", "BeAGLE"])
@pytest.mark.parametrize("name", ["f.txt", "f.txt.gz"])
def test_all_generators_hold_the_same_events(tmp_path, kind, name):
    table = read(written(tmp_path / name, eic_text(kind)))
    check_sample(table)
    assert table.weights is None


def test_a_file_with_the_electron_along_z_says_so_by_its_beams(tmp_path):
    text = eic_text(**ELECTRON_ALONG_Z).replace(" -4.000000 -4.0", " 4.000000 4.0")
    table = read(written(tmp_path / "f", text.replace(" 4.000000 12.", " -4.000000 12.")))
    check_sample(table, frame="electron")


def test_positrons(tmp_path):
    text = eic_text(lepton=-11, out=-11)
    assert read(written(tmp_path / "f", text)).collision.lepton_pdg == -11


def test_the_first_electron_is_the_scattered_one_and_not_the_hardest(tmp_path):
    assert set(read(written(tmp_path / "f", eic_text()))["E"].round(3)) == {13.0}


def test_description(tmp_path):
    found = describe(written(tmp_path / "f", eic_text(n=3)))
    assert (found.format, found.entries, found.collision.label) == ("eic_text", 3, "18x275")


BROKEN = {
    "electrons": (eic_text(hadron=-11), "event 1: no hadron beam (ids 11, -11)"),
    "protons": (eic_text(lepton=2212, out=11), "event 1: no lepton beam (ids 2212, 2212)"),
    "muons": (eic_text(lepton=13, out=13), "event 1: lepton beam 13: only"),
    "neutrons": (eic_text(hadron=2112), "event 1: hadron beam 2112 is no proton"),
    "gold": (eic_text(BEAGLE, A=197, Z=79), "event 1: hadron beam 1000791970 is a nucleus"),
    "NaN": (eic_text(px="NaN"), "column 'px' is NaN or infinite in 2 of 2"),
    "stars": (eic_text(px="********"), "event 1: '********' is no number: '4 1 11"),
    "letters in an id": (eic_text().replace(" 211 ", " pi+ "), "event 1: 'pi+' is no number"),
    "columns": (eic_text().replace("0.0 0.0 0.0\n", "0.0 0.0\n"), "event 1: a line of 13 columns"),
    "charged current": (
        eic_text(out=12).replace(" 1 11 ", " 1 22 "),
        "2 with a final neutrino: charged current",
    ),
    "one beam": (eic_text().replace("\n2 21", "\n2 11").replace("\n3 21", "\n3 11"), "event 1: 1 "),
    "no beams": (eic_text().replace(" 21 ", " 11 "), "--beams"),
    "truncated": (eic_text(n=3)[:-60], "event 3: the file ends within it"),
    "truncated at once": (eic_text(n=1)[:-100], "event 1: the file ends within it"),
    "rubbish": (eic_text().encode() + bytes(range(256)), "event 3: the file ends within it"),
    "rubbish at once": (b"PYTHIA EVENT FILE\n" + bytes(range(256)) * 9, ""),
    "no event": (eic_text(n=0), ""),
}


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_used_is_refused_on_one_line(tmp_path, text, message):
    assert message in refusal(written(tmp_path / "f.txt", text))


def test_a_truncated_compressed_file_is_refused(tmp_path):
    path = written(tmp_path / "f.txt.gz", eic_text(n=500))
    path.write_bytes(path.read_bytes()[:-100])
    assert "truncated or damaged gzip file" in refusal(path)
