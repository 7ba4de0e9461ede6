"""Evenly spaced values of one parameter."""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from cortex.params.base import Block
from cortex.params.reading import gather
from cortex.params.spec import Nested, Quantity, count, declare, quantity
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid(Nested):
    """A grid that rises within the bounds of what it varies."""

    low: float
    high: float

    def read(self, raw: Any) -> Block:
        grid = Nested.read(self, raw)
        self.verify(grid)
        return grid

    def verify(self, value: Any) -> None:
        Nested.verify(self, value)
        bound = Quantity(unit="1", low=self.low, high=self.high, doc="bound of the grid")
        gather((end, partial(bound.verify, getattr(value, end))) for end in ("start", "stop"))
        if value.num > 1:
            value.need_rising("start", "stop")


def grid(low: float, high: float, doc: str) -> Any:
    """Declare a grid whose values lie between `low` and `high`."""
    return declare(Grid(block=GridParams, low=low, high=high, doc=doc))
