"""LUND files as GEMC reads them: ten numbers, then fourteen for each particle."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from samples import EXAMPLES, dis_events, same_momenta

from fatgan.errors import DataError
from fatgan.events import Collision, Collisions, EventTable
from fatgan.events.kinematics import ELECTRON_MASS, PROTON_MASS
from fatgan.io import iterate, write

JLAB = Collision.parse("10.6x0")


def written(table: EventTable, path: Path, **keywords) -> list[np.ndarray]:
    write(table, path, **keywords)
    return [np.array(line.split(), float) for line in path.read_text().splitlines()]


def test_headers_and_particles_have_the_numbers_of_the_format(tmp_path):
    table = dis_events(JLAB, 50)
    rows = written(table, tmp_path / "e.lund")
    assert len(rows) == 3 * 50
    for i in range(50):
        header, electron, system = rows[3 * i : 3 * i + 3]
        assert header.tolist() == [2, 1, 1, 0, 0, 11, 10.6, 2212, 0, 1]
        assert [len(electron), len(system)] == [14, 14]
        assert electron[:6].tolist() == [1, 0, 1, 11, 0, 0]
        assert electron[6:10].tolist() == [table[name][i] for name in ("px", "py", "pz", "E")]
        assert electron[10:].tolist() == [ELECTRON_MASS, 0, 0, 0]
        # GEMC stops at an active particle that Geant4 does not know
        assert system[:4].tolist() == [2, 0, 0, 90]
        total = electron[6:10] + system[6:10]
        beam = np.sqrt(10.6**2 - ELECTRON_MASS**2)
        assert total == pytest.approx([0, 0, beam, 10.6 + PROTON_MASS], abs=1e-12)


def test_hadrons_can_be_left_out(tmp_path):
    rows = written(dis_events(JLAB, 4), tmp_path / "e.lund", hadrons=False)
    assert [len(row) for row in rows] == [10, 14] * 4
    assert [row[0] for row in rows] == [1] * 8


MOMENTUM = st.tuples(*[st.floats(-1e9, 1e9, allow_subnormal=True)] * 3)
WEIGHT = st.floats(allow_nan=False, allow_infinity=False)


@given(
    rows=st.lists(MOMENTUM, min_size=1, max_size=8),
    weight=WEIGHT,
    energy=st.floats(1, 100),
    lepton=st.sampled_from([11, -11]),
)
@example(rows=[(-0.0, -0.0, -0.0), (5e-324, 1e9, 0.1)], weight=-0.25, energy=10.6, lepton=11)
@settings(max_examples=EXAMPLES, deadline=None)
def test_round_trip_to_the_bit(rows, weight, energy, lepton):
    # weights that are the same in all events read as none
    weights = np.append(np.full(len(rows), weight), 2.0)
    momenta = np.array([*rows, (1.0, 0.0, 3.0)]).T
    table = EventTable(*momenta, Collision(energy, 0, "electron", lepton), weights=weights)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "e.lund"
        write(table, path)
        (back,) = iterate(path)
    assert np.stack(back.momenta).tobytes() == np.stack(table.momenta).tobytes()
    if weight != 2.0:
        assert back.weights.tobytes() == table.weights.tobytes()
    assert back.collision == table.collision


def test_the_electron_comes_along_z_whatever_the_frame(tmp_path):
    table = dis_events(JLAB, 20)
    write(table.with_frame("proton"), tmp_path / "e.lund")
    (back,) = iterate(tmp_path / "e.lund")
    assert back.collision == JLAB
    np.testing.assert_array_equal(np.stack(back.momenta) + 0.0, np.stack(table.momenta) + 0.0)


def test_beam_energies_may_be_each_events_own(tmp_path):
    energies = np.array([6.5, 10.6, 6.5])
    table = dis_events(JLAB, 3)
    table = EventTable(*table.momenta, Collisions(energies, np.zeros(3), "electron"))
    write(table, tmp_path / "e.lund")
    (back,) = iterate(tmp_path / "e.lund")
    assert back.collision == table.collision
    assert same_momenta(back, table)


@pytest.mark.parametrize("beams", ["27.5x920", "11x1"])
def test_other_collisions_are_refused(beams, tmp_path):
    table = dis_events(Collision.parse(beams), 5)
    several = EventTable(*table.momenta, Collisions.repeat(table.collision, 5))
    for each in (table, several):
        with pytest.raises(DataError, match=rf"on a proton at rest.*{beams} GeV.*HepMC3"):
            write(each, tmp_path / "e.lund")
    assert list(tmp_path.iterdir()) == []


def test_what_lund_cannot_hold_is_said_once(tmp_path, caplog):
    table = dis_events(JLAB, 5)
    write(EventTable(*table.momenta, JLAB), tmp_path / "e.lund")
    assert caplog.messages == []
    table = EventTable(*table.momenta, JLAB, conditions={"pol": np.ones(5)})
    write(table, tmp_path / "e.lund", provenance={"seed": 7})
    assert caplog.messages == [
        "LUND files have no place for the provenance, condition pol: left out"
    ]
