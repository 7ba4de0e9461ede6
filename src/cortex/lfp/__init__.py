"""LFP synthesis: proxies, geometry, ground truth and predicted spectra."""

from cortex.door import open_door

__getattr__, __dir__, __all__ = open_door(__name__, __file__)
