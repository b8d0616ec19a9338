"""podio: EDM4hep and EDM4eic files of ePIC's simulation and reconstruction."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fatgan.events.kinematics import ELECTRON_MASS, PROTON_MASS
from fatgan.io.formats.root_keys import RootRecord, Tree, count_kept, kept, trees
from fatgan.io.records.particles import BEAM, FINAL, OTHER, Particles

_COLLECTIONS = ("MCParticlesHeadOnFrameNoBeamFX", "MCParticles")
"""By preference: the first has the crossing angle and the beams' smearing undone."""
_LINK = "MCScatteredElectrons_objIdx.index"
_WEIGHTS = ("EventHeader.weight", "_EventHeader_weights")

_METADATA = {"podio_metadata", "evt_metadata"}
"""Trees beside the events, today's and before podio 0.99."""


class Podio(RootRecord):
    """EDM4hep in TTrees or RNTuples; of the thousands of branches the generator's are read.

    Energies are on the mass shell, as the files have none: in single precision a proton at rest
    would come out lighter than one.
    """

    name = "podio"
    tree = "events"
    rule = "first"
    electron = (
        "MCScatteredElectrons where it is there, else the first particle with status 1 and the "
        "beam lepton's id"
    )

    def sniff(self, head: bytes, path: Path) -> bool:
        """Tell by podio's own trees, else by the branches."""
        if not super().sniff(head, path):
            return False
        beside = trees(path)
        # opening a tree of thousands of branches takes long, and fatgan's own is none of podio's
        return bool(_METADATA & set(beside)) or ("fatgan" not in beside and _has_particles(path))

    def key(self, tree: Tree) -> str:
        """Return the branch of particle ids."""
        return f"{_collection(tree)}.PDG"

    def weighted(self, path: Path, tree: str | None, first: Particles) -> bool:
        """Say that weights are there unless all are 0, as where the simulation sets none."""
        return first.weight is not None and bool(first.weight.any())

    def block(self, tree: Tree, start: int, stop: int) -> Particles:
        """Read the beams and the outgoing leptons of these events."""
        own = _collection(tree)
        counts, pdg = tree.lists(f"{own}.PDG", start, stop)
        status = tree.particles(f"{own}.generatorStatus", counts, start)
        role = np.select([status == 4, status == 1], [BEAM, FINAL], OTHER).astype(np.int8)
        keep = kept(pdg, role)
        px, py, pz = (
            tree.particles(f"{own}.momentum.{axis}", counts, start)[keep].astype(np.float64)
            for axis in "xyz"
        )
        mass = np.where(pdg[keep] == 2212, PROTON_MASS, ELECTRON_MASS)
        energy = np.sqrt(px**2 + py**2 + pz**2 + mass**2)
        return Particles(
            counts=count_kept(counts, keep),
            pdg=pdg[keep].astype(np.int32),
            role=role[keep],
            momenta=np.stack([px, py, pz, energy]),
            weight=_weight(tree, start, stop),
            scattered=_linked(tree, start, counts, pdg, role, keep),
        )


def _has_particles(path: Path) -> bool:
    try:
        with Tree.at(path, Podio.tree) as tree:
            return any(tree.has(f"{name}.PDG") for name in _COLLECTIONS)
    except Exception:  # damaged in any way: the plain tree's reader says how
        return False


def _collection(tree: Tree) -> str:
    return next((name for name in _COLLECTIONS if tree.has(f"{name}.PDG")), _COLLECTIONS[-1])


def _first(tree: Tree, branch: str, start: int, stop: int, none: float) -> NDArray[np.float64]:
    """Return the first number of each event's list, ``none`` of an empty one."""
    counts, values = tree.lists(branch, start, stop)
    firsts = np.full(len(counts), none)
    some = counts > 0
    firsts[some] = values[(np.cumsum(counts) - counts)[some]]
    return firsts


def _weight(tree: Tree, start: int, stop: int) -> NDArray[np.float64] | None:
    branch = next((name for name in _WEIGHTS if tree.has(name)), None)
    return None if branch is None else _first(tree, branch, start, stop, 1.0)


def _linked(
    tree: Tree,
    start: int,
    counts: NDArray[np.int64],
    pdg: NDArray[np.int32],
    role: NDArray[np.int8],
    keep: NDArray[np.bool_],
) -> NDArray[np.int64] | None:
    """Return the particle kept of each event to which the link points, (n,), -1 without one.

    The links count in MCParticles, of which the head-on collection leaves some out; and they
    know electrons only: a link that does not hit a final lepton of the beam's id is not used.
    """
    if not tree.has(_LINK):
        return None
    index = _first(tree, _LINK, start, start + len(counts), -1).astype(np.int64)
    inside = (index >= 0) & (index < counts)
    flat = (np.cumsum(counts) - counts + index)[inside]
    event = np.repeat(np.arange(len(counts)), counts)
    beams = np.flatnonzero((role == BEAM) & (np.abs(pdg) == 11))
    lepton = np.zeros(len(counts), dtype=pdg.dtype)
    lepton[event[beams]] = pdg[beams]
    good = (role[flat] == FINAL) & (pdg[flat] == lepton[inside])
    own = count_kept(counts, keep)
    scattered = np.full(len(counts), -1)
    place = (np.cumsum(keep) - 1)[flat] - (np.cumsum(own) - own)[inside]
    scattered[inside] = np.where(good, place, -1)
    return scattered
