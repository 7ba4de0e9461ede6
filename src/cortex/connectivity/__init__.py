"""Who is connected to whom, how strongly and with which delay: the wiring of every model."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
