"""The delayed ring that learns: simulation, theory, and the measures that join them."""

from cortex.door import open_door

__getattr__, __dir__, __all__ = open_door(__name__, __file__)
