"""Sparse excitatory-inhibitory network of Brunel (2000), model A."""

from dataclasses import dataclass, replace

import numpy as np

from cortex.params.base import Block
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons, LIFParams
from cortex.params.network import PopulationNetwork
from cortex.params.spec import block, count, flag, quantity
from cortex.params.synapses import Synapses

NEURON = LIFParams(tau_m=20e-3, tau_ref=2e-3, V_th=20e-3, V_reset=10e-3)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrunelParams(Block):
    """Model A of Brunel (2000), J. Comput. Neurosci. 8:183: E and I neurons alike.

    Each neuron receives exactly `in_degree_exc` excitatory and `in_degree_inh`
    inhibitory recurrent delta synapses and `in_degree_exc` external Poisson sources. The
    defaults are the published values; the place in the phase plane is always given.
    """

    neuron: LIFParams = block(LIFParams, "neuron shared by both populations", NEURON)
    n_exc: int = count(1, 10_000_000, "excitatory neurons", 10_000)
    n_inh: int = count(1, 10_000_000, "inhibitory neurons", 2500)
    in_degree_exc: int = count(1, 1_000_000, "excitatory synapses per neuron, C_E", 1000)
    in_degree_inh: int = count(1, 1_000_000, "inhibitory synapses per neuron, C_I", 250)
    J: float = quantity("mV", 1e-4, 20.0, "excitatory jump of the membrane potential", 1e-4)
    g: float = quantity("1", 0.0, 100.0, "inhibitory weight relative to the excitatory one")
    nu_ext_ratio: float = quantity("1", 0.0, 1000.0, "external rate over threshold rate nu_thr")
    delay: float = quantity("ms", 0.01, 100.0, "transmission delay, equal for all synapses", 1.5e-3)
    multapses: bool = flag("whether two neurons may share several synapses", False)

    def check(self) -> None:
        """Refuse more distinct sources than there are neurons."""
        for in_degree, n in (("in_degree_exc", "n_exc"), ("in_degree_inh", "n_inh")):
            if not self.multapses and getattr(self, in_degree) >= getattr(self, n):
                reason = f"needs more sources than {{{n}}}; lower it or allow multapses"
                self.refuse(in_degree, reason)

    @property
    def nu_threshold(self) -> float:
        """External rate per source that alone drives the mean to threshold, Hz."""
        return self.neuron.V_th / (self.J * self.in_degree_exc * self.neuron.tau_m)

    def at(self, g: float, nu_ext_ratio: float) -> "BrunelParams":
        """Return the same network at another point of the phase plane."""
        return replace(self, g=float(g), nu_ext_ratio=float(nu_ext_ratio))

    def network(self) -> PopulationNetwork:
        """Return the normal form read by theory and simulation."""
        return PopulationNetwork(
            names=("E", "I"),
            sizes=np.array([self.n_exc, self.n_inh]),
            neurons=LIFNeurons.of(self.neuron),
            synapses=Synapses(
                in_degrees=[self.in_degree_exc, self.in_degree_inh],
                J=[self.J, -self.g * self.J],
                tau_s=0.0,
                delay=self.delay,
            ),
            drive=Drive(
                rate=self.in_degree_exc * self.nu_ext_ratio * self.nu_threshold,
                J=self.J,
                tau_s=0.0,
            ),
        )
