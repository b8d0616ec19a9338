"""A trained model as an event generator, to use in a loop beside Pythia 8 or chromo."""

from fatgan.mceg.event import Event
from fatgan.mceg.generator import Generator, RandomState

__all__ = ["Event", "Generator", "RandomState"]
