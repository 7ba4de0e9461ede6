"""NMDA receptors beside the synapses of a network: slow, saturating, blocked by magnesium."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from cortex.errors import ParameterError
from cortex.params.arrays import Arrays
from cortex.params.base import Block
from cortex.params.spec import Quantity, declare, quantity
from cortex.params.synapses import REVERSAL
from cortex.typing import FloatArray

SLOPE: Final = 62.0  # of the block over the potential, 1/V (Jahr & Stevens 1990)
HALF: Final = 3.57  # concentration that blocks half of the receptors at 0 mV, mol/m^3

RISE: Final = Quantity(unit="ms", low=0.01, high=100.0, doc="time constant of the transmitter, x")
DECAY: Final = Quantity(unit="ms", low=1.0, high=10_000.0, doc="decay of the open share, s")
OPENING: Final = Quantity(unit="per_ms", low=1e-4, high=100.0, doc="rate alpha of opening")


@dataclass(frozen=True, slots=True, kw_only=True)
class NMDAParams(Block):
    """NMDA receptors of a network; the values of Brunel & Wang (2001) by default.

    Every source neuron has dx/dt = -x/tau_rise, raised by 1 at a spike, and
    ds/dt = -s/tau_s + alpha x (1 - s); its targets get g s (E_rev - V) over
    1 + Mg exp(-0.062 V/mV)/3.57.
    """

    tau_rise: float = declare(RISE, 2e-3)
    tau_s: float = declare(DECAY, 0.1)
    alpha: float = declare(OPENING, 500.0)
    Mg: float = quantity("mM", 0.0, 100.0, "concentration of magnesium", 1.0)
    E_rev: float = quantity("mV", -300.0, 300.0, "reversal potential, absolute like E_L", 0.0)

    def check(self) -> None:
        """Refuse receptors that close faster than they open."""
        if self.tau_rise >= self.tau_s:
            self.refuse("tau_rise", "must be shorter than {tau_s}; are the two exchanged?")

    def block_at(self, V: float) -> float:
        """Return the ratio of blocked to free receptors at an absolute potential, V."""
        return float(self.Mg / HALF * np.exp(-SLOPE * V))


@dataclass(frozen=True, slots=True, init=False, eq=False)
class NMDA(Arrays):
    """NMDA receptors of a network, as in `NMDAParams`; potentials relative to rest.

    In a network `g` has the shape (n_pops, n_pops), ``[target, source]``, `block` and `E_rev`
    (n_pops,); the kinetics are those of all synapses. They share the connections and the delays
    of the other synapses, and do not scatter or tire with them.
    """

    g: FloatArray = quantity("1", 0.0, 1e4, "conductance of an open synapse over that of the leak")
    block: FloatArray = quantity("1", 0.0, 1e6, "ratio of blocked to free receptors at rest")
    E_rev: FloatArray = declare(REVERSAL)
    tau_rise: FloatArray = declare(RISE)
    tau_s: FloatArray = declare(DECAY)
    alpha: FloatArray = declare(OPENING)

    def check(self) -> None:
        """Refuse kinetics that differ between synapses, or close faster than they open."""
        if self.tau_rise.ndim or self.tau_s.ndim or self.alpha.ndim:
            msg = "NMDA: tau_rise, tau_s and alpha are one number each, for all synapses"
            raise ParameterError(msg)
        if self.tau_rise >= self.tau_s:
            msg = f"NMDA: tau_rise = {self.tau_rise:g} s must be shorter than {self.tau_s:g} s"
            raise ParameterError(msg)
