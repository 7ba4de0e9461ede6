"""External drive of the populations of a network."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from cortex.params.arrays import Arrays
from cortex.params.spec import Quantity, declare
from cortex.params.synapses import JUMP, KICK, REVERSAL, TAU_RISE, TAU_S
from cortex.typing import FloatArray

RATE: Final = Quantity(
    unit="Hz", low=-1e9, high=1e9, doc="total rate, in-degree times rate per source"
)
CONSTANT: Final = Quantity(unit="mV", low=-1000.0, high=1000.0, doc="constant drive R I")
MEAN: Final = Quantity(unit="mV", low=-1e6, high=1e4, doc="mean input")
NOISE: Final = Quantity(unit="mV", low=0.0, high=500.0, doc="deviation of the input")
NU: Final = Quantity(unit="Hz", low=-1e9, high=1e9, doc="firing rate")


@dataclass(frozen=True, slots=True, init=False, eq=False)
class Drive(Arrays):
    """Independent Poisson inputs of every neuron, and a constant drive, SI.

    In a network `rate`, `J` and `tau_s` have the shape (n_pops, n_inputs) and `mu_dc` (n_pops,);
    what is given broadcasts to them as in NumPy: a vector is one number per input. Theory may
    hold a negative rate, which no Poisson source can make: it warns, `simulate` refuses.
    `tau_rise`, `g` and `E_rev` are those of `Synapses`.
    """

    rate: FloatArray = declare(RATE)
    J: FloatArray = declare(JUMP)
    tau_s: FloatArray = declare(TAU_S)
    mu_dc: FloatArray = declare(CONSTANT, 0.0)

    tau_rise: FloatArray = declare(TAU_RISE, 0.0)
    g: FloatArray = declare(KICK, 0.0)
    E_rev: FloatArray = declare(REVERSAL, 0.0)

    @property
    def is_plain(self) -> bool:
        """Whether all inputs are currents that rise at once."""
        return not np.any((self.g > 0.0) | (self.tau_rise > 0.0))

    @property
    def n_inputs(self) -> int:
        """Number of Poisson inputs of a neuron."""
        of_inputs = (self.rate, self.J, self.tau_s, self.tau_rise, self.g, self.E_rev)
        of_each = {each.shape[-1] if each.ndim else 1 for each in of_inputs}
        return max(of_each - {1}, default=1)
