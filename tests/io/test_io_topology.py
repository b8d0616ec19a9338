"""The particles of an event: momentum is conserved, masses are those of the particles."""

from __future__ import annotations

import numpy as np
import pytest
from samples import HERA, dis_events

from fatgan.errors import DataError
from fatgan.events import Collision, Collisions, EventTable
from fatgan.events.kinematics import ELECTRON_MASS, PROTON_MASS
from fatgan.io.records.topology import (
    HADRONS,
    LEPTON,
    MOTHERS,
    PHOTON,
    PROTON,
    SCATTERED,
    outgoing,
)

BEAMS = {
    "HERA": HERA,
    "EIC, positrons": Collision.parse("18x275", lepton_pdg=-11),
    "EIC, electron along +z": Collision.parse("5x41", frame="electron"),
    "fixed target": Collision.parse("11x0"),
    "fixed target, turned": Collision.parse("11x0", frame="proton"),
}


def of_several_beams(n: int = 30) -> EventTable:
    """Events of a collider, of another lepton, and of a fixed target, in one table."""
    settings = [HERA, Collision.parse("18x275", lepton_pdg=-11), Collision.parse("11x0")]
    table = EventTable.concatenate([dis_events(each, n, seed=i) for i, each in enumerate(settings)])
    return table[np.random.default_rng(1).permutation(len(table))]


TABLES = {name: dis_events(collision, 90) for name, collision in BEAMS.items()}
TABLES["several"] = of_several_beams()


@pytest.fixture(params=TABLES, ids=str)
def table(request) -> EventTable:
    return TABLES[request.param]


def squared_mass(momenta):
    return momenta[..., 3] ** 2 - (momenta[..., :3] ** 2).sum(axis=-1)


def test_four_momentum_is_conserved(table):
    momenta = outgoing(table).momenta
    total = momenta[:, [LEPTON, PROTON]].sum(axis=1)
    scale = total[:, 3:]
    vertex = momenta[:, LEPTON] - momenta[:, SCATTERED] - momenta[:, PHOTON]
    final = momenta[:, [SCATTERED, HADRONS]].sum(axis=1)
    assert np.abs(vertex / scale).max() < 1e-15
    assert np.abs((final - total) / scale).max() < 1e-15


def test_the_lepton_is_that_of_the_table(table):
    momenta = outgoing(table).momenta[:, SCATTERED]
    np.testing.assert_array_equal(momenta[:, :3], np.stack(table.momenta, axis=1))


def test_masses_are_those_of_the_momenta(table):
    """Differences of squares round by the largest square: 1e-15 of it."""
    events = outgoing(table)
    room = 1e-14 * events.momenta[..., 3].max(axis=1, keepdims=True) ** 2
    stated = np.sign(events.mass) * events.mass**2
    assert (np.abs(squared_mass(events.momenta) - stated) < room).all()
    assert (events.mass[:, [LEPTON, SCATTERED]] == ELECTRON_MASS).all()
    assert (events.mass[:, PROTON] == PROTON_MASS).all()
    np.testing.assert_allclose(events.mass[:, PHOTON], -np.sqrt(table["Q2"]))


def test_beams_have_their_energies_and_directions(table):
    beams = outgoing(table).momenta[:, [LEPTON, PROTON]]
    assert (beams[:, :, :2] == 0).all()
    np.testing.assert_array_equal(beams[:, 0, 3], table["Ee"])
    np.testing.assert_array_equal(beams[:, 1, 3], table["Ep"])
    along = 1 if table.collision.frame == "proton" else -1
    assert (along * beams[:, 1, 2] >= 0).all()
    assert (along * beams[:, 0, 2] < 0).all()
    at_rest = table["Ep"] == PROTON_MASS
    assert (beams[at_rest, 1, 2] == 0).all()


def test_ids_follow_the_beam_lepton(table):
    pdg = outgoing(table).pdg
    np.testing.assert_array_equal(pdg[:, LEPTON], table["lepton"])
    np.testing.assert_array_equal(pdg[:, SCATTERED], table["lepton"])
    assert set(map(tuple, pdg[:, [PROTON, PHOTON, HADRONS]])) == {(2212, 22, 90)}


def test_mothers_are_ranges_as_in_hepevt():
    assert MOTHERS[SCATTERED].tolist() == MOTHERS[PHOTON].tolist() == [LEPTON, -1]
    first, last = MOTHERS[HADRONS]
    assert set(range(first, last + 1)) == {PROTON, PHOTON}


def test_the_hadrons_can_be_left_out_of_the_final_state(table):
    for hadrons, final in ((True, [SCATTERED, HADRONS]), (False, [SCATTERED])):
        status = outgoing(table, hadrons).status
        assert np.flatnonzero(status == 1).tolist() == final
        assert np.flatnonzero(status == 4).tolist() == [LEPTON, PROTON]


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e200])
def test_momenta_without_an_energy_are_refused(value):
    table = EventTable([1.0, value, 1.0], [0.0, 0.0, value], [-3.0] * 3, HERA)
    with pytest.raises(DataError, match="2 events have momenta that are no numbers"):
        outgoing(table)


def test_no_events():
    assert len(outgoing(EventTable([], [], [], Collisions([], [])))) == 0
