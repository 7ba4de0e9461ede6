"""Leaky integrate-and-fire neuron."""

from dataclasses import dataclass

from cortex.errors import ParameterError
from cortex.params.base import Block
from cortex.params.spec import quantity


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
            msg = (
                f"LIFParams.V_reset = {self.V_reset} V must lie below V_th = {self.V_th} V; "
                "are the two exchanged?"
            )
            raise ParameterError(msg)
