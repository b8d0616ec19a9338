"""Augmented features: correlations that the critic sees beside the generated features.

The generator makes the coordinates alone; the critic is shown these functions of them as well,
so that it need not discover the physics by itself (arXiv:2001.11103). All take momenta in the
electron frame, in GeV.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fatgan.errors import ConfigError, did_you_mean
from fatgan.events import kinematics
from fatgan.events.kinematics import Beams

Feature = Callable[[Any, Any, Any, Beams, Any], Any]

_TINY = 1e-12
_SMALL_PT = 1e-3
"""pT in GeV below which 1/pT stays what it is: its slope would overflow float32."""


def _pT(px: Any, py: Any, xp: Any) -> Any:
    return kinematics.transverse_momentum(px, py, xp)


def _ln_invariant(name: str) -> Feature:
    def feature(px: Any, py: Any, pz: Any, beams: Beams, xp: Any) -> Any:
        values = kinematics.invariants(*kinematics.light_cone(px, py, pz, xp), beams)
        return xp.log(xp.maximum(getattr(values, name), _TINY))

    return feature


def _eta(px: Any, py: Any, pz: Any, beams: Beams, xp: Any) -> Any:
    plus, minus = kinematics.light_cone(px, py, pz, xp)
    return xp.log(plus / minus) / 2


AUGMENTATIONS: dict[str, Feature] = {
    "px": lambda px, py, pz, beams, xp: px,
    "py": lambda px, py, pz, beams, xp: py,
    "pz": lambda px, py, pz, beams, xp: pz,
    "pT": lambda px, py, pz, beams, xp: _pT(px, py, xp),
    "E": lambda px, py, pz, beams, xp: kinematics.energy(px, py, pz, xp),
    "ln(Eb-pz)": lambda px, py, pz, beams, xp: xp.log(xp.maximum(beams.k_plus / 2 - pz, _TINY)),
    "pz/pT": lambda px, py, pz, beams, xp: pz / xp.maximum(_pT(px, py, xp), _SMALL_PT),
    "px*py": lambda px, py, pz, beams, xp: px * py,
    "px*pz": lambda px, py, pz, beams, xp: px * pz,
    "py*pz": lambda px, py, pz, beams, xp: py * pz,
    "ln pT": lambda px, py, pz, beams, xp: xp.log(_pT(px, py, xp)),
    "eta": _eta,
    "ln Q2": _ln_invariant("Q2"),
    "ln x": _ln_invariant("x"),
    "ln y": _ln_invariant("y"),
}

NEED_AZIMUTH = {"px", "py", "px*py", "px*pz", "py*pz"}
"""These mean nothing to the critic when the azimuth is drawn and not learned."""


def check_augmentation(names: tuple[str, ...], azimuth_known: bool) -> None:
    """Refuse names that are unknown or that the features at hand cannot give."""
    for name in names:
        if name not in AUGMENTATIONS:
            raise ConfigError(
                f"representation.augment '{name}'; {did_you_mean(name, AUGMENTATIONS)}"
            )
        if name in NEED_AZIMUTH and not azimuth_known:
            raise ConfigError(
                f"representation.augment '{name}' depends on phi, which is drawn uniformly here; "
                "set representation.azimuth to learned, or leave it out"
            )
