"""HepMC2 and HepMC3 of others: beams, units, weights, the scattered lepton, and what is broken."""

from __future__ import annotations

import bz2
import gzip
import lzma

import numpy as np
import pytest
from record_samples import ELECTRON, LEPTON_BEAM, PROTON_BEAM, check_sample, refusal, turned

from fatgan.errors import DataError
from fatgan.io import describe, iterate, read

pyhepmc = pytest.importorskip("pyhepmc")

VERSIONS = ("hepmc3", "hepmc2")
compressors = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}


def particle(momentum, pdg, status):
    return pyhepmc.GenParticle(momentum, pdg, status)


def event(
    number=0,
    electron=ELECTRON,
    lepton=11,
    beams=(LEPTON_BEAM, PROTON_BEAM),
    ids=None,
    units="GEV",
    weights=(1.0,),
    proton_first=False,
    status=(4, 4),
    radiates=False,
):
    """k -> k' photon, photon P -> hadrons, with a harder electron from a decay."""
    scale = {"GEV": 1.0, "MEV": 1000.0}[units]
    ids = ids or (lepton, 2212)
    made = pyhepmc.GenEvent(getattr(pyhepmc.Units, units), pyhepmc.Units.MM)
    made.event_number = number
    k, P = (
        particle([scale * v for v in momentum], pdg, code)
        for momentum, pdg, code in zip(beams, ids, status, strict=True)
    )
    photon = particle((0, 0, -6.0 * scale, 5.0 * scale), 22, 13)
    first, second = pyhepmc.GenVertex(), pyhepmc.GenVertex()
    first.add_particle_in(k)
    scattered = particle([scale * v for v in electron], lepton, 1)
    radiation = pyhepmc.GenVertex()
    if radiates:
        before = particle((3.0, 4.0, -13.0, 14.0), lepton, 2)
        first.add_particle_out(before)
        radiation.add_particle_in(before)
        radiation.add_particle_out(particle((0, 0, -1, 1), 22, 1))
        radiation.add_particle_out(scattered)
    else:
        first.add_particle_out(scattered)
    first.add_particle_out(photon)
    second.add_particle_in(photon)
    second.add_particle_in(P)
    decay = (0.0, 3.0 * scale, 40.0 * scale, np.hypot(3.0, 40.0) * scale)
    for out in (particle(decay, lepton, 1), particle((scale, 0, 90 * scale, 91 * scale), 211, 1)):
        second.add_particle_out(out)
    for vertex in (second, first) if proton_first else (first, second):
        made.add_vertex(vertex)
    if radiates:
        made.add_vertex(radiation)
    made.weights = list(weights)
    return made


def written(path, events, version="hepmc3"):
    with pyhepmc.open(path.with_suffix(".tmp"), "w", format=version) as file:
        for one in events:
            file.write(one)
    text = path.with_suffix(".tmp").read_bytes()
    path.write_bytes(compressors.get(path.suffix, bytes)(text))
    return path


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("suffix", ["", ".gz", ".bz2", ".xz"])
def test_both_versions_plain_and_compressed_hold_the_same_events(tmp_path, version, suffix):
    path = written(tmp_path / f"events.dat{suffix}", [event(0), event(1)], version)
    table = read(path)
    check_sample(table)
    assert table.weights is None
    assert table.collision.lepton_pdg == 11


@pytest.mark.parametrize("version", VERSIONS)
def test_events_in_mev_come_out_in_gev(tmp_path, version):
    check_sample(read(written(tmp_path / "f", [event(i, units="MEV") for i in (0, 1)], version)))


@pytest.mark.parametrize("version", VERSIONS)
def test_the_proton_may_come_first_and_the_lepton_be_a_positron(tmp_path, version):
    events = [event(i, lepton=-11, proton_first=True) for i in (0, 1)]
    table = read(written(tmp_path / "f", events, version))
    check_sample(table)
    assert table.collision.lepton_pdg == -11


def test_a_file_with_the_electron_along_z_says_so_by_its_beams(tmp_path):
    beams = (turned(LEPTON_BEAM), turned(PROTON_BEAM))
    events = [event(i, electron=turned(ELECTRON), beams=beams) for i in (0, 1)]
    check_sample(read(written(tmp_path / "f", events)), frame="electron")


def test_beams_without_status_4_are_those_that_come_from_nowhere(tmp_path):
    events = [event(i, status=(3, 3)) for i in (0, 1)]
    check_sample(read(written(tmp_path / "f", events, "hepmc2")))


@pytest.mark.parametrize("version", VERSIONS)
def test_the_electron_is_followed_through_its_radiation(tmp_path, version):
    check_sample(read(written(tmp_path / "f", [event(radiates=True)], version)), n=1)


def test_a_lost_electron_is_the_hardest_of_its_id(tmp_path):
    made = event(electron=(3.0, 4.0, -60.0, float(np.hypot(5, 60))))
    beam = next(p for p in made.particles if p.pid == 11 and p.status == 4)
    electron = next(p for p in beam.end_vertex.particles_out if p.pid == 11)
    electron.status = 2
    (table,) = iterate(written(tmp_path / "f", [made]))
    assert list(table["pz"]) == [40.0]


@pytest.mark.parametrize("version", VERSIONS)
def test_weights_are_the_first_of_each_event_with_their_sign(tmp_path, version):
    events = [event(i, weights=(w, 7.0)) for i, w in enumerate((2.0, -0.5))]
    path = written(tmp_path / "f", events, version)
    assert list(read(path).weights) == [2.0, -0.5]
    assert "weight" in describe(path).columns


def test_weights_of_one_are_none_and_other_constants_keep_the_sizes_of_slices(tmp_path):
    for number, weight in enumerate((900.0, 0.5)):
        events = [event(i, weights=(weight,)) for i in range(2)]
        written(tmp_path / f"slice{number}.hepmc", events)
    assert read(tmp_path).weights.tolist() == [900, 900, 0.5, 0.5]
    events = [event(i, weights=(1.0,)) for i in range(2)]
    assert read(written(tmp_path / "one.hepmc", events)).weights is None
    with pytest.raises(DataError, match="weight"):
        read(tmp_path)


def test_description_names_what_a_physicist_asks_for(tmp_path):
    found = describe(written(tmp_path / "f", [event(i) for i in range(3)]))
    assert (found.format, found.tree, found.entries) == ("hepmc", None, 3)
    assert str(found.collision) == "e- p 18x275 GeV, proton along +z"


def test_a_limit_keeps_what_lies_behind_it_unread(tmp_path):
    path = written(tmp_path / "f", [event(i) for i in range(3)])
    assert len(read(path, limit=2)) == 2


def test_chunks_are_no_larger_than_asked(tmp_path):
    path = written(tmp_path / "f", [event(i) for i in range(5)])
    assert [len(table) for table in iterate(path, chunk=2)] == [2, 2, 1]


def test_crossing_and_smeared_beams_are_seen_head_on_each_with_its_own(tmp_path):
    def crossed(number, energy):
        P = np.sqrt(energy**2 - 0.93827209**2)
        proton = (P * np.sin(0.025), 0.0, P * np.cos(0.025), energy)
        return event(number, beams=(LEPTON_BEAM, proton))

    table = read(written(tmp_path / "f", [crossed(i, e) for i, e in enumerate((274.5, 275.5))]))
    assert list(table["Ee"]) == [18.0, 18.0]
    # k.P of 18 and Ep crossing at 25 mrad is that of 18 and Ep (1 + cos(25 mrad)) / 2 head on
    expected = np.array([274.5, 275.5]) * (1 + np.cos(0.025)) / 2
    np.testing.assert_allclose(table["Ep"], expected, rtol=1e-7)
    np.testing.assert_allclose(table["Q2"], 36.0, rtol=1e-6)


def test_beams_that_differ_are_kept_for_each_event(tmp_path):
    def at(number, energy):
        return event(number, beams=((0.0, 0.0, -energy, energy), PROTON_BEAM))

    table = read(written(tmp_path / "f", [at(0, 18.0), at(1, 15.0)]))
    assert list(table["Ee"]) == [18.0, 15.0]
    assert list(table["pz"]) == [-12.0, -12.0]


def test_few_events_without_the_electron_are_dropped_with_a_count(tmp_path, caplog):
    events = [event(i) for i in range(200)]
    neutrino = event(200, lepton=12)
    next(p for p in neutrino.particles if p.status == 4 and p.pid == 12).pid = 11
    path = written(tmp_path / "f", [*events, neutrino])
    assert len(read(path)) == 200
    assert "dropped 1 of 201 events have no scattered lepton" in caplog.text
    assert "charged current" in caplog.text


BROKEN = {
    "electrons": ({"ids": (11, -11)}, "event 1: no hadron beam (ids 11, -11): not electron-proton"),
    "protons": ({"ids": (2212, 2212)}, "event 1: no lepton beam (ids 2212, 2212)"),
    "lead": ({"ids": (11, 1000822080)}, "event 1: hadron beam 1000822080 is a nucleus"),
    "neutrons": ({"ids": (11, 2112)}, "event 1: hadron beam 2112 is no proton; only protons"),
    "muons": ({"ids": (13, 2212)}, "event 1: lepton beam 13: only e- (11) and e+ (-11)"),
    "NaN": ({"electron": (np.nan, 4.0, -12.0, 13.0)}, "column 'px' is NaN or infinite in 2 of 2"),
    "NaN beam": (
        {"beams": ((0, 0, np.nan, 18.0), PROTON_BEAM)},
        "event 1: the beams' momenta are NaN or infinite (as in 2 of 2 events)",
    ),
    "same way": (
        {"beams": (turned(LEPTON_BEAM), PROTON_BEAM)},
        "event 1: both beams move the same",
    ),
    "energies": ({"electron": (3.0, 4.0, -12.0, 20.0)}, "event 1: an electron has momentum (3, 4"),
}


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("change", "message"), BROKEN.values(), ids=BROKEN)
def test_events_that_are_not_electron_proton_are_refused(tmp_path, version, change, message):
    path = written(tmp_path / "f", [event(i, **change) for i in range(2)], version)
    assert message in refusal(path)


def test_charged_current_is_refused_as_what_it_is(tmp_path):
    events = [event(i, lepton=12, ids=(11, 2212)) for i in range(3)]
    message = refusal(written(tmp_path / "f", events))
    assert "3 of 3 events have no scattered lepton" in message
    assert "3 with a final neutrino: charged current" in message


def test_beams_of_later_events_must_be_those_of_the_first(tmp_path):
    events = [event(i) for i in range(1000)]
    events.append(event(1000, beams=((0, 0, -10.0, 10.0), PROTON_BEAM)))
    message = refusal(written(tmp_path / "f", events))
    assert "event 1001: beams 11 10x275, the first events' are 11 18x275" in message


def damaged(text, kind):
    event_3 = text.rindex(b"\nE ")
    match kind:
        case "within a number":
            return text[: text.rindex(b"\nP ") + 30]
        case "between particles":
            return text[: text.rindex(b"\nP ") + 1]
        case "within the event's line":
            return text[: event_3 + 4]
        case "rubbish":
            return text[: event_3 + 1] + bytes(range(256)) * 4
        case "letters":
            at = text.rindex(b" -1.2000000000000000e+01")
            return text[:at] + b" abcdefghijklmnopqrstuvw" + text[at + 24 :]
    raise ValueError(kind)


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    "kind",
    ["within a number", "between particles", "within the event's line", "rubbish", "letters"],
)
def test_damage_names_the_event(tmp_path, version, kind):
    path = written(tmp_path / "f", [event(i) for i in range(3)], version)
    path.write_bytes(damaged(path.read_bytes(), kind))
    last = 2 if kind == "rubbish" else 3
    assert f": event {last}: " in refusal(path)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_missing_footer_alone_is_no_damage(tmp_path, version):
    path = written(tmp_path / "f", [event(i) for i in range(2)], version)
    text = path.read_bytes()
    path.write_bytes(text[: text.rindex(b"HepMC::")])
    check_sample(read(path))


@pytest.mark.parametrize("version", VERSIONS)
def test_events_without_units_are_refused(tmp_path, version):
    path = written(tmp_path / "f", [event(i) for i in range(3)], version)
    path.write_bytes(path.read_bytes().replace(b"U GEV MM\n", b"", 1))
    message = refusal(path)
    assert "event 1: no line 'U GEV MM' or 'U MEV MM' says its units (as in 1 of 3" in message


def test_a_truncated_compressed_file_is_refused(tmp_path):
    path = written(tmp_path / "f.gz", [event(i) for i in range(300)])
    path.write_bytes(path.read_bytes()[:-2000])
    assert "truncated or damaged gzip file" in refusal(path)


def test_a_file_of_no_events_is_refused(tmp_path):
    path = written(tmp_path / "f", [event()])
    text = path.read_bytes()
    path.write_bytes(text[: text.index(b"\nE ") + 1])
    assert refusal(path)
