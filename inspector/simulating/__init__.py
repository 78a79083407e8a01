"""Simulate deliveries: make them as a provider does, send them, and try again as it does."""

from inspector.simulating.made_secret import handlers_secret, made_secret
from inspector.simulating.prepare import Prepared, Surroundings
from inspector.simulating.simulation import CannotSimulate, Sending, Simulation
from inspector.simulating.simulator import SimulationResults, Simulator

__all__ = [
    "CannotSimulate",
    "Prepared",
    "Sending",
    "Simulation",
    "SimulationResults",
    "Simulator",
    "Surroundings",
    "handlers_secret",
    "made_secret",
]
