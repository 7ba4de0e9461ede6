"""Simulation of spiking networks of any cells: one function, compiled kernels behind it."""

from cortex.door import open_door

__getattr__, __dir__, __all__ = open_door(__name__, __file__)
