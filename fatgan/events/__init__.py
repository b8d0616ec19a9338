"""What an event is: tables, collisions, kinematics, bounds."""

from fatgan.events.bounds import Fiducial
from fatgan.events.collision import Collision, Frame
from fatgan.events.observables import DERIVED, OBSERVABLES, Observable
from fatgan.events.table import MOMENTUM, EventTable

__all__ = [
    "DERIVED",
    "MOMENTUM",
    "OBSERVABLES",
    "Collision",
    "EventTable",
    "Fiducial",
    "Frame",
    "Observable",
]
