"""Training data from an event generator: neutral-current DIS with Pythia 8."""

from fatgan.simulation.settings import Level, default_level, settings
from fatgan.simulation.simulate import simulate

__all__ = ["Level", "default_level", "settings", "simulate"]
