"""LFP proxies: synaptic kernels, weighting of the currents, and what is run on them."""

from dataclasses import dataclass
from typing import Final

from cortex.params.base import Block
from cortex.params.spec import Quantity, block, declare, quantity

CONDUCTIVITIES: Final = Quantity(
    unit="S_per_m", low=0.01, high=10.0, doc="extracellular conductivity"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelParams(Block):
    """Time course of a synaptic current: exp(-t/tau_decay) - exp(-t/tau_rise)."""

    tau_decay: float = quantity("ms", 0.01, 1000.0, "decay time constant")
    tau_rise: float = quantity("ms", 0.0, 500.0, "rise time constant; 0: a jump")

    def check(self) -> None:
        """Refuse a rise that is not faster than the decay."""
        if self.tau_rise >= self.tau_decay:
            reason = "must be smaller than {tau_decay}; are the two exchanged?"
            self.refuse("tau_rise", reason)


AMPA = KernelParams(tau_decay=2e-3, tau_rise=4e-4)
GABA = KernelParams(tau_decay=5e-3, tau_rise=2.5e-4)
NMDA = KernelParams(tau_decay=0.1, tau_rise=2e-3)
GABA_B = KernelParams(tau_decay=0.15, tau_rise=3e-3)


@dataclass(frozen=True, slots=True, kw_only=True)
class SynapseParams(Block):
    """Synaptic time courses of Mazzoni, Linden et al. (2015), and the membrane they charge."""

    ampa: KernelParams = block(KernelParams, "excitatory current", AMPA)
    gaba: KernelParams = block(KernelParams, "inhibitory current", GABA)
    capacitance: float = quantity(
        "pF", 1.0, 10_000.0, "membrane capacitance; a jump J carries the charge C J", 2.5e-10
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WeightedSumParams(Block):
    """Weighted sum of currents, I_AMPA(t - delay_ampa) - alpha I_GABA(t - delay_gaba).

    The defaults are the reference weighted sum (RWS) of Mazzoni, Linden et al. (2015),
    PLoS Comput. Biol. 11:e1004584. A negative delay reads the future.
    """

    alpha: float = quantity("1", 0.0, 1000.0, "weight of GABA relative to AMPA", 1.65)
    delay_ampa: float = quantity("ms", -50.0, 50.0, "delay of the AMPA current", 6e-3)
    delay_gaba: float = quantity("ms", -50.0, 50.0, "delay of the GABA current", 0.0)


SYNAPSES = SynapseParams()
RWS = WeightedSumParams()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitaryParams(Block):
    """Unitary LFP of one spike (Telenczuk et al. 2020, J. Neurosci. Methods 344:108871)."""

    delay: float = quantity("ms", 0.0, 100.0, "peak of an excitatory unitary LFP", 10.4e-3)
    speed: float = quantity("m_per_s", 0.001, 100.0, "axonal conduction speed", 0.2)
    decay_length: float = quantity("mm", 0.001, 10.0, "decay of the amplitude over distance", 2e-4)
    width_exc: float = quantity("ms", 0.01, 100.0, "standard deviation, excitatory", 3.15e-3)
    width_inh: float = quantity("ms", 0.01, 100.0, "standard deviation, inhibitory", 2.1e-3)


@dataclass(frozen=True, slots=True, kw_only=True)
class BallAndStickParams(Block):
    """Passive pyramidal cell for the ground truth: one straight cable through a soma.

    Lengths along the axis are counted from the soma, positive towards the apex. Synapses
    of a kind lie between their two limits, as dense as the membrane of the dendrite there.
    """

    apical_length: float = quantity("um", 10.0, 5000.0, "apical dendrite", 500e-6)
    basal_length: float = quantity("um", 10.0, 5000.0, "basal dendrite", 150e-6)
    compartment: float = quantity("um", 0.1, 100.0, "length of a compartment", 12.5e-6)
    diameter: float = quantity("um", 0.1, 50.0, "diameter of the apical dendrite", 2e-6)
    basal_diameter: float = quantity("um", 0.1, 50.0, "the same of all basal dendrites", 4e-6)
    soma_diameter: float = quantity("um", 0.0, 100.0, "diameter of the soma", 5e-6)
    R_m: float = quantity("Ohm_cm2", 100.0, 1e6, "specific membrane resistance", 1.0)
    R_i: float = quantity("Ohm_m", 0.1, 10.0, "axial resistivity", 1.5)
    C_m: float = quantity("uF_per_cm2", 0.1, 10.0, "specific membrane capacitance", 1e-2)
    conductivity: float = declare(CONDUCTIVITIES, 0.3)
    disc_radius: float = quantity("um", 1.0, 5000.0, "radius of the population", 250e-6)
    ampa_from: float = quantity("um", -5000.0, 5000.0, "lower end of the AMPA synapses", 0.0)
    ampa_to: float = quantity("um", -5000.0, 5000.0, "upper end of the AMPA synapses", 500e-6)
    gaba_from: float = quantity("um", -5000.0, 5000.0, "lower end of the GABA synapses", -12.5e-6)
    gaba_to: float = quantity("um", -5000.0, 5000.0, "upper end of the GABA synapses", 12.5e-6)

    def check(self) -> None:
        """Refuse synapses beyond the cell."""
        for kind in ("ampa", "gaba"):
            low, high = getattr(self, f"{kind}_from"), getattr(self, f"{kind}_to")
            if not -self.basal_length <= low < high <= self.apical_length:
                reason = (
                    f"must lie below {{{kind}_to}} and both on the cell, between the ends of its "
                    "dendrites, {basal_length} below and {apical_length} above"
                )
                self.refuse(f"{kind}_from", reason)
