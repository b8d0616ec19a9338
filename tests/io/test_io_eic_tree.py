"""Trees of eic-smear."""

from __future__ import annotations

import fixtures_root as root
import numpy as np
import pytest
from samples import same_momenta

from fatgan.errors import SchemaError
from fatgan.io import describe, read
from fatgan.io.formats.root_keys import Tree


@pytest.fixture
def path(tmp_path):
    return tmp_path / "f.root"


@pytest.mark.parametrize("prefix", ["", "erhic::EventPythia.erhic::EventMC."])
def test_classes_in_the_middle_of_a_name_do_not_matter(path, prefix):
    events = root.record()
    root.eic_tree(path, root.eic_branches(events, prefix))
    table = read(path)
    assert same_momenta(table, events.truth)
    np.testing.assert_allclose(table["Q2"], events.truth["Q2"], rtol=1e-12)


@pytest.mark.parametrize(
    "key",
    [
        "particles.px",
        "event/particles/particles.px",
        "event/erhic::EventMC/particles/particles.px",
        "event.particles.px",
    ],
)
def test_paths_end_at_a_separator(path, key):
    tree = Tree(path, "EICTree", {key: None, "myparticles.px": None}, 0)
    assert tree.has("particles.px")
    assert not tree.has("articles.px")


def test_the_first_final_electron_is_taken_not_the_hardest(path):
    events = root.record()
    decay = (events.pdg == 11) & (events.px == 0.01)
    events.E[decay] = 1000.0
    assert same_momenta(read(root.eic_tree(path, root.eic_branches(events))), events.truth)


def test_lines_of_the_documentation_are_no_beams(path):
    events = root.record()
    events.pdg[events.pdg == 22] = 11  # Pythia 6 repeats the electron with KS 21
    assert same_momenta(read(root.eic_tree(path, root.eic_branches(events))), events.truth)


def test_trees_made_of_hepmc_keep_its_codes(path):
    events = root.record()
    branches = root.eic_branches(events) | {"particles.KS": events.lists(events.status)}
    assert same_momenta(read(root.eic_tree(path, branches)), events.truth)


def test_weights_of_generators_that_have_them(path):
    weight = np.linspace(-1, 2, 40)
    root.eic_tree(path, root.eic_branches(root.record()) | {"weight": weight})
    np.testing.assert_array_equal(read(path).weights, weight)
    assert "weight" in describe(path).columns


def test_without_weights_every_event_counts_once(path):
    root.eic_tree(path, root.eic_branches(root.record()))
    assert read(path).weights is None


@pytest.mark.parametrize("branch", ["particles.id", "particles.E"])
def test_a_missing_branch_is_named_with_its_tree(path, branch):
    branches = root.eic_branches(root.record())
    del branches[branch]
    root.eic_tree(path, branches)
    with pytest.raises(SchemaError, match=f"tree 'EICTree': no branch '{branch}'"):
        read(path)


def test_a_plain_tree_of_this_name_is_read_if_asked_for(path):
    truth = root.record().truth
    root.eic_tree(path, {name: np.array(truth[name]) for name in ("px", "py", "pz")})
    with pytest.raises(SchemaError, match=r"no branch 'particles\.id'.*--format ttree"):
        read(path, beams="18x275")
    assert same_momenta(read(path, beams="18x275", format="ttree"), truth)
