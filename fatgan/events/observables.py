"""The named observables of a scattered electron: one list for tables, scores, figures and files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fatgan.events import kinematics
from fatgan.events.collisions import AnyCollision

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Observable:
    """A column that every table can give.

    ``label`` is LaTeX for figures, ``unit`` is empty for pure numbers, ``log`` says that the
    spectrum is steep and figures want a logarithmic axis.
    """

    name: str
    label: str
    unit: str = ""
    log: bool = False


OBSERVABLES: dict[str, Observable] = {
    item.name: item
    for item in (
        Observable("px", "$p_x$", "GeV"),
        Observable("py", "$p_y$", "GeV"),
        Observable("pz", "$p_z$", "GeV"),
        Observable("E", "$E'$", "GeV"),
        Observable("pT", "$p_T$", "GeV", log=True),
        Observable("theta", r"$\theta$", "rad"),
        Observable("phi", r"$\phi$", "rad"),
        Observable("eta", r"$\eta$"),
        Observable("Q2", "$Q^2$", "GeV$^2$", log=True),
        Observable("x", "$x$", log=True),
        Observable("y", "$y$"),
        Observable("W2", "$W^2$", "GeV$^2$", log=True),
        Observable("W", "$W$", "GeV"),
        Observable("nu", r"$\nu$", "GeV", log=True),
    )
}

DERIVED = ("Q2", "x", "y", "W2", "nu", "theta", "phi", "pT", "eta")
"""What ``--derived`` adds to px, py, pz, E in written files."""

INVARIANT = kinematics.Invariants._fields
"""Observables that do not depend on the frame; they are computed together."""


def to_electron_frame(
    px: Array, py: Array, pz: Array, collision: AnyCollision
) -> tuple[Array, Array, Array]:
    """Return the momenta with the electron beam along +z; the same call leads back.

    The change of frame is the rotation by pi about x, which keeps handedness.
    """
    return (px, py, pz) if collision.frame == "electron" else (px, -py, -pz)


def invariants(px: Array, py: Array, pz: Array, collision: AnyCollision) -> kinematics.Invariants:
    """Return the invariants of electrons given in the collision's own frame, each (n,)."""
    rotated = to_electron_frame(px, py, pz, collision)
    return kinematics.invariants(*kinematics.light_cone(*rotated), collision.beams)


def hadronic_mass(W2: Array) -> Array:
    """Return W; W2 can round below zero where momenta are float32 and x is 1."""
    return np.sqrt(np.maximum(W2, 0.0))


def compute(name: str, px: Array, py: Array, pz: Array) -> Array:
    """Return an observable that depends on the frame and the momenta alone, shape (n,)."""
    return _FRAME_DEPENDENT[name](px, py, pz)


def _eta(px: Array, py: Array, pz: Array) -> Array:
    with np.errstate(divide="ignore"):  # pT = 0 is along the beam: eta is infinite
        return np.arcsinh(pz / np.hypot(px, py))


_FRAME_DEPENDENT: dict[str, Callable[[Array, Array, Array], Array]] = {
    "px": lambda px, py, pz: px,
    "py": lambda px, py, pz: py,
    "pz": lambda px, py, pz: pz,
    "E": lambda px, py, pz: kinematics.energy(px, py, pz),
    "pT": lambda px, py, pz: kinematics.transverse_momentum(px, py),
    "theta": lambda px, py, pz: np.arctan2(np.hypot(px, py), pz),
    "phi": lambda px, py, pz: np.arctan2(py, px),
    "eta": _eta,
}
