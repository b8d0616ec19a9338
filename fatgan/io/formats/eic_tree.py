"""EICTree: the ROOT files of eic-smear, whichever generator was behind it."""

from __future__ import annotations

import numpy as np

from fatgan.io.formats.root_keys import RootRecord, Tree, count_kept, kept
from fatgan.io.records.particles import BEAM, FINAL, OTHER, Particles

_BEAMS = (21, 4)
"""Status codes of beams: Pythia 6's, and HepMC's where the tree was made of such a file."""


class EicTree(RootRecord):
    """eic-smear's ``EICTree``: Pythia 6's codes, beam lepton and beam hadron in front.

    Frame and energies are those of the beams in the file. Events of generators with weights
    (Milou, HepMC, DEMP) carry theirs in ``weight``.
    """

    name = "eictree"
    tree = "EICTree"
    rule = "first"
    electron = "the first particle with KS 1 and the beam lepton's id"

    def key(self, tree: Tree) -> str:
        """Return the branch of particle ids."""
        return "particles.id"

    def block(self, tree: Tree, start: int, stop: int) -> Particles:
        """Read the beams and the outgoing leptons of these events."""
        counts, pdg = tree.lists("particles.id", start, stop)
        status = tree.particles("particles.KS", counts, start)
        # Pythia 6 gives code 21 to the exchanged boson and the partons too
        place = np.arange(len(pdg)) - np.repeat(np.cumsum(counts) - counts, counts)
        beam = (place < 2) & np.isin(status, _BEAMS)
        role = np.where(beam, BEAM, np.where(status == 1, FINAL, OTHER)).astype(np.int8)
        keep = kept(pdg, role)
        momenta = [tree.particles(f"particles.{name}", counts, start)[keep] for name in _MOMENTA]
        return Particles(
            counts=count_kept(counts, keep),
            pdg=pdg[keep].astype(np.int32),
            role=role[keep],
            momenta=np.array(momenta, dtype=np.float64),
            weight=_weight(tree, start, stop),
        )


_MOMENTA = ("px", "py", "pz", "E")


def _weight(tree: Tree, start: int, stop: int) -> np.ndarray | None:
    if not tree.has("weight"):
        return None
    return tree.numbers("weight", start, stop).astype(np.float64)
