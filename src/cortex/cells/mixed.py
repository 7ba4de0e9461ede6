"""Neurons of several models in one network."""

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Final

import numpy as np

from cortex.cells.cell import Cell
from cortex.cells.registry import CELLS
from cortex.params.lif import SPECS, Neurons
from cortex.params.spec import Spec, declare
from cortex.typing import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class PartsSpec(Spec):
    """The populations of a mixed network, each a record of its model."""

    def verify(self, value: Any) -> None:
        if not all(isinstance(each, Neurons) and each.MODEL in CELLS for each in value):
            raise self.wrong_type(value, "neurons of `cortex.cells`, one record per population")


PARTS: Final = PartsSpec(doc="neurons of each population, of its own model")


@dataclass(frozen=True, slots=True, init=False, eq=False)
class MixedNeurons(Neurons):
    """Populations of different models: what all have in common as arrays, and each for itself."""

    MODEL: ClassVar[str] = "mixed"

    parts: tuple[Neurons, ...] = declare(PARTS)

    @classmethod
    def of(cls, *parts: Neurons) -> "MixedNeurons":
        """Return the neurons of a network from those of each population, without axes."""
        common = {name: [getattr(each, name) for each in parts] for name in SPECS}
        return cls(**common, parts=parts)  # type: ignore[arg-type]  # a record beside arrays

    @property
    def peak(self) -> FloatArray:
        """Potential at which a spike is counted, V."""
        return np.array([each.peak for each in self.parts])

    def check(self) -> None:
        """Every part has checked itself."""


def part_of(neurons: Neurons, population: int) -> Neurons:
    """Return the neurons of one population, a record of its model with arrays without axes."""
    if isinstance(neurons, MixedNeurons):
        return neurons.parts[population]
    values = {each.name: getattr(neurons, each.name)[population] for each in fields(neurons)}
    return type(neurons)(**values)


def cells_by_population(neurons: Neurons, n_pops: int) -> tuple[Cell, ...]:
    """Return the model of each population of a network."""
    return tuple(CELLS[part_of(neurons, a).MODEL] for a in range(n_pops))
