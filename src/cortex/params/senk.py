"""Ring of excitatory and inhibitory LIF neurons of Senk et al. (2020)."""

from dataclasses import dataclass, replace

import numpy as np

from cortex.params.base import Block
from cortex.params.drive import Drive
from cortex.params.lif import LIFNeurons, LIFParams
from cortex.params.network import PopulationNetwork
from cortex.params.space import NetworkSpace
from cortex.params.spec import block, count, quantity
from cortex.params.synapses import Synapses

NEURON = LIFParams(tau_m=5e-3, tau_ref=0.0, V_th=15e-3, V_reset=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SenkParams(Block):
    """E-I ring with boxcar connectivity; Senk et al. (2020), Phys. Rev. Res. 2:023174, table I.

    Every neuron has two Poisson inputs, excitatory and inhibitory, with the recurrent
    weights; their rates hold the wanted mean and noise of the input. The defaults are the
    published values at g = 6.
    """

    neuron: LIFParams = block(LIFParams, "neuron shared by both populations", NEURON)
    n_exc: int = count(1, 10_000_000, "excitatory neurons", 4000)
    n_inh: int = count(1, 10_000_000, "inhibitory neurons", 1000)
    in_degree_exc: int = count(1, 1_000_000, "excitatory synapses per neuron", 400)
    in_degree_inh: int = count(1, 1_000_000, "inhibitory synapses per neuron", 100)
    C: float = quantity("pF", 1.0, 10_000.0, "membrane capacitance", 250e-12)
    w: float = quantity("pA", 1e-3, 1e5, "peak excitatory synaptic current", 87.8e-12)
    g: float = quantity("1", 0.0, 100.0, "relative inhibitory weight", 6.0)
    tau_s: float = quantity(
        "ms", 0.01, 100.0, "synaptic time constant; the jump tau_s w / C vanishes with it", 0.5e-3
    )
    delay: float = quantity("ms", 0.01, 100.0, "transmission delay", 1.5e-3)
    circumference: float = quantity("mm", 1e-3, 1000.0, "length of the ring", 1e-3)
    width_exc: float = quantity("mm", 1e-3, 1000.0, "boxcar half width of E projections", 0.2e-3)
    width_inh: float = quantity("mm", 1e-3, 1000.0, "boxcar half width of I projections", 0.07e-3)
    rate_ext_exc: float = quantity("Hz", 0.0, 1e7, "external excitatory rate", 80332.65)
    rate_ext_inh: float = quantity("Hz", 0.0, 1e7, "external inhibitory rate", 9649.87)

    @property
    def J(self) -> float:
        """Membrane jump of one excitatory spike, tau_s w / C, V."""
        return self.tau_s * self.w / self.C

    def at(self, g: float) -> "SenkParams":
        """Return the same ring at another relative inhibitory weight."""
        return replace(self, g=float(g))

    def network(self) -> PopulationNetwork:
        """Return the normal form read by theory and simulation."""
        J = [self.J, -self.g * self.J]
        return PopulationNetwork(
            names=("E", "I"),
            sizes=np.array([self.n_exc, self.n_inh]),
            neurons=LIFNeurons.of(self.neuron),
            synapses=Synapses(
                in_degrees=[self.in_degree_exc, self.in_degree_inh],
                J=J,
                tau_s=self.tau_s,
                delay=self.delay,
            ),
            drive=Drive(rate=[self.rate_ext_exc, self.rate_ext_inh], J=J, tau_s=self.tau_s),
            space=NetworkSpace(
                extent=np.array([self.circumference]),
                profile=np.array("boxcar"),
                width=np.array([self.width_exc, self.width_inh]),
            ),
        )
