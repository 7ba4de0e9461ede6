"""Synapses between the populations of a network."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from cortex.params.arrays import Arrays
from cortex.params.spec import Quantity, choice, declare, quantity
from cortex.typing import BoolArray, FloatArray

DelayDistribution = Literal["none", "gaussian", "truncated_gaussian", "lognormal"]

MOST_J_CV = 0.3  # the cut at zero lies 3.3 standard deviations off: mean and variance hold to 1e-3
SCATTER: Final = "standard deviation of single weights over their mean, not in volts"


IN_DEGREES: Final = Quantity(
    unit="1", low=0.0, high=1e6, doc="mean number of synapses per target neuron"
)
JUMP: Final = Quantity(unit="mV", low=-50.0, high=50.0, doc="membrane jump of one spike")
TAU_S: Final = Quantity(unit="ms", low=0.0, high=1000.0, doc="synaptic time constant")
DELAY: Final = Quantity(unit="ms", low=0.0, high=500.0, doc="mean transmission delay")
TAU_RISE: Final = Quantity(
    unit="ms", low=0.0, high=1000.0, doc="rise time constant; 0 rises at once, as a jump"
)
KICK: Final = Quantity(
    unit="1", low=0.0, high=100.0, doc="integral of the conductance of one spike over C"
)
REVERSAL: Final = Quantity(
    unit="mV", low=-300.0, high=300.0, doc="reversal potential of the conductance above rest"
)
ACTIVE: Final = Quantity(
    unit="ms", low=0.0, high=1000.0, doc="time that used resources stay active before they recover"
)
DELAY_SD: Final = Quantity(unit="ms", low=0.0, high=200.0, doc="standard deviation of the delays")


@dataclass(frozen=True, slots=True, init=False, eq=False)
class Synapses(Arrays):
    """Recurrent synapses, SI, ``[target, source]``.

    In a network all arrays have the shape (n_pops, n_pops); what is given broadcasts to it as in
    NumPy: one number for all, a vector for one number per source. The jump `J` is signed, that
    of an exponential synapse is the one of its charge, tau_s w / C; ``tau_s = 0`` means delta
    synapses. Weights are normal about `J`, cut at zero so that none changes its sign.

    A synapse rises with `tau_rise` before it decays with `tau_s`, equal ones make an alpha
    function; its charge is that of `J` in any case. A conductance has a kick `g` instead of a
    jump, the integral of its course over the capacitance, and pulls towards `E_rev`; one with
    ``tau_s = 0`` moves V by ``(E_rev - V) (1 - exp(-g))`` at once. Depressing and facilitating
    synapses (Tsodyks, Pawelzik & Markram 1998) pass on the share ``u x`` of J or g: U, `tau_rec`,
    `tau_fac`; all of it by default. What a spike used stays active for `tau_active` before it
    recovers (Tsodyks, Uziel & Markram 2000), no time by default.
    """

    in_degrees: FloatArray = declare(IN_DEGREES)
    J: FloatArray = declare(JUMP)
    J_cv: FloatArray = quantity("1", 0.0, MOST_J_CV, SCATTER, 0.0)
    tau_s: FloatArray = declare(TAU_S)
    delay: FloatArray = declare(DELAY)
    delay_sd: FloatArray = declare(DELAY_SD, 0.0)
    delay_distribution: DelayDistribution = choice(
        get_args(DelayDistribution), 'law of the delays; "none" uses the mean', "none"
    )

    tau_rise: FloatArray = declare(TAU_RISE, 0.0)
    g: FloatArray = declare(KICK, 0.0)
    E_rev: FloatArray = declare(REVERSAL, 0.0)
    U: FloatArray = quantity("1", 0.0, 1.0, "share of resources that a spike uses", 1.0)
    tau_rec: FloatArray = quantity("ms", 0.0, 100_000.0, "recovery of resources", 0.0)
    tau_fac: FloatArray = quantity("ms", 0.0, 100_000.0, "decay of facilitation", 0.0)
    tau_active: FloatArray = declare(ACTIVE, 0.0)

    @property
    def exist(self) -> BoolArray:
        """Which projections have synapses."""
        return self.in_degrees > 0

    @property
    def strength(self) -> FloatArray:
        """Weight of every projection: the kick of a conductance, else the jump J, V."""
        weights: FloatArray = np.where(self.g > 0.0, self.g, self.J)
        return weights

    @property
    def scatter(self) -> bool:
        """Whether the weights of any projection scatter."""
        return bool((self.J_cv[self.exist] > 0).any())

    @property
    def is_plain(self) -> bool:
        """Whether all are currents that rise at once and keep their strength."""
        used = self.exist
        is_static = (self.U == 1.0) & (self.tau_rec == 0.0)
        return not np.any(used & ((self.g > 0.0) | (self.tau_rise > 0.0) | ~is_static))
