"""Cortical network models whose theory, simulation and LFP share one parameter set."""

from importlib.metadata import version

__version__ = version("cortex")
