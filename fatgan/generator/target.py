"""What events are asked for: the beams, and the other conditions, of one event or of each."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fatgan.errors import ConfigError, ModelError, did_you_mean
from fatgan.events import BEAM_COLUMNS, AnyCollision, Collision, Collisions, EventTable
from fatgan.events.beam_columns import beam_value
from fatgan.representations import FeatureTransform

Array = NDArray[np.float64]

_ROUNDING = 1e-6
"""Relative differences of beam energies that are rounding."""

_log = logging.getLogger("fatgan")


@dataclass(frozen=True)
class Target:
    """Beams and conditions; what is a single collision or a single number holds for every event.

    Parameters
    ----------
    collision
        The beams of all events, or of each.
    conditions
        Further conditions by name: numbers, or arrays of shape (n,).
    """

    collision: AnyCollision
    conditions: Mapping[str, float | Array] = field(default_factory=dict)

    @classmethod
    def of(cls, table: EventTable) -> Target:
        """Return the beams and conditions of a table's events."""
        return cls(table.collision, table.conditions)

    @property
    def length(self) -> int | None:
        """The number of events, or None where any number will do."""
        lengths = {
            len(value) for value in self.conditions.values() if isinstance(value, np.ndarray)
        }
        if isinstance(self.collision, Collisions):
            lengths.add(len(self.collision))
        if len(lengths) > 1:
            raise ConfigError(
                f"beams and conditions are of different lengths: {sorted(lengths)}; give one row "
                "per event to all of them"
            )
        return lengths.pop() if lengths else None

    def rows(self, rows: NDArray[np.intp]) -> Target:
        """Return what is asked of these events; beyond the last one the first comes again."""
        length = self.length
        if length is None:
            return self
        rows = rows % length
        collision = self.collision
        return Target(
            collision[rows] if isinstance(collision, Collisions) else collision,
            {
                name: value[rows] if isinstance(value, np.ndarray) else value
                for name, value in self.conditions.items()
            },
        )

    def table(
        self, momenta: tuple[Array, Array, Array], provenance: Mapping[str, object]
    ) -> EventTable:
        """Return events of this target, momenta in its frame."""
        n = len(momenta[0])
        conditions = {name: np.broadcast_to(v, (n,)) for name, v in self.conditions.items()}
        return EventTable(
            *momenta, self.collision, conditions=conditions or None, provenance=provenance
        )

    def columns(self) -> dict[str, float | Array]:
        """Return beam columns and conditions by name."""
        beams = {name: beam_value(name, self.collision) for name in BEAM_COLUMNS}
        return {**beams, **self.conditions}


def settle_target(
    transform: FeatureTransform,
    collision: AnyCollision | str | None,
    conditions: Mapping[str, ArrayLike] | None,
    *,
    strict: bool = False,
) -> Target:
    """Return what a model is asked for.

    Parameters
    ----------
    transform
        The model's, which knows its beams and conditions.
    collision
        A collision, text like ``14x166``, or beams for each event; ``None`` for a model of one
        collision.
    conditions
        The model's other conditions: numbers, or arrays of one number per event.
    strict
        Refuse what lies outside the range of the training; else it is warned of.

    Raises
    ------
    ModelError
        The model does not know other beams than its own, or needs to be told beams or conditions.
    ConfigError
        A condition that the model does not have, or outside the range if ``strict``.
    """
    if isinstance(collision, str):
        collision = Collision.parse(collision, lepton_pdg=usual_lepton(transform))
    given = {name: _plain(value) for name, value in (conditions or {}).items()}
    known = transform.conditions
    if known is None:
        return Target(_own(transform, collision, given))
    wanted = [name for name in known.names if name not in BEAM_COLUMNS]
    for name in given:
        if name in BEAM_COLUMNS:
            raise ConfigError(f"'{name}' is told by the beams: say --beams 14x166 or collision=")
        if name not in wanted:
            raise ConfigError(f"the model has no condition '{name}'; {did_you_mean(name, wanted)}")
    missing = [name for name in wanted if name not in given]
    if collision is None:
        collision = transform.collision if isinstance(transform.collision, Collision) else None
    if collision is None or missing:
        lacking = [*(["the beams"] if collision is None else []), *missing]
        raise ModelError(
            f"the model's events depend on {', '.join(known.names)}: say {', '.join(lacking)}, "
            "like --beams 14x166 or collision='14x166'"
        )
    target = Target(collision, given)
    _check_told(transform, known.names, target)
    for name, (low, high, least, most) in known.outside(target.columns()).items():
        asked = f"{low:g}" if low == high else f"{low:g} to {high:g}"
        line = f"{name} = {asked} is outside the range of the training, {least:g} to {most:g}"
        if strict:
            raise ConfigError(line)
        _log.warning("%s: the events are extrapolated", line)
    return target


def usual_lepton(transform: FeatureTransform) -> int:
    """Return the beam lepton where none is said: the training's only one, or the electron."""
    found = {collision.lepton_pdg for collision in transform.collision.settings()}
    return found.pop() if len(found) == 1 else 11


def _plain(value: ArrayLike) -> float | Array:
    column = np.asarray(value, dtype=np.float64)
    return column if column.ndim else float(column)


def _own(
    transform: FeatureTransform, collision: AnyCollision | None, given: Mapping[str, object]
) -> AnyCollision:
    own = transform.collision
    if given:
        raise ConfigError(f"the model has no conditions, and '{next(iter(given))}' was given")
    if collision is None:
        return own
    if not isinstance(collision, Collision) or collision.with_frame(own.frame) != own:
        raise ModelError(
            f"the model knows {own} only, and {collision} was asked for; one that is trained "
            "with condition: [Ee, Ep] on several beams knows others"
        )
    return collision


def _check_told(transform: FeatureTransform, names: Sequence[str], target: Target) -> None:
    """Refuse beams other than the training's where no condition tells the network of them."""
    own, asked = Target(transform.collision).columns(), target.columns()
    # in the coordinates of a model that is told s, it is all that the beams' energies do
    for name in ("lepton",) if "s" in names else ("Ee", "Ep", "lepton"):
        if name in names:
            continue
        known, given = np.atleast_1d(own[name]), np.atleast_1d(asked[name])
        low, high = known.min(), known.max()
        room = _ROUNDING * max(abs(low), abs(high))
        if given.size and (given.min() < low - room or given.max() > high + room):
            span = f"{low:g}" if low == high else f"{low:g} to {high:g}"
            raise ModelError(
                f"{name} = {given.min():g} was asked for, and the model knows {span} only: it was "
                f"trained without the condition '{name}'"
            )
