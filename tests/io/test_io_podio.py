"""EDM4hep files, and what all records in ROOT files share."""

from __future__ import annotations

import awkward
import fixtures_root as root
import numpy as np
import pytest
import uproot
from samples import same_momenta

from fatgan.errors import DataError, FatganError, SchemaError
from fatgan.events import Collision
from fatgan.io import describe, iterate, read
from fatgan.io.formats import root_keys

HEAD_ON = "MCParticlesHeadOnFrameNoBeamFX"


@pytest.fixture
def path(tmp_path):
    return tmp_path / "f.root"


@pytest.fixture(params=root.FORMS)
def form(request):
    return request.param


def refusal(path, kind=DataError, **options) -> str:
    with pytest.raises(kind) as caught:
        read(path, **options)
    assert isinstance(caught.value, FatganError)
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(str(path))
    return str(caught.value)


@pytest.mark.parametrize("frame", ["proton", "electron"])
def test_the_frame_is_that_of_the_beams_in_the_file(form, path, frame):
    collision = Collision.parse("18x275", frame, lepton_pdg=-11)
    # eic-smear puts the lepton in front, others may do as they like
    events = root.record(collision, lepton_first=form == "eictree" or frame == "proton")
    table = read(root.events_of(form, events, path))
    assert table.collision == collision
    for own, true in zip(table.momenta, events.truth.momenta, strict=True):
        np.testing.assert_allclose(own, true, rtol=1e-12, atol=1e-12)
    # at low Q2 electrons go on along their beam
    hardly_scattered = events.truth["Q2"] < np.median(events.truth["Q2"])
    forward = table["pz"][hardly_scattered] > 0
    assert np.mean(forward == (frame == "electron")) > 0.9
    found = describe(path)
    assert (found.format, found.entries) == (form, 40)
    assert found.tree == {"podio": "events", "eictree": "EICTree"}.get(form, "hepmc3_tree")
    assert found.collision == collision


def test_protons_at_rest_are_at_rest(path):
    truth = root.fixed_target(11.0, 40)
    events = root.record(Collision.parse("11x0"), truth=truth)
    table = read(root.events_of("podio", events, path), beams="11x0")
    assert table.collision == Collision.parse("11x0")
    np.testing.assert_allclose(table["Q2"], truth["Q2"], rtol=1e-9)


def test_chunks_and_limits_do_not_change_events(form, path, monkeypatch):
    monkeypatch.setattr(root_keys, "_PARTICLES", 60)  # several blocks in a chunk
    root.events_of(form, root.record(), path)
    whole = read(path)
    chunks = list(iterate(path, chunk=15))
    assert sum(len(chunk) for chunk in chunks) == 40
    np.testing.assert_array_equal(np.concatenate([c["pz"] for c in chunks]), whole["pz"])
    np.testing.assert_array_equal(read(path, limit=7)["px"], whole["px"][:7])


def test_beams_may_be_repeated_not_contradicted(path):
    root.events_of("podio", root.record(), path)
    assert len(read(path, beams="18x275", frame="proton")) == 40
    assert "the file says beams 18x275, --beams says 10x100" in refusal(path, beams="10x100")


def test_a_crossing_angle_is_undone_without_changing_invariants(path):
    events = root.record()
    table = read(root.events_of("podio", root.crossing(events), path))
    for name in ("Q2", "x", "y"):
        np.testing.assert_allclose(table[name], events.truth[name], rtol=1e-7)


def test_a_file_cut_short_is_named(form, path):
    root.events_of(form, root.record(), path)
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    assert "truncated ROOT file" in refusal(path)


def test_damaged_bytes_are_one_line(form, path):
    root.events_of(form, root.record(), path)
    content = bytearray(path.read_bytes())
    content[400:-1500] = bytes(len(content) - 1900)
    path.write_bytes(content)
    refusal(path)


def test_a_tree_without_events(form, path):
    root.events_of(form, root.record().first(0), path)
    assert describe(path).entries == 0
    assert "there is not one event" in refusal(path, beams="18x275")


def test_another_tree_is_not_taken_for_the_events(form, path):
    root.events_of(form, root.record(), path)
    message = refusal(path, SchemaError, tree="other")
    assert "not 'other'" in message
    assert "--format ttree" in message


def test_positron_and_electron_beams_are_no_electron_and_proton(path):
    events = root.record()
    events.pdg[events.pdg == 2212] = -11
    message = refusal(root.events_of("podio", events, path))
    assert "event 1: no hadron beam (ids 11, -11): not electron-proton events" in message


@pytest.mark.parametrize("hadron", [2112, 1000020040])
def test_neutrons_and_nuclei_are_refused(path, hadron):
    events = root.record()
    events.pdg[events.pdg == 2212] = hadron
    assert f"hadron beam {hadron}" in refusal(root.events_of("podio", events, path))


def test_charged_current_has_no_scattered_electron(path):
    events = root.record()
    events.pdg[(events.pdg == 11) & (events.status == 1)] = 12
    message = refusal(root.events_of("podio", events, path))
    assert "40 of 40 events have no scattered lepton" in message
    assert "40 with a final neutrino" in message


def test_momenta_that_are_no_numbers_are_counted(path):
    events = root.record()
    scattered = np.flatnonzero((events.pdg == 11) & (events.status == 1))
    for values in (events.px, events.pz):
        values[scattered[:2]] = np.nan
    assert "NaN" in refusal(root.events_of("podio", events, path))


def test_an_event_without_particles_is_named(path):
    events = root.record()
    counts = np.insert(events.counts, 1, 0)
    root.events_of("podio", events.changed(counts=counts), path)
    assert "event 2: 0 beam particles instead of 2" in refusal(path)


def test_three_beams_are_named(path):
    events = root.record()
    events.status[events.pdg == 22] = 4
    message = refusal(root.events_of("podio", events, path))
    assert "event 1: 3 beam particles instead of 2 (as in 40 of 40 events)" in message


@pytest.mark.parametrize("momentum", ["float32", "float64"])
def test_both_precisions_of_momenta(path, momentum):
    events = root.record()
    root.podio(path, root.collection(events, "MCParticles", momentum))
    table = read(path)
    for own, true in zip(table.momenta, events.truth.momenta, strict=True):
        np.testing.assert_array_equal(own, true.astype(momentum))
    assert table.weights is None


def test_ntuples_of_podio_are_read(path):
    events = root.record()
    table = read(root.podio_ntuple(path, events))
    assert describe(path).format == "podio"
    assert same_momenta(table, events.truth)


def test_files_without_podios_metadata_are_known_by_their_branches(path):
    events = root.record()
    root.tree(path, "events", root.collection(events, "MCParticles", "float64"))
    assert same_momenta(read(path), events.truth)


def test_the_head_on_collection_is_preferred(path):
    events = root.record()
    crossed = root.collection(root.crossing(events), "MCParticles", "float64")
    root.podio(path, crossed | root.collection(events, HEAD_ON, "float64"))
    assert same_momenta(read(path), events.truth)


def test_secondaries_of_the_simulation_are_never_taken(path):
    events = root.record()
    first = np.flatnonzero((events.status == 1) & (events.pdg == 11))[0]
    events.pdg[first] = 13  # one event of 40 has no scattered electron left but a secondary's
    events.status[first + 1] = 2
    branches = root.collection(root.with_secondaries(events), "MCParticles")
    assert "1 of 40 events have no scattered lepton" in refusal(root.podio(path, branches))


def linked(events, index):
    links = awkward.values_astype(awkward.Array(index), "int32")
    return root.collection(events, "MCParticles", "float64") | {
        "MCScatteredElectrons_objIdx.index": links
    }


def test_the_link_to_the_scattered_electron_goes_before_the_first(path):
    events = root.record()
    # the electron of a decay, in every third event, stands behind the scattered one
    links = [[4] if i % 3 == 0 else [] for i in range(40)]
    table = read(root.podio(path, linked(events, links)))
    decayed = np.arange(40) % 3 == 0
    np.testing.assert_array_equal(table["pz"][decayed], 0.03)
    np.testing.assert_array_equal(table["pz"][~decayed], events.truth["pz"][~decayed])


@pytest.mark.parametrize("index", [0, 99])
def test_a_link_to_something_else_is_not_followed(path, index):
    events = root.record()
    root.podio(path, linked(events, [[index]] * 40))
    assert same_momenta(read(path), events.truth)


def test_weights_are_used_also_negative_ones(path):
    weight = np.linspace(-1, 2, 40)
    header = {"EventHeader.weight": awkward.unflatten(weight, np.ones(40, int))}
    root.podio(path, root.collection(root.record(), "MCParticles") | header)
    np.testing.assert_array_equal(read(path).weights, weight)


def test_weights_that_are_all_zero_were_never_set(path):
    header = {"EventHeader.weight": awkward.unflatten(np.zeros(40), np.ones(40, int))}
    root.podio(path, root.collection(root.record(), "MCParticles") | header)
    assert read(path).weights is None
    assert "weight" not in describe(path).columns


def test_only_the_branches_of_the_generator_are_read(path, monkeypatch):
    root.podio(path, root.collection(root.record(), "MCParticles"))
    asked = []
    array = uproot.TBranch.array

    def noted(branch, *args, **options):
        asked.append(branch.name)
        return array(branch, *args, **options)

    monkeypatch.setattr(uproot.TBranch, "array", noted)
    read(path)
    assert {name.split(".")[0] for name in asked} == {"MCParticles"}


def test_the_same_file_is_a_plain_tree_if_asked_for(path):
    events = root.record()
    flat = {f"e.{name}": np.array(events.truth[name]) for name in ("px", "py", "pz")}
    root.podio(path, root.collection(events, "MCParticles") | flat)
    columns = {"px": "e.px", "py": "e.py", "pz": "e.pz"}
    options = {"format": "ttree", "tree": "events", "beams": "18x275"}
    assert same_momenta(read(path, columns=columns, **options), events.truth)


@pytest.mark.parametrize("branch", ["generatorStatus", "momentum.y"])
def test_a_missing_branch_is_named_with_its_tree(path, branch):
    branches = root.collection(root.record(), "MCParticles")
    del branches[f"MCParticles.{branch}"]
    message = refusal(root.podio(path, branches), SchemaError)
    assert f"tree 'events': no branch 'MCParticles.{branch}'; did you mean" in message


def test_a_podio_file_without_particles(path):
    message = refusal(root.podio(path, {}), SchemaError)
    assert "no branch 'MCParticles.PDG'" in message


def test_one_number_per_event_is_no_list(path):
    branches = root.collection(root.record(), "MCParticles") | {"MCParticles.PDG": np.ones(40)}
    message = refusal(root.podio(path, branches), SchemaError)
    assert "branch 'MCParticles.PDG' holds double, not a list of numbers per event" in message


def test_structures_where_numbers_should_be(path):
    events = root.record()
    ids = awkward.zip({"value": events.lists(events.pdg)})
    with uproot.recreate(path) as file:
        file["events"] = {"MCParticles": awkward.zip({"PDG": ids}, depth_limit=2)}
    assert "branch 'MCParticles.PDG' holds other branches" in refusal(path, SchemaError)


def test_lists_of_different_lengths_are_damage(path):
    events = root.record()
    branches = root.collection(events, "MCParticles")
    pz = events.pz[:-1].astype("float32")
    counts = events.counts - (np.arange(40) == 39)
    branches["MCParticles.momentum.z"] = awkward.unflatten(pz, counts)
    message = refusal(root.podio(path, branches))
    assert "event 40: branch 'MCParticles.momentum.z' holds 7 particles where others hold 8" in (
        message
    )


def test_beams_must_be_told_where_no_particle_is_one(path):
    events = root.record()
    events.status[events.status == 4] = 3
    root.podio(path, root.collection(events, "MCParticles", "float64"))
    assert "--beams" in refusal(path)
    assert same_momenta(read(path, beams="18x275"), events.truth)


def test_keys_are_looked_up_once_and_quietly(path, monkeypatch):
    root.events_of("eictree", root.record(), path)
    opened = []
    monkeypatch.setattr(uproot, "open", lambda *a, o=uproot.open: opened.append(a) or o(*a))
    assert root_keys.trees(path) == root_keys.trees(path) == {"EICTree": "TTree"}
    assert len(opened) == 1
    path.write_bytes(b"root" + bytes(60))
    assert root_keys.trees(path) == {}
    assert root_keys.trees(path.with_name("missing.root")) == {}
