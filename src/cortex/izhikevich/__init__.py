"""Cells of Izhikevich (2007): theory, firing, published networks and the bump attractor."""

from cortex.door import open_door

__getattr__, __dir__, __all__ = open_door(__name__, __file__)
