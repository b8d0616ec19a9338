"""``hepmc3_tree``: HepMC3 events in ROOT files, as the ePIC campaigns keep them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fatgan.errors import DataError
from fatgan.io.formats.root_keys import RootRecord, Tree, count_kept, kept
from fatgan.io.records.particles import BEAM, FINAL, OTHER, Particles

_TO_GEV = {0: 1e-3, 1: 1.0}
"""By HepMC3's numbers of momentum units: MEV and GEV."""

_MOMENTA = tuple(f"particles.momentum.m_v{i}" for i in range(1, 5))

Indices = NDArray[np.int64]


class HepMCTree(RootRecord):
    """HepMC3's ``WriterRootTree``: the record of :class:`HepMC`, split into branches."""

    name = "hepmc3_tree"
    tree = "hepmc3_tree"
    rule = "hardest"
    electron = (
        "the beam lepton followed through the vertices to status 1, "
        "else the hardest of its id with status 1"
    )

    def key(self, tree: Tree) -> str:
        """Return the branch of particle ids."""
        return "particles.pid"

    def block(self, tree: Tree, start: int, stop: int) -> Particles:
        """Read the beams and the outgoing leptons of these events, in GeV."""
        counts, pdg = tree.lists("particles.pid", start, stop)
        status = tree.particles("particles.status", counts, start)
        role = np.select([status == 4, status == 1], [BEAM, FINAL], OTHER).astype(np.int8)
        momenta = np.array(
            [tree.particles(name, counts, start) for name in _MOMENTA], dtype=np.float64
        )
        momenta *= np.repeat(_to_gev(tree, start, stop), counts)
        keep = kept(pdg, role)
        scattered = None
        if tree.has("links1") and tree.has("links2"):
            last = _followed(tree, start, counts, pdg, role, momenta[3])
            before = np.cumsum(keep) - 1
            starts = np.cumsum(count_kept(counts, keep)) - count_kept(counts, keep)
            scattered = np.where(last >= 0, before[last] - starts, -1) if len(keep) else last
        return Particles(
            counts=count_kept(counts, keep),
            pdg=pdg[keep].astype(np.int32),
            role=role[keep],
            momenta=momenta[:, keep],
            weight=_weight(tree, start, stop),
            scattered=scattered,
        )


def _to_gev(tree: Tree, start: int, stop: int) -> NDArray[np.float64]:
    if not tree.has("momentum_unit"):
        return np.ones(stop - start)
    units = tree.numbers("momentum_unit", start, stop)
    unknown = ~np.isin(units, list(_TO_GEV))
    if unknown.any():
        first = int(np.argmax(unknown))
        raise DataError(
            f"{tree.place}, event {start + first + 1:,}: momentum_unit = {units[first]} is none of "
            f"HepMC3's, 0 (MeV) and 1 (GeV), in {np.count_nonzero(unknown):,} events"
        )
    return np.where(units == 0, _TO_GEV[0], _TO_GEV[1])


def _weight(tree: Tree, start: int, stop: int) -> NDArray[np.float64] | None:
    """Return the first weight of each event; HepMC3 means 1 where an event has none."""
    if not tree.has("weights"):
        return None
    counts, values = tree.lists("weights", start, stop)
    weight = np.ones(len(counts))
    some = counts > 0
    weight[some] = values[(np.cumsum(counts) - counts)[some]]
    return weight


def _followed(
    tree: Tree,
    start: int,
    counts: Indices,
    pdg: NDArray[np.int32],
    role: NDArray[np.int8],
    energy: NDArray[np.float64],
) -> Indices:
    """Follow each event's beam lepton through particles of its id; flat index (n,), -1 if lost."""
    made, ended = _vertices(tree, start, counts)
    event = np.repeat(np.arange(len(counts)), counts)
    lepton = np.full(len(counts), -1)
    beams = np.flatnonzero((role == BEAM) & (np.abs(pdg) == 11))
    lepton[event[beams[::-1]]] = beams[::-1]
    # of several daughters of its id the hardest goes on, which stands first behind its vertex
    kin = np.flatnonzero((pdg == pdg[lepton][event]) & (made >= 0)) if len(pdg) else lepton[:0]
    kin = kin[np.lexsort((-energy[kin], made[kin]))]
    vertex = made[kin]
    current, open_ = lepton.copy(), lepton >= 0
    for _ in range(int(counts.max(initial=0))):  # a record that goes in circles ends too
        asked = np.flatnonzero(open_)
        end = ended[current[asked]]
        at = np.searchsorted(vertex, end)
        found = (end >= 0) & (at < len(vertex))
        found[found] = vertex[at[found]] == end[found]
        open_[asked[~found]] = False
        current[asked[found]] = kin[at[found]]
        if not found.any():
            break
    final = (current >= 0) & (role[current] == FINAL) if len(role) else current >= 0
    return np.where(final, current, -1)


def _vertices(tree: Tree, start: int, counts: Indices) -> tuple[Indices, Indices]:
    """Return the vertex that made each particle and that in which it ended, (N,), -1 for none.

    A link goes from ``links1`` to ``links2``: positive numbers are particles of the event, from
    1 on, negative ones its vertices.
    """
    links, begin = tree.lists("links1", start, start + len(counts))
    finish = tree.particles("links2", links, start)
    event = np.repeat(np.arange(len(counts)), links)
    deepest = int(max(-begin.min(initial=0), -finish.min(initial=0))) + 1
    made, ended = np.full((2, int(counts.sum())), -1)
    first = np.cumsum(counts) - counts
    for particle, vertex, into in ((finish, begin, made), (begin, finish, ended)):
        real = (particle > 0) & (vertex < 0)
        if (particle[real] > counts[event[real]]).any():
            wrong = event[real][particle[real] > counts[event[real]]]
            raise DataError(
                f"{tree.place}, event {start + int(wrong[0]) + 1:,}: links1 and links2 name "
                f"particles that are not there, in {len(np.unique(wrong)):,} events"
            )
        flat = first[event[real]] + particle[real] - 1
        into[flat] = event[real] * deepest - vertex[real]
    return made, ended
