"""Leaky integrate-and-fire neurons: one, and arrays of them; what all models have in common."""

from dataclasses import dataclass, fields
from typing import ClassVar, Final, cast

import numpy as np

from cortex.errors import ParameterError
from cortex.params.arrays import Arrays, broadcast
from cortex.params.base import Block
from cortex.params.spec import Quantity, declare, quantity, spec_of
from cortex.typing import FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class LIFParams(Block):
    """Leaky integrate-and-fire neuron; potentials relative to rest.

    tau_m dV/dt = -V + input; a spike at V >= V_th resets V to V_reset for tau_ref.
    """

    tau_m: float = quantity("ms", 0.1, 1000.0, "membrane time constant")
    tau_ref: float = quantity("ms", 0.0, 100.0, "absolute refractory period")
    V_th: float = quantity("mV", 0.1, 200.0, "threshold above rest")
    V_reset: float = quantity("mV", -200.0, 199.0, "reset relative to rest")

    def check(self) -> None:
        """Refuse a reset at or above threshold."""
        if self.V_reset >= self.V_th:
            self.refuse("V_reset", "must lie below {V_th}; are the two exchanged?")


SPECS: Final = {each.name: cast("Quantity", spec_of(each)) for each in fields(LIFParams)}


@dataclass(frozen=True, slots=True, init=False, eq=False)
class Neurons(Arrays):
    """Base of the neurons of a network: arrays of shapes that broadcast, (n_pops,) there.

    Potentials are relative to rest, currents are R I in V and conductances are divided by that of
    the leak: tau_m dV/dt = F(V) - w + R I - g (V - E). Every model has one record; it stands in
    `cortex.cells`, that of the LIF here.
    """

    MODEL: ClassVar[str] = ""
    """Name in `cortex.cells.registry.CELLS`."""
    PEAK: ClassVar[str] = "V_th"
    """Field of the potential at which a spike is counted."""

    tau_m: FloatArray = declare(SPECS["tau_m"])
    tau_ref: FloatArray = declare(SPECS["tau_ref"])
    V_th: FloatArray = declare(SPECS["V_th"])
    V_reset: FloatArray = declare(SPECS["V_reset"])

    @property
    def peak(self) -> FloatArray:
        """Potential at which a spike is counted, V."""
        values: FloatArray = getattr(self, self.PEAK)
        return values

    def check(self) -> None:
        """Refuse shapes that do not broadcast, and a reset at or above the end of a spike."""
        broadcast(**{each.name: getattr(self, each.name) for each in fields(self)})
        if np.any(self.V_reset >= self.peak):
            msg = (
                f"{type(self).__name__}.V_reset = {self.V_reset} V must lie below {self.PEAK} = "
                f"{self.peak} V; are the two exchanged?"
            )
            raise ParameterError(msg)


@dataclass(frozen=True, slots=True, init=False, eq=False)
class LIFNeurons(Neurons):
    """Neurons as in `LIFParams`: arrays of shapes that broadcast, (n_pops,) in a network."""

    MODEL: ClassVar[str] = "lif"

    @classmethod
    def of(cls, neuron: LIFParams) -> "LIFNeurons":
        """Return arrays without axes of one neuron, to be shared by all populations."""
        return cls(**{name: getattr(neuron, name) for name in SPECS})


Neuron = LIFParams | LIFNeurons
"""What formulas take: one neuron, or arrays of them, with the same attributes."""
