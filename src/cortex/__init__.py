"""Cortical network models whose theory, simulation and LFP share one parameter set.

In a notebook: ``net = cortex.load("mynet.yaml")``, then a line for each step of work.
"""

from cortex.door import open_door
from cortex.installation import cortex_version, refuse_neighbours

refuse_neighbours()
__version__ = cortex_version()
__getattr__, __dir__, __all__ = open_door(__name__, __file__)
