"""External drive of the populations of a network."""

from dataclasses import dataclass
from typing import Final

from numpy.typing import ArrayLike

from cortex.params.arrays import freeze
from cortex.params.spec import Quantity
from cortex.params.synapses import JUMP, TAU_S
from cortex.typing import FloatArray

QUANTITIES: Final = {
    # theory may hold an input that no Poisson source can make: it warns, `simulate` refuses
    "rate": Quantity(unit="Hz", low=-1e9, high=1e9, doc="external rate"),
    "J": JUMP,
    "tau_s": TAU_S,
    "mu_dc": Quantity(unit="mV", low=-1000.0, high=1000.0, doc="constant drive"),
}


@dataclass(frozen=True, slots=True, init=False, eq=False)
class Drive:
    """Independent Poisson inputs of every neuron, and a constant drive, SI.

    In a network `rate`, `J` and `tau_s` have the shape (n_pops, n_inputs) and `mu_dc` (n_pops,);
    what is given broadcasts to them as in NumPy: a vector is one number per input.

    Parameters
    ----------
    rate : array_like
        Total rate of an input (in-degree times rate per source), Hz.
    J : array_like
        Membrane jump of one external spike, V, as in `Synapses`.
    tau_s : array_like
        Synaptic time constant, s; zero means delta synapses.
    mu_dc : array_like
        Constant drive R I, V.
    """

    rate: FloatArray
    J: FloatArray
    tau_s: FloatArray
    mu_dc: FloatArray

    def __init__(
        self, *, rate: ArrayLike, J: ArrayLike, tau_s: ArrayLike, mu_dc: ArrayLike = 0.0
    ) -> None:
        freeze(self, QUANTITIES, rate=rate, J=J, tau_s=tau_s, mu_dc=mu_dc)

    @property
    def n_inputs(self) -> int:
        """Number of Poisson inputs of a neuron."""
        of_each = {each.shape[-1] if each.ndim else 1 for each in (self.rate, self.J, self.tau_s)}
        return max(of_each - {1}, default=1)
