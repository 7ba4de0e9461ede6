"""The course of NMDA receptors as parts that each decay exponentially."""

from dataclasses import dataclass
from itertools import count
from math import factorial
from typing import Final

import numpy as np

from cortex.params.network import PopulationNetwork
from cortex.params.nmda import NMDA
from cortex.typing import AnyArray, FloatArray, IntArray

CLOSEST: Final = 2e-3  # s between the spikes of a neuron for which the series is cut
REST: Final = 1e-8  # largest term left out


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NMDACourse:
    """How the open share s of a source neuron goes on between its spikes.

    With z = alpha tau_rise x, s(t) = P(z) + [s - P(z)] exp(-t/tau_s) exp(z(t) - z) and
    P(z) = sum_k c_k z^k; the powers of z(t) = z exp(-t/tau_rise) decay by themselves, and so what
    a spike changes is a jump of each part. The sum over all sources is exact, at the cost of one
    receptor for each part.

    Parameters
    ----------
    sources : tuple of int
        Populations whose spikes open NMDA receptors.
    rates : ndarray, shape (2 n + 1,)
        Decay of each part, 1/s: 1/tau_s, 1/tau_s + k/tau_rise, k/tau_rise for k = 1..n.
    numbers : ndarray, shape (3,)
        1/tau_rise, 1/tau_s, alpha tau_rise.
    series : ndarray, shape (2, n + 1)
        c_k, and 1/k!.
    block : ndarray, shape (n_pops,)
        As in `NMDA`.
    """

    sources: tuple[int, ...]
    rates: FloatArray
    numbers: FloatArray
    series: FloatArray
    block: FloatArray

    def group_of(self, n_pops: int, first: int) -> IntArray:
        """Return the first of the groups of each source population; -1 where it opens none."""
        groups = np.full(n_pops, -1)
        for k, source in enumerate(self.sources):
            groups[source] = first + k * self.rates.size
        return groups


def nmda_course(nmda: NMDA, network: PopulationNetwork) -> NMDACourse:
    """Return the parts for the spikes of a network.

    Notes
    -----
    dz/dt = -z/tau_rise and ds/dt = -s/tau_s + z (1 - s)/tau_rise give
    c_k (tau_rise/tau_s - k) = delta_k1 - c_(k-1). The series is cut where z^k/k! falls below
    1e-8 for spikes that follow each other as fast as the refractory period, or 2 ms, lets them.
    """
    rise, decay = float(nmda.tau_rise), float(nmda.tau_s)
    step = float(nmda.alpha) * rise
    closest = max(CLOSEST, float(np.min(network.neurons.tau_ref)))
    most = step / -np.expm1(-closest / rise)
    n = next(k for k in count(2) if most**k / factorial(k) < REST)
    c = [0.0]
    for k in range(1, n + 1):
        c.append(((k == 1) - c[-1]) / (rise / decay - k))
    power = np.arange(1, n + 1)
    return NMDACourse(
        sources=tuple(int(b) for b in np.flatnonzero(np.any(nmda.g > 0.0, axis=0))),
        rates=np.concatenate([[1.0 / decay], 1.0 / decay + power / rise, power / rise]),
        numbers=np.array([1.0 / rise, 1.0 / decay, step]),
        series=np.array([c, [1.0 / factorial(j) for j in range(n + 1)]]),
        block=np.asarray(nmda.block),
    )


def no_course() -> tuple[AnyArray, ...]:
    """Return what the compiled run reads where no receptor is NMDA's, and no state."""
    return np.zeros(3), np.zeros((2, 1))
