"""Training data from an event generator: neutral-current DIS with Pythia 8."""

from fatgan.simulation.design import SimulatedFile, SimulationConfig, simulate_design
from fatgan.simulation.settings import Cuts, Level, default_level, settings
from fatgan.simulation.simulate import simulate

__all__ = [
    "Cuts",
    "Level",
    "SimulatedFile",
    "SimulationConfig",
    "default_level",
    "settings",
    "simulate",
    "simulate_design",
]
