"""Mean-field theory of LIF networks: stationary, dynamic, stability."""

from cortex.door import open_door

__getattr__, __dir__, __all__ = open_door(__name__, __file__)
