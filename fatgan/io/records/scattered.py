"""Which particle of an event is the scattered lepton."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fatgan.io.records.particles import FINAL, Particles

Rule = Literal["first", "hardest"]
"""Which final lepton of the beam's flavour is taken where the format does not say it."""

_NEUTRINOS = (12, 14, 16)


def find(particles: Particles, beam_pdg: ArrayLike, rule: Rule) -> NDArray[np.int64]:
    """Return where in the flat arrays the scattered leptons are, int64 (n,); -1 without one.

    Parameters
    ----------
    particles
        n events.
    beam_pdg
        Id of the beam lepton: one for all, or (n,).
    rule
        For events of which the format itself does not say it.
    """
    flavour = np.broadcast_to(beam_pdg, len(particles))[particles.event]
    candidates = np.flatnonzero((particles.role == FINAL) & (particles.pdg == flavour))
    event = particles.event[candidates]
    if rule == "hardest":
        # what is not a number comes out, to be seen, and is not passed over for a softer one
        hardness = np.nan_to_num(particles.momenta[3, candidates], nan=np.inf)
        order = np.lexsort((-hardness, event))
        candidates, event = candidates[order], event[order]
    found = np.full(len(particles), -1, np.int64)
    events, first = np.unique(event, return_index=True)
    found[events] = candidates[first]
    if particles.scattered is None:
        return found
    stated = particles.scattered >= 0
    found[stated] = (particles.starts + particles.scattered)[stated]
    return found


def flavour_without_beams(particles: Particles) -> int:
    """Return 11 or -11, of which more final ones are there, where no beams say the lepton."""
    final = particles.pdg[particles.role == FINAL]
    return 11 if np.count_nonzero(final == 11) >= np.count_nonzero(final == -11) else -11


def without(particles: Particles, missing: NDArray[np.bool_]) -> str:
    """Say in words what the events without a scattered lepton, a mask (n,), are."""
    neutrinos = np.isin(np.abs(particles.pdg), _NEUTRINOS) & (particles.role == FINAL)
    charged = np.unique(particles.event[neutrinos & missing[particles.event]])
    return f"{len(charged):,} with a final neutrino: charged current" if len(charged) else ""
