"""Synapses between the populations of a network."""

from dataclasses import dataclass
from typing import Final, Literal, cast, get_args

from numpy.typing import ArrayLike

from cortex.params.arrays import freeze
from cortex.params.spec import Choice, Quantity
from cortex.typing import BoolArray, FloatArray

DelayDistribution = Literal["none", "gaussian", "truncated_gaussian", "lognormal"]

MOST_J_CV = 0.3  # the cut at zero lies 3.3 standard deviations off: mean and variance hold to 1e-3

JUMP: Final = Quantity(unit="mV", low=-2000.0, high=2000.0, doc="membrane jump of one spike")
TAU_S: Final = Quantity(unit="ms", low=0.0, high=1000.0, doc="synaptic time constant")
DELAY: Final = Quantity(unit="ms", low=0.0, high=1000.0, doc="transmission delay")
J_CV: Final = Quantity(
    unit="1",
    low=0.0,
    high=MOST_J_CV,
    doc="standard deviation of single weights over their mean, not in volts",
)
QUANTITIES: Final = {
    "in_degrees": Quantity(unit="1", low=0.0, high=1e6, doc="synapses per neuron"),
    "J": JUMP,
    "J_cv": J_CV,
    "tau_s": TAU_S,
    "delay": DELAY,
    "delay_sd": DELAY,
}
LAW: Final = Choice(options=get_args(DelayDistribution), doc="law of the delays")


@dataclass(frozen=True, slots=True, init=False, eq=False)
class Synapses:
    """Recurrent synapses, SI, ``[target, source]``.

    In a network all arrays have the shape (n_pops, n_pops); what is given broadcasts to it as in
    NumPy: one number for all, a vector for one number per source.

    Parameters
    ----------
    in_degrees : array_like
        Mean number of synapses per target neuron.
    J : array_like
        Membrane jump of one spike, V, signed. For exponential synapses the jump of the
        same charge: ``J = tau_s w / C`` with the peak current w.
    J_cv : array_like
        Standard deviation of single weights about their `J`, over its size; normal, cut at
        zero so that no synapse changes its sign.
    tau_s : array_like
        Synaptic time constants, s; zero means delta synapses.
    delay, delay_sd : array_like
        Mean and standard deviation of the transmission delay, s.
    delay_distribution : {"none", "gaussian", "truncated_gaussian", "lognormal"}
        Law of the delays; "none" uses the mean.
    """

    in_degrees: FloatArray
    J: FloatArray
    J_cv: FloatArray
    tau_s: FloatArray
    delay: FloatArray
    delay_sd: FloatArray
    delay_distribution: DelayDistribution

    def __init__(
        self,
        *,
        in_degrees: ArrayLike,
        J: ArrayLike,
        tau_s: ArrayLike,
        delay: ArrayLike,
        delay_sd: ArrayLike = 0.0,
        delay_distribution: str = "none",
        J_cv: ArrayLike = 0.0,
    ) -> None:
        freeze(
            self,
            QUANTITIES,
            in_degrees=in_degrees,
            J=J,
            J_cv=J_cv,
            tau_s=tau_s,
            delay=delay,
            delay_sd=delay_sd,
        )
        LAW.check("Synapses.delay_distribution", delay_distribution)
        law = cast("DelayDistribution", delay_distribution)
        object.__setattr__(self, "delay_distribution", law)

    @property
    def exist(self) -> BoolArray:
        """Which projections have synapses."""
        return self.in_degrees > 0

    @property
    def scatter(self) -> bool:
        """Whether the weights of any projection scatter."""
        return bool((self.J_cv[self.exist] > 0).any())
