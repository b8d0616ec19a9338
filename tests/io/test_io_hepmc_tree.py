"""HepMC3 events in ROOT files: units, weights, and the way from the beam to the electron."""

from __future__ import annotations

import awkward
import fixtures_root as root
import numpy as np
import pytest
from samples import same_momenta

from fatgan.errors import DataError, SchemaError
from fatgan.io import describe, read
from fatgan.io.formats import FORMATS, root_keys


@pytest.fixture
def path(tmp_path):
    return tmp_path / "f.hepmc3.tree.root"


@pytest.mark.parametrize("prefix", ["", "hepmc3_event."])
def test_branches_go_by_the_ends_of_their_names(path, prefix):
    events = root.record()
    root.hepmc_tree(path, root.hepmc_branches(events, prefix=prefix))
    assert same_momenta(read(path), events.truth)


def test_mev_become_gev(path):
    events = root.record()
    table = read(root.hepmc_tree(path, root.hepmc_branches(events, unit=0)))
    assert table.collision.label == "18x275"
    np.testing.assert_allclose(table["pz"], events.truth["pz"], rtol=1e-14)
    with pytest.raises(DataError, match="the file says GeV, --units says MeV"):
        read(path, units="MeV")


def test_an_unknown_unit_is_named_with_its_event(path):
    branches = root.hepmc_branches(root.record())
    branches["momentum_unit"][[3, 5]] = 7
    root.hepmc_tree(path, branches)
    with pytest.raises(DataError, match=r"event 4: momentum_unit = 7 .* in 2 events"):
        read(path)


def test_units_that_are_no_numbers(path):
    branches = root.hepmc_branches(root.record())
    branches["momentum_unit"] = awkward.Array([[1]] * 40)
    root.hepmc_tree(path, branches)
    with pytest.raises(SchemaError, match=r"'momentum_unit' holds .*, not one number per event"):
        read(path)


def test_the_first_weight_counts(path):
    root.hepmc_tree(path, root.hepmc_branches(root.record()))
    np.testing.assert_array_equal(read(path).weights, [1.0 - 0.1 * i for i in range(40)])
    assert describe(path).columns["weight"] == "float64"


def test_an_event_without_weights_counts_once(path):
    branches = root.hepmc_branches(root.record())
    branches["weights"] = awkward.Array([[2.0], []] * 20)
    root.hepmc_tree(path, branches)
    np.testing.assert_array_equal(read(path).weights, [2.0, 1.0] * 20)


def harder_decay(events: root.Record) -> np.ndarray:
    """Turn the decay electrons into the hardest of their events; return these events."""
    decay = np.flatnonzero((events.pdg == 11) & (events.px == 0.01))
    events.E[decay] = 1000.0
    return np.arange(40) % 3 == 0


def test_links_go_before_the_hardest_electron(path):
    events = root.record()
    harder_decay(events)
    root.hepmc_tree(path, root.hepmc_branches(events))
    assert same_momenta(read(path), events.truth)


def test_without_links_the_hardest_electron_is_taken(path):
    events = root.record()
    decayed = harder_decay(events)
    branches = root.hepmc_branches(events)
    del branches["links1"]
    table = read(root.hepmc_tree(path, branches))
    np.testing.assert_array_equal(table["pz"] == 0.03, decayed)


def chain(links: list[tuple[int, int]], codes: list[int]) -> dict:
    """Return one event of k, P and electrons with these status codes, energies 10, 20, ..."""
    n = 2 + len(codes)
    pz = np.array([-18.0, 275.0, *(-10.0 * (i + 1) for i in range(len(codes)))])
    lists = {"pid": [11, 2212] + [11] * len(codes), "status": [4, 4, *codes], "mass": [0.0] * n}
    branches = {f"particles.{key}": awkward.Array([value]) for key, value in lists.items()}
    momenta = (np.ones(n) * (np.arange(n) > 1), np.zeros(n), pz, np.hypot(pz, 1))
    branches |= {
        f"particles.momentum.m_v{i}": awkward.Array([p.tolist()]) for i, p in enumerate(momenta, 1)
    }
    begin, finish = ([list(side)] for side in zip(*links, strict=True))
    return branches | {"links1": awkward.Array(begin), "links2": awkward.Array(finish)}


def found(path, links, codes) -> int:
    """Return which particle, from 1 on, was found; 0 for none."""
    root.hepmc_tree(path, chain(links, codes))
    (form,) = (known for known in FORMATS if known.name == "hepmc3_tree")
    (block,) = form.blocks(path, None, 10)
    assert block.scattered is not None
    if block.scattered[0] < 0:
        return 0
    return 2 - int(block.momenta[2, block.scattered[0]]) // 10 if block.counts[0] else 0


def test_a_chain_of_copies_is_followed_to_its_end(path):
    # k -> 3 -> 4 -> 5, and 6 from another vertex
    links = [(1, -1), (-1, 3), (3, -2), (-2, 4), (4, -3), (-3, 5), (2, -4), (-4, 6)]
    assert found(path, links, [2, 2, 1, 1]) == 5


def test_of_two_daughters_of_its_id_the_harder_goes_on(path):
    links = [(1, -1), (-1, 4), (-1, 3), (3, -2), (-2, 5)]
    assert found(path, links, [2, 1, 1]) == 4


@pytest.mark.parametrize(
    ("links", "codes"),
    [
        ([(2, -1), (-1, 3)], [1]),  # no link from the lepton
        ([(1, -1), (-1, 3)], [2]),  # ends before the final state
        ([(1, -1), (-1, 3), (3, -1)], [2]),  # a circle
    ],
)
def test_a_chain_that_leads_nowhere_says_nothing(path, links, codes):
    assert found(path, links, codes) == 0


def test_links_to_particles_that_are_not_there_are_damage(path):
    branches = root.hepmc_branches(root.record())
    branches["links1"] = awkward.Array([[99, -1, -1, 2, 3]] + [[1, -1, -1, 2, 3]] * 39)
    root.hepmc_tree(path, branches)
    with pytest.raises(DataError, match=r"event 1: links1 and links2 name .* in 1 events"):
        read(path)


def test_blocks_do_not_change_who_is_followed(path, monkeypatch):
    events = root.record()
    harder_decay(events)
    root.hepmc_tree(path, root.hepmc_branches(events))
    monkeypatch.setattr(root_keys, "_PARTICLES", 30)
    assert same_momenta(read(path), events.truth)


@pytest.mark.parametrize("branch", ["particles.status", "particles.momentum.m_v3"])
def test_a_missing_branch_is_named_with_its_tree(path, branch):
    branches = root.hepmc_branches(root.record())
    del branches[branch]
    root.hepmc_tree(path, branches)
    with pytest.raises(SchemaError, match=f"tree 'hepmc3_tree': no branch '{branch}'"):
        read(path)
