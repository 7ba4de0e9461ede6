"""Who is connected to whom, how strongly and with which delay: the wiring of every model."""

from cortex.connectivity.projection import Projection, Rows
from cortex.connectivity.rules import fixed_in_degree

__all__ = ["Projection", "Rows", "fixed_in_degree"]
