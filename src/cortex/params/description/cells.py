"""Populations of neurons of any model, as a network file states them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cortex.cells.registry import CELLS
from cortex.params.base import Block
from cortex.params.description.population import PopulationParams
from cortex.params.description.scatter import SCATTER, deviations
from cortex.params.spec import Choice, Nested, Spec, count, declare

MODEL: Final = Choice(options=tuple(CELLS), doc="model of the neuron")


@dataclass(frozen=True, slots=True, kw_only=True)
class CellSpec(Spec):
    """The block `neuron`: a `model`, and the keys of that model."""

    def read(self, raw: Any) -> Block:
        if not isinstance(raw, Mapping) or "model" not in raw:
            raise self.wrong_type(raw, f"a block of keys with model: {', '.join(CELLS)}")
        own = {key: value for key, value in raw.items() if key != "model"}
        return CELLS[MODEL.read(raw["model"])].params.from_config(own)

    def verify(self, value: Any) -> None:
        if model_of(value) is None:
            raise self.wrong_type(value, "a neuron of `cortex.cells`")

    def render(self, value: Block) -> dict[str, Any]:
        return {"model": model_of(value), **value.to_config()}


def model_of(neuron: object) -> str | None:
    """Return the name of the model of a neuron."""
    return next((name for name, cell in CELLS.items() if type(neuron) is cell.params), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellPopulationParams(Block):
    """Neurons that are alike, of any model; potentials are absolute."""

    size: int = count(1, 100_000_000, "neurons")
    neuron: Any = declare(CellSpec(doc=f"model ({', '.join(CELLS)}) and its parameters"))
    scatter: dict[str, Any] = declare(SCATTER, {})

    def check(self) -> None:
        """Refuse a scatter of what is no parameter of the model."""
        deviations(self.neuron, self.scatter)

    @property
    def cell(self) -> Any:
        """The mean neuron."""
        return self.neuron

    @property
    def spread(self) -> dict[str, float]:
        """Standard deviations over the neurons by field, SI."""
        return deviations(self.neuron, self.scatter)

    @property
    def model(self) -> str:
        """Name of the model."""
        return str(model_of(self.neuron))

    @property
    def tau_m(self) -> float:
        """Membrane time constant, s."""
        return float(self.neuron.tau_m)

    @property
    def C(self) -> float | None:  # the symbol
        """Membrane capacitance, F; none where the model has none."""
        value: float | None = getattr(self.neuron, "C", None)
        return value

    @property
    def E_L(self) -> float:  # the symbol
        """Resting potential, V."""
        return float(self.neuron.E_L)

    def normal(self) -> dict[str, float]:
        """Return the fields of the neuron in the normal form."""
        values: dict[str, float] = self.neuron.normal()
        return values


Population = PopulationParams | CellPopulationParams


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationSpec(Nested):
    """A population of LIF neurons by their own keys, or of any model with a block `neuron`."""

    def read(self, raw: Any) -> Block:
        if isinstance(raw, Mapping) and "neuron" in raw:
            return CellPopulationParams.from_config(raw)
        return Nested.read(self, raw)

    def verify(self, value: Any) -> None:
        if not isinstance(value, CellPopulationParams):
            Nested.verify(self, value)
