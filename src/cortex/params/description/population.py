"""Populations of LIF neurons and the receptors on them, as a network file states them."""

from dataclasses import dataclass, replace
from math import e, exp, log
from typing import Any, Final, Self

from cortex.params.base import Block
from cortex.params.description.scatter import SCATTER, deviations
from cortex.params.description.specs import optional
from cortex.params.spec import count, declare, quantity

ALIKE: Final = 1e-6  # rise and decay as close as this make an alpha function


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
    scatter: dict[str, Any] = declare(SCATTER, {})

    def check(self) -> None:
        """Refuse a reset at or above threshold, a threshold at or below rest, unknown scatter."""
        deviations(self, self.scatter)
        if not self.V_reset < self.V_th:
            self.refuse("V_reset", "must lie below {V_th}; are the two exchanged?")
        if not self.V_th > self.E_L:
            self.refuse(
                "V_th",
                "must lie above {E_L}; are the potentials absolute? then give E_L_mV, relative "
                "ones need none",
            )

    @property
    def model(self) -> str:
        """Name of the model."""
        return "lif"

    @property
    def cell(self) -> Self:
        """The mean neuron."""
        return replace(self, scatter={})

    @property
    def spread(self) -> dict[str, float]:
        """Standard deviations over the neurons by field, SI."""
        return deviations(self, self.scatter)

    def normal(self) -> dict[str, float]:
        """Return the fields of the neuron in the normal form, potentials relative to rest."""
        return {
            "tau_m": self.tau_m,
            "tau_ref": self.tau_ref,
            "V_th": self.V_th - self.E_L,
            "V_reset": self.V_reset - self.E_L,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptorParams(Block):
    """How a spike becomes a current, or a conductance where it has a reversal potential."""

    tau_s: float = quantity("ms", 0.0, 1000.0, "decay of the current; 0 is a delta synapse")
    tau_rise: float = quantity("ms", 0.0, 1000.0, "rise; equal to tau_s is an alpha function", 0.0)
    E_rev: float | None = optional(
        quantity("mV", -300.0, 300.0, "reversal potential, absolute like E_L; a conductance then")
    )

    def check(self) -> None:
        """Refuse a rise that does not decay."""
        if self.tau_s == 0.0 and self.tau_rise > 0.0:
            self.refuse("tau_s", "is a delta synapse, which has no rise")

    @property
    def integral(self) -> float:
        """Integral over time of a course whose peak is one, s."""
        rise, decay = self.tau_rise, self.tau_s
        if rise == 0.0:
            return decay
        if abs(rise - decay) < ALIKE * decay:
            return e * decay
        peak = log(decay / rise) * rise * decay / (decay - rise)
        return (decay - rise) / (exp(-peak / decay) - exp(-peak / rise))
