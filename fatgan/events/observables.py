"""The named observables of a scattered electron: one list for tables, scores, figures and files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fatgan.events import kinematics
from fatgan.events.collision import Collision

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

_INVARIANT = {"Q2", "x", "y", "W2", "nu"}


def to_electron_frame(
    px: Array, py: Array, pz: Array, collision: Collision
) -> tuple[Array, Array, Array]:
    """Return the momenta with the electron beam along +z; the same call leads back.

    The change of frame is the rotation by pi about x, which keeps handedness.
    """
    return (px, py, pz) if collision.frame == "electron" else (px, -py, -pz)


def compute(name: str, px: Array, py: Array, pz: Array, collision: Collision) -> Array:
    """Return one observable of electrons given in the collision's own frame, shape (n,)."""
    if name in _INVARIANT:
        rotated = to_electron_frame(px, py, pz, collision)
        plus_minus = kinematics.light_cone(*rotated)
        return getattr(kinematics.invariants(*plus_minus, collision.beams), name)
    if name == "W":
        # W2 can round below zero where momenta are float32 and x is 1
        return np.sqrt(np.maximum(compute("W2", px, py, pz, collision), 0.0))
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
