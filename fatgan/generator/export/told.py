"""What an exported generator is told of each event: beams and conditions, in their own units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from keras import ops

from fatgan.events import BEAM_COLUMNS, Collision
from fatgan.events.beam_columns import beam_value
from fatgan.events.kinematics import PROTON_MASS, Beams
from fatgan.generator.export.doubles import DOUBLES
from fatgan.representations import FeatureTransform
from fatgan.representations.conditions import LOGARITHMIC, Condition

Columns = Mapping[str, Any]
"""Beam columns and conditions by name: floats that hold for every event, or tensors (n,)."""

UNITS = {"Ee": "GeV", "Ep": "GeV", "s": "GeV^2", "Q2min": "GeV^2", "lepton": "PDG code"}
"""Units of the columns; conditions of a user's own have those of their files."""

_ENERGIES = ("Ee", "Ep")


def told(transform: FeatureTransform) -> tuple[str, ...]:
    """Return the columns that a model's events depend on, in the order of the graph's input.

    Beams first: energies where the training was of several and the network knows them, for s
    both; the lepton where the network knows it. Then the other conditions.
    """
    known = transform.conditions
    if known is None:
        return ()
    beams: list[str] = []
    if not isinstance(transform.collision, Collision):
        beams = [name for name in _ENERGIES if name in known.names or "s" in known.names]
        beams += ["lepton"] if "lepton" in known.names else []
    return (*beams, *(name for name in known.names if name not in BEAM_COLUMNS))


def columns_of(transform: FeatureTransform, values: Any) -> dict[str, Any]:
    """Return all beam columns and conditions of events.

    Parameters
    ----------
    transform
        The model's.
    values
        Tensor (n, c) of the columns of :func:`told`, float64; ``None`` if there are none. A
        proton energy of 0 is a proton at rest.
    """
    own = transform.collision.settings()[0]
    columns: dict[str, Any] = {
        name: float(beam_value(name, own)) for name in (*_ENERGIES, "lepton")
    }
    for i, name in enumerate(told(transform)):
        columns[name] = values[:, i]
    if not isinstance(columns["Ep"], float):
        at_rest = DOUBLES.equal(columns["Ep"], 0.0)
        columns["Ep"] = DOUBLES.where(at_rest, PROTON_MASS, columns["Ep"])
    return {**columns, "s": Beams.of_energies(columns["Ee"], columns["Ep"], DOUBLES).s}


def scaled(transform: FeatureTransform, columns: Columns, like: Any) -> Any:
    """Return what a transform's conditions make of columns, (n, c); ``like`` is any tensor (n,)."""
    conditions = transform.conditions
    if conditions is None:
        return None
    known = [Condition(**entries) for entries in conditions.to_dict()["columns"]]
    nothing = ops.zeros_like(like)
    return ops.stack([nothing + _forward(each, columns[each.name]) for each in known], axis=-1)


def _forward(condition: Condition, value: Any) -> Any:
    if condition.name == "lepton":
        value = DOUBLES.negative(DOUBLES.sign(value))
    elif condition.name in LOGARITHMIC:
        value = DOUBLES.log(value)
    return (value - condition.shift) / condition.scale


def told_of_beams(transform: FeatureTransform) -> FeatureTransform:
    """Return a transform whose conditions say both beam energies, where beams differ.

    A network may know the beams by s alone, or by the lepton; momenta need the energies.
    """
    known = transform.conditions
    if known is None or isinstance(transform.collision, Collision):
        return transform
    further = [
        asdict(Condition(name, 0.0, 1.0, 0.0, 0.0)) for name in _ENERGIES if name not in known.names
    ]
    columns = [*known.to_dict()["columns"], *further]
    return FeatureTransform.from_dict({**transform.to_dict(), "conditions": {"columns": columns}})
