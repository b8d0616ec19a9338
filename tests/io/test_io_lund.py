"""LUND files of others: the beam of the header, headers of other meanings, and what is broken."""

from __future__ import annotations

import gzip

import pytest
from record_samples import refusal

from fatgan.io import describe, read

# on a proton at rest with the beam along +z: Q2 = 2 * 10 * (5.2 - 4.8) = 8 GeV^2, nu = 4.8 GeV
HEADER = "{n} 1 1 0.0 0.85 {beam} {energy} {nucleon} 1 {weight}"
ELECTRON = "1 0.0 1 {pdg} 0 0 {px} 0.0 4.8 5.2 0.000511 0.1 0.2 -3.0"
SOFT = "2 0.0 1 11 0 0 0.1 0.0 0.2 0.3 0.000511 0.1 0.2 -3.0"
DECAYED = "3 0.0 0 11 0 0 3.0 0.0 8.0 8.5 0.000511 0.1 0.2 -3.0"
PROTON = "4 0.0 1 2212 0 0 -3.0 0.0 6.0 6.8 0.938272 0.1 0.2 -3.0"


def lund(
    events=2, header=HEADER, beam=11, energy=10.0, nucleon=2212, weights=None, px="2.0", pdg=11
):
    lines = []
    for i in range(events):
        weight = weights[i] if weights else 1.0
        lines.append(header.format(n=4, beam=beam, energy=energy, nucleon=nucleon, weight=weight))
        lines += [ELECTRON.format(px=px, pdg=pdg), SOFT, DECAYED, PROTON]
    return "\n".join(lines) + "\n"


def written(path, text):
    data = text.encode() if isinstance(text, str) else text
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


@pytest.mark.parametrize("name", ["f.lund", "f.dat.gz"])
def test_the_hardest_active_electron_on_a_proton_at_rest(tmp_path, name):
    table = read(written(tmp_path / name, lund()))
    assert str(table.collision) == "e- p 10x0 GeV, electron along +z"
    assert table.weights is None
    assert list(table["px"]) == [2.0, 2.0]
    assert list(table["pz"]) == [4.8, 4.8]
    assert list(table["Q2"]) == pytest.approx([8.0, 8.0], rel=1e-6)
    assert list(table["nu"]) == pytest.approx([4.8, 4.8], rel=1e-6)


def test_positrons(tmp_path):
    path = written(tmp_path / "f", lund(beam=-11, pdg=-11))
    assert read(path).collision.lepton_pdg == -11


def test_weights_are_carried_with_their_signs(tmp_path):
    assert list(read(written(tmp_path / "f", lund(weights=(0.5, -2)))).weights) == [0.5, -2.0]


def test_further_numbers_blank_lines_and_zeros_for_what_is_not_known_are_tolerated(tmp_path):
    header = "{n} 0 0 0 0 0 {energy} 0 0 {weight} 7 8 9"
    text = "\n" + lund(header=header).replace("\n", " \n\n").replace(" -3.0 \n", " -3.0 5 6 \n")
    assert read(written(tmp_path / "f", text)).collision.label == "10x0"


@pytest.mark.parametrize(
    "header", ["{n} 1 1 0 0 0 0 0 0 1", "{n} 1 1 0 0.85 0.213 0.5 2.06 20.0 5.0"]
)
def test_headers_of_other_meanings_leave_the_beams_to_the_user(tmp_path, header):
    path = written(tmp_path / "f", lund(header=header))
    assert describe(path).collision is None
    assert "--beams" in refusal(path)
    table = read(path, beams="10x0")
    assert list(table["Q2"]) == pytest.approx([8.0, 8.0], rel=1e-6)


def test_beams_may_be_repeated_but_not_contradicted(tmp_path):
    path = written(tmp_path / "f", lund())
    assert len(read(path, beams="10x0")) == 2
    assert "10x0" in refusal(path, beams="11x0")


def test_description(tmp_path):
    found = describe(written(tmp_path / "f", lund(3)))
    assert (found.format, found.entries, found.collision.label) == ("lund", 3, "10x0")


CARBON = "{n} 12 6 0.0 0.85 11 10.0 2212 1 1.0"
NEUTRON = "{n} 1 0 0.0 0.85 11 10.0 2112 1 1.0"
BROKEN = {
    "photons": (lund(beam=22), "event 1: no lepton beam (ids 22, 2212)"),
    "muons": (lund(beam=13), "event 1: lepton beam 13: only"),
    "carbon": (lund(header=CARBON), "event 1: hadron beam 1000060120 is a nucleus"),
    "neutron": (lund(header=NEUTRON), "event 1: hadron beam 2112 is no proton"),
    "letters": (lund().replace("2.0 0.0 4.8", "2.0 0.0 four"), "event 1: "),
    "letters in the header": (lund().replace("0.85", "full"), ""),
    "letters later": (lund()[:-80] + "a b c d e f g h i j k l m n\n", "event 2: "),
    "NaN": (lund(px="nan"), "column 'px' is NaN or infinite in 2 of 2"),
    "promises": (
        lund().replace("4 1 1", "9 1 1"),
        "event 1: there is '9 1 1 0.0 0.85 11 10.0 2212 1 1.0' after 4 of 9 particles",
    ),
    "promises at the end": (
        lund(1) + lund(1).replace("4 1 1", "9 1 1"),
        "event 2: the file ends after 4 of 9 particles that its header promises",
    ),
    "within a line": (lund()[:-30], "event 2: there is "),
    "between lines": (lund()[: lund().rindex("4 0.0")], "event 2: the file ends after 3 of 4"),
    "no electron": (lund(pdg=12).replace(" 11 0 0", " 22 0 0"), "2 of 2 events have no scattered"),
    "energy": (lund(1) + lund(1, energy=-1), "event 2: the header's beam energy is -1.0"),
    "other beams": (lund(1000) + lund(1, energy=5), "event 1001: beams 11 5x"),
    "rubbish": (lund().encode() + bytes(range(256)), "event 3: "),
}


@pytest.mark.parametrize(("text", "message"), BROKEN.values(), ids=BROKEN)
def test_what_cannot_be_used_is_refused_on_one_line(tmp_path, text, message):
    assert message in refusal(written(tmp_path / "f.lund", text))


def test_a_truncated_compressed_file_is_refused(tmp_path):
    path = written(tmp_path / "f.lund.gz", lund(500))
    path.write_bytes(path.read_bytes()[:-100])
    assert "truncated or damaged gzip file" in refusal(path)


def test_a_table_of_numbers_is_no_lund_file(tmp_path):
    row = " ".join(str(0.5 * i) for i in range(14)) + "\n"
    assert "must name the columns" in refusal(written(tmp_path / "f.txt", row * 20), beams="hera")
