"""Who is connected to whom, how strongly and with which delay: the wiring of every model."""

from cortex.door import open_door

__getattr__, __dir__, __all__ = open_door(__name__, __file__)
