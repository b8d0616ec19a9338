"""What an event is: tables, collisions, kinematics, bounds."""

from fatgan.events.beam_columns import BEAM_COLUMNS
from fatgan.events.bounds import Fiducial
from fatgan.events.collision import Collision, Frame
from fatgan.events.collisions import AnyCollision, Collisions
from fatgan.events.observables import DERIVED, OBSERVABLES, Observable
from fatgan.events.table import MOMENTUM, EventTable

__all__ = [
    "BEAM_COLUMNS",
    "DERIVED",
    "MOMENTUM",
    "OBSERVABLES",
    "AnyCollision",
    "Collision",
    "Collisions",
    "EventTable",
    "Fiducial",
    "Frame",
    "Observable",
]
