"""HepMC3 files as their consumers want them, read back with pyhepmc and with fatgan."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

import numpy as np
import pyhepmc
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from samples import EXAMPLES, HERA, dis_events, same_momenta
from test_io_topology import BEAMS, TABLES
from truths import dis_truth
from typer.testing import CliRunner

from fatgan.cli import app
from fatgan.errors import ConfigError, DataError
from fatgan.events import Collision, EventTable
from fatgan.io import describe, iterate, open_writer, read, write
from fatgan.io.records import hepmc_sink, lines
from fatgan.version import __version__

ORIGIN = {"cross_section_pb": 331.2345678901234, "cross_section_error_pb": 0.1}


def written(table: EventTable, path: Path, **keywords) -> list[pyhepmc.GenEvent]:
    write(table, path, **keywords)
    with pyhepmc.open(path) as file:
        return list(file)


def components(particle) -> list[float]:
    momentum = particle.momentum
    return [momentum.px, momentum.py, momentum.pz, momentum.e]


@pytest.mark.parametrize("name", TABLES)
def test_four_momentum_is_conserved_in_every_event_that_pyhepmc_reads(name, tmp_path):
    table = TABLES[name]
    events = written(table, tmp_path / "e.hepmc")
    assert len(events) == len(table)
    for event in events:
        beams = np.sum([components(p) for p in event.particles if p.status == 4], axis=0)
        final = np.sum([components(p) for p in event.particles if p.status == 1], axis=0)
        assert np.abs(final - beams).max() <= 1e-9 * beams[3]
        for vertex in event.vertices:
            incoming = np.sum([components(p) for p in vertex.particles_in], axis=0)
            out = np.sum([components(p) for p in vertex.particles_out], axis=0)
            assert np.abs(out - incoming).max() <= 1e-9 * beams[3]


@pytest.mark.parametrize("name", TABLES)
def test_pyhepmc_finds_the_kinematics_of_the_table(name, tmp_path):
    """From the four-momenta of the file alone; q.q rounds by E^2, hence the absolute room."""
    table = TABLES[name]
    for i, event in enumerate(written(table, tmp_path / "e.hepmc")):
        lepton, _, scattered, _, _ = event.particles
        k, q, e, P, X = map(np.array, map(components, event.particles))
        assert [p.pid for p in event.particles] == [lepton.pid, 22, lepton.pid, 2212, 90]
        assert lepton.pid == scattered.pid == table["lepton"][i]
        metric = np.array([-1, -1, -1, 1])
        room = 1e-13 * (k[3] + P[3]) ** 2
        assert -(q * q) @ metric == pytest.approx(table["Q2"][i], rel=1e-9, abs=room)
        assert (P * q) @ metric / ((P * k) @ metric) == pytest.approx(table["y"][i], rel=1e-9)
        assert (X * X) @ metric == pytest.approx(table["W2"][i], rel=1e-9, abs=room)
        assert e.tolist() == [table[c][i] for c in ("px", "py", "pz", "E")]


def test_the_vertices_are_those_that_eic_smear_and_the_afterburner_ask_for(tmp_path):
    (event, *_) = written(TABLES["HERA"], tmp_path / "e.hepmc")
    beams = [p for p in event.particles if p.status == 4]
    assert sorted(p.pid for p in beams) == [11, 2212]
    assert {p.pid for p in event.beams} == {11, 2212}
    assert all(p.momentum.px == p.momentum.py == 0 for p in beams)
    lepton, proton = sorted(beams, key=lambda p: p.pid)
    children = {p.pid: p.status for p in lepton.children}
    assert children == {11: 1, 22: 13}
    (system,) = proton.children
    assert {p.pid for p in system.parents} == {22, 2212}
    assert (system.pid, system.status) == (90, 1)


def test_units_numbers_tool_and_cross_section_are_said(tmp_path):
    events = written(dis_events(n=3), tmp_path / "e.hepmc", provenance=ORIGIN)
    for number, event in enumerate(events):
        assert event.event_number == number
        assert event.momentum_unit == pyhepmc.Units.GEV
        assert event.length_unit == pyhepmc.Units.MM
        assert event.cross_section.xsec() == ORIGIN["cross_section_pb"]
        assert event.cross_section.xsec_err() == ORIGIN["cross_section_error_pb"]
        assert list(event.weights) == [1.0]
    ((name, version),) = [(tool.name, tool.version) for tool in events[0].run_info.tools]
    assert (name, version) == ("fatgan", __version__)


def test_the_cross_section_of_a_cut_weighted_sample_is_not_known(tmp_path):
    """The share of its events says nothing of the share of its weights."""
    table = dis_events(HERA, 400, seed=3)
    facts = {"cross_section_pb": 1000.0, "cross_section_error_pb": 1.0, "events": 400}
    weighted = EventTable(*table.momenta, HERA, weights=table["Q2"] ** -4.0)
    for name, sample in (("counted", table), ("weighted", weighted)):
        write(sample, tmp_path / f"{name}.parquet", provenance=facts)
    edge = float(np.median(table["Q2"]))
    cut = {
        name: read(tmp_path / f"{name}.parquet", cut=f"Q2 > {edge}")
        for name in ("counted", "weighted")
    }
    (first, *_) = written(cut["counted"], tmp_path / "counted.hepmc")
    assert first.cross_section.xsec() == pytest.approx(500, rel=0.01)
    (first, *_) = written(cut["weighted"], tmp_path / "weighted.hepmc")
    assert first.cross_section is None


def test_several_beams_in_blocks_are_read_whatever_the_first_events_are(tmp_path):
    tables = [dis_truth(Collision(e, e), 700, seed=int(e)) for e in (10.0, 20.0)]
    table = EventTable.concatenate(tables)
    write(table, tmp_path / "blocks.hepmc")
    back = read(tmp_path / "blocks.hepmc")
    same_momenta(back, table)
    np.testing.assert_array_equal(back["Ee"], table["Ee"])


def test_an_unknown_cross_section_is_not_written_as_known(tmp_path):
    (event,) = written(dis_events(n=1), tmp_path / "e.hepmc")
    assert event.cross_section is None


def test_hadrons_can_be_left_out_of_the_final_state(tmp_path):
    table = dis_events(n=5)
    for event in written(table, tmp_path / "e.hepmc", hadrons=False):
        assert [p.pid for p in event.particles if p.status == 1] == [11]
        assert [p.status for p in event.particles if p.pid == 90] == [2]
    assert same_momenta(read(tmp_path / "e.hepmc"), table)
    with pytest.raises(ConfigError, match="no hadrons to leave out of a parquet file"):
        write(table, tmp_path / "e.parquet", hadrons=False)


def test_the_command_line_leaves_hadrons_out(tmp_path):
    source, target = tmp_path / "e.parquet", tmp_path / "e.hepmc.gz"
    write(dis_events(n=3), source)
    outcome = CliRunner().invoke(app, ["convert", str(source), str(target), "--no-hadrons"])
    assert outcome.exit_code == 0, outcome.output
    with pyhepmc.open(target) as file:
        assert [sum(p.status == 1 for p in event.particles) for event in file] == [1, 1, 1]


NUMBER = st.floats(-1e9, 1e9, allow_subnormal=True)
EVENT = st.tuples(NUMBER, NUMBER, NUMBER, st.floats(allow_nan=False, allow_infinity=False))


@pytest.mark.parametrize("compressed", [False, True])
@given(rows=st.lists(EVENT, min_size=1, max_size=8), collision=st.sampled_from([*BEAMS.values()]))
@example(rows=[(-0.0, -0.0, -0.0, -0.0), (5e-324, 1e9, 0.1, 1.0)], collision=HERA)
@settings(max_examples=EXAMPLES, deadline=None)
def test_round_trip_to_the_bit(compressed, rows, collision):
    *momenta, weights = np.array(rows).T
    table = EventTable(*momenta, collision, weights=weights)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("e.hepmc.gz" if compressed else "e.hepmc")
        write(table, path)
        (back,) = iterate(path)
    assert np.stack(back.momenta).tobytes() == np.stack(table.momenta).tobytes()
    assert back.weights.tobytes() == table.weights.tobytes()
    assert back.collision == table.collision


@pytest.mark.parametrize("name", TABLES)
def test_beams_return_in_their_frame(name, tmp_path):
    table = TABLES[name]
    write(table, tmp_path / "e.hepmc")
    (back,) = iterate(tmp_path / "e.hepmc")
    assert back.collision == table.collision
    assert same_momenta(back, table)


@pytest.mark.parametrize("weights", [None, [0.5, 0.5, 0.5], [-1.0, 2.0, 0.0]])
def test_weights_conditions_and_provenance_survive(weights, tmp_path):
    table = dis_events(n=3)
    conditions = {"polarisation": np.array([-1.0, 0.3, 1.0]), "Q2min": np.full(3, 4.0)}
    table = EventTable(*table.momenta, HERA, weights=weights, conditions=conditions)
    note = {"note": 'ü, "quoted" \\| back\\slash\nline', "seed": 7}
    events = written(table, tmp_path / "e.hepmc", provenance=note)
    assert [e.attributes["polarisation"].astype(float) for e in events] == [-1.0, 0.3, 1.0]
    back = read(tmp_path / "e.hepmc")
    assert back.provenance["origin"] == note
    assert describe(tmp_path / "e.hepmc").provenance == note
    assert {name: list(values) for name, values in back.conditions.items()} == {
        name: list(values) for name, values in conditions.items()
    }
    assert (back.weights is None) == (weights is None)
    if weights is not None:
        assert list(back.weights) == weights
        assert [list(event.weights) for event in events] == [[weight] for weight in weights]
        assert list(events[0].run_info.weight_names) == ["weight"]


def test_derived_observables_are_attributes_of_the_event(tmp_path):
    table = dis_events(n=4)
    events = written(table, tmp_path / "e.hepmc", derived=True)
    for name in ("Q2", "x", "theta"):
        assert [e.attributes[name].astype(float) for e in events] == list(table[name])


def test_pieces_and_compression_do_not_matter(tmp_path, monkeypatch):
    table = dis_events(n=400)
    write(table, tmp_path / "whole.hepmc")
    write(table, tmp_path / "a.hepmc3.gz")
    monkeypatch.setattr(lines, "BLOCK", 33)
    with open_writer(tmp_path / "pieces.hepmc3", HERA) as writer:
        for start in range(0, 400, 150):
            writer.write(table[start : start + 150])
    whole = (tmp_path / "whole.hepmc").read_bytes()
    assert (tmp_path / "pieces.hepmc3").read_bytes() == whole
    assert gzip.decompress((tmp_path / "a.hepmc3.gz").read_bytes()) == whole
    write(table, tmp_path / "b.hepmc3.gz")
    again = [(tmp_path / f"{name}.hepmc3.gz").read_bytes()[:10] for name in "ab"]
    assert again[0] == again[1]


def test_float32_is_the_rounded_column(tmp_path):
    table = dis_events(n=20)
    write(table, tmp_path / "e.hepmc", dtype="float32")
    (back,) = iterate(tmp_path / "e.hepmc")
    for name in ("px", "py", "pz"):
        np.testing.assert_array_equal(back[name], table[name].astype("float32"))


def test_a_file_without_events_is_a_listing(tmp_path):
    with open_writer(tmp_path / "e.hepmc", Collision.parse("eic")):
        pass
    with pyhepmc.open(tmp_path / "e.hepmc") as file:
        assert list(file) == []
    assert describe(tmp_path / "e.hepmc").entries == 0


def test_a_provenance_beyond_a_line_of_hepmc3_is_refused(tmp_path):
    with pytest.raises(DataError, match=r"provenance has 300,2.. characters, more than a line"):
        write(dis_events(n=1), tmp_path / "e.hepmc", provenance={"note": "x" * 300_000})
    assert list(tmp_path.iterdir()) == []
    longest = "x" * (hepmc_sink._LONGEST - 400)
    (event,) = written(dis_events(n=1), tmp_path / "e.hepmc", provenance={"note": longest})
    assert len(event.particles) == 5
