"""Files of several beam settings and conditions: ours, and those of others."""

from __future__ import annotations

import numpy as np
import pytest
from samples import HERA, dis_events, foreign, foreign_tree, same_momenta

from fatgan.errors import ConfigError, DataError, SchemaError
from fatgan.events import Collision, Collisions, EventTable
from fatgan.io import SeveralBeams, describe, iterate, open_writer, read
from fatgan.io import write as write_file

EIC = Collision.parse("18x275")
JLAB = Collision.parse("11x0")


def with_conditions(table: EventTable, **conditions: object) -> EventTable:
    return EventTable(*table.momenta, table.collision, conditions=conditions)


@pytest.fixture
def mixed() -> EventTable:
    """Three settings in turn, e- and e+, weighted, with conditions."""
    positrons = Collision.parse("27.5x920", lepton_pdg=-11)
    parts = [dis_events(beams, 100, seed) for seed, beams in enumerate((HERA, positrons, EIC))]
    table = EventTable.concatenate(parts)[np.arange(300).reshape(3, 100).T.ravel()]
    return EventTable(
        *table.momenta,
        table.collision,
        weights=np.linspace(-1, 1, 300),
        conditions={"hel": np.arange(300) % 2 - 0.5, "Q2min": np.linspace(0.1, 1 / 3, 300)},
        provenance={"seed": 7},
    )


@pytest.fixture
def columns(mixed: EventTable) -> dict[str, np.ndarray]:
    """The same as others would write it."""
    names = {"px": "px", "py": "py", "pz": "pz", "beam_e": "Ee", "beam_p": "Ep", "id": "lepton"}
    return {theirs: np.array(mixed[ours]) for theirs, ours in names.items()}


BEAMS = {"Ee": "beam_e", "Ep": "beam_p", "lepton": "id"}


def refusal(path, kind=DataError, **keywords) -> str:
    with pytest.raises(kind) as caught:
        read(path, **keywords)
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_the_same_table_comes_back(known, mixed, tmp_path, dtype):
    write_file(mixed, tmp_path / "e", format=known.name, dtype=dtype)
    back = read(tmp_path / "e", max_unphysical=1.0)
    if dtype == "float64":
        assert same_momenta(back, mixed)
        np.testing.assert_array_equal(back.weights, mixed.weights)
    assert back.collision == mixed.collision
    assert list(back.conditions) == ["hel", "Q2min"]
    for name in ("hel", "Q2min", "Ee", "Ep", "lepton"):
        np.testing.assert_array_equal(back[name], mixed[name])
    assert back.provenance["origin"] == {"seed": 7}


def test_conditions_of_one_collision_come_back(known, table, tmp_path):
    write_file(with_conditions(table, hel=np.arange(400)), tmp_path / "e", format=known.name)
    back = read(tmp_path / "e", cut="hel >= 100")
    assert back.collision == HERA
    np.testing.assert_array_equal(back["hel"], np.arange(100, 400))
    assert list(describe(tmp_path / "e").columns)[-1] == "hel"


def test_pieces_of_any_beams_make_the_whole(mixed, tmp_path):
    path = tmp_path / "e.root"
    names = tuple(mixed.conditions)
    with open_writer(path, mixed.collision, weighted=True, conditions=names) as writer:
        for collision, part in mixed.by_setting():
            writer.write(part if collision == EIC else part.with_frame("electron"))
    joined = EventTable.concatenate([part for _, part in mixed.by_setting()])
    chunks = list(iterate(path, chunk=70))
    assert [len(chunk) for chunk in chunks] == [70, 70, 70, 70, 20]
    for back in (read(path), EventTable.concatenate(chunks)):
        assert same_momenta(back, joined)
        assert back.collision == joined.collision


def test_a_file_of_one_collision_takes_events_of_it_only(table, mixed, tmp_path):
    of_one = EventTable(*table.momenta, Collisions.repeat(HERA, 400))
    write = open_writer(tmp_path / "e.root", HERA)
    with write as writer:
        writer.write(of_one)
    assert read(tmp_path / "e.root").collision == HERA
    others = {"do not belong": mixed, "conditions hel, the file none": of_one}
    others["conditions hel, the file none"] = with_conditions(table, hel=np.ones(400))
    for message, other in others.items():
        with (
            pytest.raises(DataError, match=message),
            open_writer(tmp_path / "f.root", HERA) as writer,
        ):
            writer.write(other)


def test_a_file_says_what_it_holds(known, mixed, tmp_path):
    write_file(mixed, tmp_path / "e", format=known.name)
    found = describe(tmp_path / "e")
    assert isinstance(found.collision, SeveralBeams)
    assert str(found.collision) == "each event's own, in columns Ee, Ep, lepton, proton along +z"
    assert list(found.columns)[4:] == ["Ee", "Ep", "lepton", "hel", "Q2min", "weight"]


def test_what_earlier_releases_can_read_is_marked_so(table, mixed, tmp_path):
    for number, written in ((1, table), (2, mixed)):
        write_file(written, tmp_path / "e.csv")
        assert f'"schema": {number},' in (tmp_path / "e.csv").read_text().split("\n", 1)[0]


def test_contradictions_with_a_file_of_several_beams(mixed, tmp_path):
    path = tmp_path / "e.root"
    write_file(mixed, path)
    assert "beams of each event, --beams says 27.5x920; leave" in refusal(path, beams="hera")
    assert "lepton of each event, --lepton says -11" in refusal(path, lepton=-11)
    assert "proton along +z, --frame says electron" in refusal(path, frame="electron")
    message = refusal(path, columns={"Ee": "Ee", "Ep": "Ep"})
    assert message == f"{path}: the file says its beams itself; leave Ee, Ep out of --columns"


@pytest.mark.parametrize("suffix", [".root", ".parquet", ".csv"])
def test_beams_in_columns_of_others(mixed, columns, tmp_path, suffix):
    path = foreign(tmp_path / f"f{suffix}", {**columns, "spin": np.array(mixed["hel"])})
    table = read(path, columns={**BEAMS, "hel": "spin"})
    assert same_momenta(table, mixed)
    assert table.collision == mixed.collision
    np.testing.assert_array_equal(table["hel"], mixed["hel"])
    assert list(table.conditions) == ["hel"]
    found = describe(path, columns=BEAMS).collision
    assert str(found) == "each event's own, in columns beam_e, beam_p, id"


def test_beams_in_mev_and_without_a_lepton_column(mixed, columns, tmp_path):
    in_mev = {name: array * (1 if name == "id" else 1000) for name, array in columns.items()}
    path = foreign_tree(tmp_path / "f.root", in_mev)
    energies = {"Ee": "beam_e", "Ep": "beam_p"}
    table = read(path, columns=energies, units="MeV", lepton=-11, frame="proton")
    np.testing.assert_allclose(table["Ep"], mixed["Ep"], rtol=1e-15)
    assert set(table["lepton"]) == {-11}


def test_beams_that_are_all_equal_are_one_collision(table, momenta, tmp_path):
    path = foreign_tree(
        tmp_path / "f.root", {**momenta, "e": np.full(400, 27.5), "p": np.full(400, 920.0)}
    )
    assert read(path, columns={"Ee": "e", "Ep": "p"}).collision == HERA


@pytest.mark.parametrize("mass", [0.0, 0.938, 0.93827209, 0.938272])
def test_the_frame_without_a_word_is_the_field_s(tmp_path, mass):
    rest = dis_events(JLAB.with_frame("electron"), 400)[:100]
    columns = {name: np.array(rest[name]) for name in ("px", "py", "pz")}
    columns |= {"e": np.full(100, 11.0), "p": np.full(100, mass)}
    path = foreign_tree(tmp_path / "f.root", columns)
    if mass == 0.938:
        assert "columns e, p: proton beam energy 0.938 GeV is below its mass" in refusal(
            path, columns={"Ee": "e", "Ep": "p"}
        )
        return
    (table,) = iterate(path, columns={"Ee": "e", "Ep": "p"})
    assert table.collision == JLAB


def test_one_moving_proton_tells_the_frame_of_every_chunk(columns, tmp_path):
    columns["beam_p"][:299] = 0.0
    path = foreign_tree(tmp_path / "f.root", columns)
    chunks = list(iterate(path, chunk=100, columns=BEAMS))
    assert [chunk.collision.frame for chunk in chunks] == ["proton"] * 3
    chunks = list(iterate(path, chunk=100, columns=BEAMS, limit=200))
    assert [chunk.collision.frame for chunk in chunks] == ["electron"] * 2


def test_a_lepton_column_beside_stated_beams(momenta, tmp_path):
    signs = np.where(np.arange(400) % 3 == 0, -11, 11)
    path = foreign_tree(tmp_path / "f.root", {**momenta, "id": signs})
    table = read(path, beams="hera", columns={"lepton": "id"})
    np.testing.assert_array_equal(table["lepton"], signs)
    assert [len(part) for _, part in table.by_setting()] == [266, 134]
    assert "does not say which beams" in refusal(path, columns={"lepton": "id"})


def test_column_maps_that_make_no_sense(columns, tmp_path):
    path = foreign_tree(tmp_path / "f.root", columns)
    assert "Ee alone" in refusal(path, ConfigError, columns={"Ee": "beam_e"})
    message = refusal(path, ConfigError, columns=BEAMS, beams="hera")
    assert message == (
        "beams = 'hera' and columns 'beam_e', 'beam_p' both say the beams; leave one out"
    )
    assert "both say the lepton" in refusal(path, ConfigError, columns=BEAMS, lepton=-11)
    assert "did you mean 'weight'" in refusal(path, ConfigError, columns={"weigth": "px"})
    assert "cannot be called 'Q2'" in refusal(path, ConfigError, columns={"Q2": "px"})
    message = refusal(path, SchemaError, columns={**BEAMS, "hel": "idd"})
    assert message == f"{path}, tree 'events': no column 'idd'; did you mean 'id'?"
    columns["id"][5] = 13
    message = refusal(foreign_tree(path, columns), columns=BEAMS)
    assert "columns beam_e, beam_p, id: beams 13.0 on 2212: only" in message
    assert "(in 1 of 300 events)" in message


def test_conditions_that_are_weights_by_name_are_no_matter(momenta, tmp_path, caplog):
    path = foreign_tree(tmp_path / "f.root", {**momenta, "w": np.ones(400)})
    read(path, beams="hera", columns={"hel": "w"})
    assert caplog.records == []


def test_conditions_that_are_not_finite_are_named(momenta, tmp_path):
    spin = np.where(np.arange(400) < 7, np.nan, 1.0)
    path = foreign_tree(tmp_path / "f.root", {**momenta, "spin": spin})
    options = {"beams": "hera", "columns": {"hel": "spin"}}
    assert "column 'spin' (hel) is NaN or infinite in 7 of 400 rows" in refusal(path, **options)
    assert len(read(path, cut="spin == spin", **options)) == 393
