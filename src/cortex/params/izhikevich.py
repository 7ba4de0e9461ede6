"""Izhikevich cells, their four receptors, and the networks made of them."""

from dataclasses import dataclass
from typing import Final

from cortex.errors import ParameterError
from cortex.params.base import Block
from cortex.params.spec import quantity

RECEPTORS: Final = ("ampa", "nmda", "gaba_a", "gaba_b")


@dataclass(frozen=True, slots=True, kw_only=True)
class IzhikevichCell(Block):
    """Simple model of Izhikevich (2007), Dynamical Systems in Neuroscience, chapter 8.

    C dv/dt = k (v - v_r)(v - v_t) - u + I, du/dt = a (b (v - v_r) - u);
    at v >= v_peak: v <- c, u <- u + d.
    """

    C: float = quantity("pF", 1.0, 10_000.0, "membrane capacitance")
    k: float = quantity("nS_per_mV", 0.01, 100.0, "steepness of the quadratic current")
    v_r: float = quantity("mV", -100.0, 0.0, "resting potential")
    v_t: float = quantity("mV", -100.0, 50.0, "instantaneous threshold potential")
    v_peak: float = quantity("mV", -50.0, 100.0, "peak of the spike, where v is reset")
    a: float = quantity("per_ms", 1e-4, 10.0, "rate of the recovery current")
    b: float = quantity("nS", -100.0, 1000.0, "sensitivity of the recovery current to v")
    c: float = quantity("mV", -100.0, 50.0, "reset potential")
    d: float = quantity("pA", -1000.0, 10_000.0, "jump of the recovery current at a spike")

    def check(self) -> None:
        """Refuse potentials out of order."""
        if not self.v_r < self.v_t < self.v_peak or self.c >= self.v_peak:
            msg = (
                f"IzhikevichCell: v_r = {self.v_r} V < v_t = {self.v_t} V < v_peak = "
                f"{self.v_peak} V and c = {self.c} V < v_peak must hold; are two exchanged?"
            )
            raise ParameterError(msg)


REGULAR_SPIKING: Final = IzhikevichCell(
    C=100e-12, k=3e-6, v_r=-60e-3, v_t=-50e-3, v_peak=50e-3, a=10.0, b=5e-9, c=-60e-3, d=400e-12
)
FAST_SPIKING: Final = IzhikevichCell(
    C=20e-12, k=1e-6, v_r=-55e-3, v_t=-40e-3, v_peak=25e-3, a=150.0, b=8e-9, c=-55e-3, d=200e-12
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceptorParams(Block):
    """Decay times and reversal potentials of AMPA, NMDA, GABA-A and GABA-B.

    The NMDA conductance is gated by q/(1 + q), q = ((v + 80 mV)/60 mV)^2 (Izhikevich &
    Edelman 2008, Proc. Natl. Acad. Sci. 105:3593).
    """

    tau_ampa: float = quantity("ms", 0.1, 1000.0, "AMPA decay", default=5e-3)
    tau_nmda: float = quantity("ms", 0.1, 1000.0, "NMDA decay", default=100e-3)
    tau_gaba_a: float = quantity("ms", 0.1, 1000.0, "GABA-A decay", default=6e-3)
    tau_gaba_b: float = quantity("ms", 0.1, 1000.0, "GABA-B decay", default=150e-3)
    E_ampa: float = quantity("mV", -100.0, 100.0, "AMPA reversal", default=0.0)
    E_nmda: float = quantity("mV", -100.0, 100.0, "NMDA reversal", default=0.0)
    E_gaba_a: float = quantity("mV", -150.0, 0.0, "GABA-A reversal", default=-70e-3)
    E_gaba_b: float = quantity("mV", -150.0, 0.0, "GABA-B reversal", default=-90e-3)

    @property
    def tau(self) -> tuple[float, float, float, float]:
        """Decay times in the order of `RECEPTORS`, s."""
        return (self.tau_ampa, self.tau_nmda, self.tau_gaba_a, self.tau_gaba_b)

    @property
    def E(self) -> tuple[float, float, float, float]:
        """Reversal potentials in the order of `RECEPTORS`, V."""
        return (self.E_ampa, self.E_nmda, self.E_gaba_a, self.E_gaba_b)
