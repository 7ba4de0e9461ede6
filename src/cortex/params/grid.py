"""Evenly spaced values of one parameter."""

from dataclasses import dataclass

import numpy as np

from cortex.params.base import Block
from cortex.params.spec import count, quantity
from cortex.typing import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class GridParams(Block):
    """Values from `start` to `stop`, both included, in the unit of what they vary."""

    start: float = quantity("1", -1e9, 1e9, "first value")
    stop: float = quantity("1", -1e9, 1e9, "last value")
    num: int = count(1, 100_000, "number of values")

    def values(self) -> FloatArray:
        """Return the values, shape (num,), rounded to 12 digits so that ids are stable."""
        return np.round(np.linspace(self.start, self.stop, self.num), 12)
