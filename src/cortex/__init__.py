"""Cortical network models whose theory, simulation and LFP share one parameter set."""

from cortex.installation import cortex_version, refuse_neighbours

refuse_neighbours()
__version__ = cortex_version()
