"""Synapses between the populations of a network."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

from cortex.params.arrays import Arrays
from cortex.params.spec import Quantity, choice, declare, quantity
from cortex.typing import BoolArray, FloatArray

DelayDistribution = Literal["none", "gaussian", "truncated_gaussian", "lognormal"]

MOST_J_CV = 0.3  # the cut at zero lies 3.3 standard deviations off: mean and variance hold to 1e-3
SCATTER: Final = "standard deviation of single weights over their mean, not in volts"


JUMP: Final = Quantity(unit="mV", low=-50.0, high=50.0, doc="membrane jump of one spike")
TAU_S: Final = Quantity(unit="ms", low=0.0, high=1000.0, doc="synaptic time constant")
DELAY: Final = Quantity(unit="ms", low=0.0, high=500.0, doc="mean transmission delay")
DELAY_SD: Final = Quantity(unit="ms", low=0.0, high=200.0, doc="standard deviation of the delays")


@dataclass(frozen=True, slots=True, init=False, eq=False)
class Synapses(Arrays):
    """Recurrent synapses, SI, ``[target, source]``.

    In a network all arrays have the shape (n_pops, n_pops); what is given broadcasts to it as in
    NumPy: one number for all, a vector for one number per source. The jump `J` is signed, that
    of an exponential synapse is the one of its charge, tau_s w / C; ``tau_s = 0`` means delta
    synapses. Weights are normal about `J`, cut at zero so that none changes its sign.
    """

    in_degrees: FloatArray = quantity("1", 0.0, 1e6, "mean number of synapses per target neuron")
    J: FloatArray = declare(JUMP)
    J_cv: FloatArray = quantity("1", 0.0, MOST_J_CV, SCATTER, 0.0)
    tau_s: FloatArray = declare(TAU_S)
    delay: FloatArray = declare(DELAY)
    delay_sd: FloatArray = declare(DELAY_SD, 0.0)
    delay_distribution: DelayDistribution = choice(
        get_args(DelayDistribution), 'law of the delays; "none" uses the mean', "none"
    )

    @property
    def exist(self) -> BoolArray:
        """Which projections have synapses."""
        return self.in_degrees > 0

    @property
    def scatter(self) -> bool:
        """Whether the weights of any projection scatter."""
        return bool((self.J_cv[self.exist] > 0).any())
