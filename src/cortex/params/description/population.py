"""Populations of LIF neurons and the receptors on them, as a network file states them."""

from dataclasses import dataclass

from cortex.params.base import Block
from cortex.params.description.specs import optional
from cortex.params.lif import LIFParams
from cortex.params.spec import count, quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class PopulationParams(Block):
    """Neurons that are alike.

    Potentials are relative to rest; where `E_L_mV` is given they are absolute, like it.
    """

    size: int = count(1, 100_000_000, "neurons")
    tau_m: float = quantity("ms", 0.1, 1000.0, "membrane time constant")
    tau_ref: float = quantity("ms", 0.0, 100.0, "absolute refractory period")
    V_th: float = quantity("mV", -200.0, 200.0, "threshold; absolute where E_L_mV is given")
    V_reset: float = quantity("mV", -200.0, 200.0, "reset; absolute where E_L_mV is given")
    E_L: float = quantity("mV", -200.0, 200.0, "resting potential; 0: relative ones", 0.0)
    C: float | None = optional(
        quantity("pF", 1.0, 10_000.0, "membrane capacitance, needed where a weight is in pA")
    )

    def check(self) -> None:
        """Refuse a reset at or above threshold, and a threshold at or below rest."""
        if not self.V_reset < self.V_th:
            self.refuse("V_reset", "must lie below {V_th}; are the two exchanged?")
        if not self.V_th > self.E_L:
            self.refuse(
                "V_th",
                "must lie above {E_L}; are the potentials absolute? then give E_L_mV, relative "
                "ones need none",
            )

    @property
    def neuron(self) -> LIFParams:
        """The neuron, potentials relative to rest."""
        return LIFParams(
            tau_m=self.tau_m,
            tau_ref=self.tau_ref,
            V_th=self.V_th - self.E_L,
            V_reset=self.V_reset - self.E_L,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptorParams(Block):
    """How a spike becomes a current."""

    tau_s: float = quantity("ms", 0.0, 1000.0, "decay of the current; 0 is a delta synapse")
